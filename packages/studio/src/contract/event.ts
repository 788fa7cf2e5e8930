import { z } from 'zod';
import { idSchema } from './common.ts';
import { jobSchema } from './job.ts';

/** What the server tells everybody who has the project open, as server-sent events. Content is asked for anew. */
export const studioEventSchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('job'), job: jobSchema }),
    z.object({ type: z.literal('video'), video: idSchema }),
    z.object({
      type: z.literal('coding'),
      coding: idSchema,
      video: idSchema,
      revision: z.int(),
      client: idSchema.optional(),
    }),
    z.object({ type: z.literal('review'), video: idSchema }),
    z.object({ type: z.literal('project') }),
  ])
  .meta({ id: 'StudioEvent' });
export type StudioEvent = z.infer<typeof studioEventSchema>;
