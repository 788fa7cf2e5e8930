import { z } from 'zod';

/** Made by whoever makes the thing, so that a request can be sent again: 1 to 64 letters, digits, - and _. */
export const idSchema = z.string().regex(/^[\w-]{1,64}$/, 'expected 1 to 64 letters, digits, - or _');

/** ISO 8601 in UTC. For people to read: nothing is ordered or decided by it, since clocks change. */
export const momentSchema = z.string();

/** What every refused request answers. `code` is stable, for programs and for the texts of the pages. */
export const problemSchema = z
  .object({
    error: z.object({
      code: z.string(),
      /** In English: what happened, what is expected, what to do. */
      message: z.string(),
      details: z.unknown().optional(),
    }),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;

export const languageSchema = z.enum(['en', 'zh']);
export type Language = z.infer<typeof languageSchema>;
