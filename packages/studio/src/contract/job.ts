import { z } from 'zod';
import { idSchema, momentSchema } from './common.ts';

export const jobSchema = z
  .object({
    id: idSchema,
    project: idSchema,
    video: idSchema,
    /** `prepare`: thumbnail, frame times, motion and sound; `proxy`: a copy that browsers play; `detect`: proposals. */
    kind: z.enum(['prepare', 'proxy', 'detect']),
    /** Of `detect`: a detector's name or a file in the folder `models`. */
    model: z.string().nullable(),
    status: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
    /** Of a running job, in English; null before. */
    stage: z.string().nullable(),
    /** 0 to 1. */
    progress: z.number(),
    remainingSeconds: z.number().nullable(),
    error: z.string().nullable(),
    attempts: z.int(),
    createdAt: momentSchema,
    finishedAt: momentSchema.nullable(),
  })
  .meta({ id: 'Job' });
export type Job = z.infer<typeof jobSchema>;

export const newJobsSchema = z.object({
  kind: z.enum(['detect', 'proxy', 'prepare']),
  videos: z.array(idSchema).min(1).max(10_000),
  model: z.string().max(200).optional(),
});

export const detectorSchema = z
  .object({ model: z.string(), title: z.string(), kind: z.enum(['built-in', 'file']) })
  .meta({ id: 'Detector' });
export type DetectorChoice = z.infer<typeof detectorSchema>;
