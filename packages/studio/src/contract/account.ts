import { z } from 'zod';
import { idSchema, languageSchema, momentSchema } from './common.ts';

export const roleSchema = z.enum(['owner', 'coder', 'reviewer']);
/** `owner`: all, and members and settings; `reviewer`: codes, settles disputes; `coder`: codes. */
export type Role = z.infer<typeof roleSchema>;

export const accountNameSchema = z
  .string()
  .trim()
  .normalize('NFC')
  .min(1)
  .max(60)
  .regex(/^[^\p{Cc}\p{Cf}]*$/u, 'no control characters');
/** Long enough that it need not be complicated. */
export const passwordSchema = z.string().min(10, 'at least 10 characters').max(256);

export const preferencesSchema = z
  .object({
    language: languageSchema.optional(),
    theme: z.enum(['light', 'dark', 'system']).optional(),
    /** Command to key, where it differs from the defaults: `{ "play": "Space" }`. */
    keys: z.record(z.string().max(40), z.string().max(40)).optional(),
    /** Taken off both ends of what is coded by holding a key. */
    reactionDelaySeconds: z.number().min(0).max(2).optional(),
    tourDone: z.boolean().optional(),
  })
  .meta({ id: 'Preferences' });
export type Preferences = z.infer<typeof preferencesSchema>;

export const accountSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    /** May make accounts and projects. */
    administrator: z.boolean(),
    disabled: z.boolean(),
  })
  .meta({ id: 'Account' });
export type Account = z.infer<typeof accountSchema>;

/** Why nothing can be saved, and what to do. */
export const readOnlySchema = z.object({
  reason: z.string(),
  advice: z.string(),
  /** What the database library says, for those who repair it. */
  details: z.string().optional(),
});
export type ReadOnly = z.infer<typeof readOnlySchema>;

export const sessionSchema = z
  .object({
    /** Null: nobody is signed in. */
    account: accountSchema.extend({ preferences: preferencesSchema }).nullable(),
    /** To be sent as `X-CSRF-Token` with everything that changes something. */
    csrfToken: z.string().nullable(),
    /** `solo`: one person on this machine, no password yet. `team`: people sign in. */
    mode: z.enum(['solo', 'team']),
    /** Set where nothing can be saved: the database is damaged. */
    readOnly: readOnlySchema.nullable(),
    version: z.string(),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof sessionSchema>;

export const signInSchema = z.object({
  name: z.string().trim().normalize('NFC').max(60),
  password: z.string().max(256),
});
/** Gives the solo person a name and a password: from then on people sign in. */
export const becomeTeamSchema = z.object({ name: accountNameSchema, password: passwordSchema });
export const newAccountSchema = z.object({
  name: accountNameSchema,
  password: passwordSchema,
  administrator: z.boolean().default(false),
});
export const accountChangeSchema = z
  .object({ name: accountNameSchema, password: passwordSchema, administrator: z.boolean(), disabled: z.boolean() })
  .partial();
export const ownPasswordSchema = z.object({ current: z.string().max(256), next: passwordSchema });

export const tokenSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    /** Null: all projects of its account. */
    project: idSchema.nullable(),
    mayWrite: z.boolean(),
    createdAt: momentSchema,
    lastUsedAt: momentSchema.nullable(),
  })
  .meta({ id: 'Token' });
export type Token = z.infer<typeof tokenSchema>;
export const newTokenSchema = z.object({
  name: z.string().trim().min(1).max(60),
  project: idSchema.nullable().default(null),
  mayWrite: z.boolean().default(false),
});
/** The only time that the secret is shown: `Authorization: Bearer SECRET`. */
export const madeTokenSchema = tokenSchema.extend({ secret: z.string() }).meta({ id: 'MadeToken' });
export type MadeToken = z.infer<typeof madeTokenSchema>;
