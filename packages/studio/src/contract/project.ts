import { z } from 'zod';
import { roleSchema } from './account.ts';
import { idSchema, momentSchema } from './common.ts';

const nameSchema = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .regex(/^[^\p{Cc}]*$/u, 'no control characters');

export const projectSettingsSchema = z.object({
  name: nameSchema,
  /** Nobody sees another's or a model's work in a video before submitting their own. */
  blind: z.boolean(),
  /** How many people are to code each video: the data set's protocol has 3. */
  codersWanted: z.int().min(1).max(20),
  /** Agreed is what all coded with a temporal IoU above this. */
  agreedAboveIou: z.number().min(0).lt(1),
  /** Codings are about one movement from this temporal IoU on. */
  sameFromIou: z.number().gt(0).max(1),
});

export const memberSchema = z.object({ account: idSchema, name: z.string(), role: roleSchema }).meta({ id: 'Member' });
export type Member = z.infer<typeof memberSchema>;

export const projectSchema = projectSettingsSchema
  .extend({
    id: idSchema,
    /** Of the one who asks. */
    role: roleSchema,
    members: z.array(memberSchema),
    videoCount: z.int(),
    createdAt: momentSchema,
    /** The coding scheme as `TaxonomyData`; null is the 52 micro-actions. */
    taxonomy: z.unknown().nullable(),
  })
  .meta({ id: 'Project' });
export type Project = z.infer<typeof projectSchema>;

export const newProjectSchema = projectSettingsSchema
  .partial()
  .required({ name: true })
  .extend({ taxonomy: z.unknown().optional() });
export const projectChangeSchema = projectSettingsSchema.partial();
export const memberChangeSchema = z.object({ role: roleSchema });
