import { z } from 'zod';
import { codingSummarySchema } from './coding.ts';
import { idSchema, momentSchema } from './common.ts';
import { jobSchema } from './job.ts';

export const videoFactsSchema = z
  .object({
    durationSeconds: z.number(),
    frameRate: z.number(),
    variableFrameRate: z.boolean(),
    frameCount: z.int(),
    widthPixels: z.int(),
    heightPixels: z.int(),
    codec: z.string(),
    container: z.string(),
    hasAudio: z.boolean(),
    /** As of the video below, for the file itself; 0 when absent. */
    startSeconds: z.number().optional(),
    /** Whether browsers play the file itself, and if not, why. */
    browserPlays: z.boolean(),
    browserPlaysNot: z.string().optional(),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'VideoFacts' });
export type VideoFacts = z.infer<typeof videoFactsSchema>;

export const videoSchema = z
  .object({
    id: idSchema,
    project: idSchema,
    name: z.string(),
    /** Where it lies, relative to the data folder. */
    path: z.string(),
    subject: z.string(),
    notes: z.string(),
    sizeBytes: z.number(),
    /** Null until it has been looked at. */
    facts: videoFactsSchema.nullable(),
    /**
     * `missing`: moved or deleted since; `changed`: another content under the same name; `unusable`: no video.
     * Codings are kept in all of these.
     */
    status: z.enum(['preparing', 'ready', 'missing', 'changed', 'unusable']),
    /** What is wrong and what to do, for a status that is neither `preparing` nor `ready`. */
    problem: z.string().nullable(),
    /** Which file the player gets: the video itself, its proxy, or none until a proxy is made. */
    plays: z.enum(['original', 'proxy', 'none']),
    /**
     * When a player of the file that `plays` shows the first frame, by its own clock. All other times count from that
     * frame: add this for the player's `currentTime`. Not 0 for files that begin late; null where nothing plays.
     */
    startSeconds: z.number().nullable(),
    /** What has been derived and can be asked for. */
    has: z.object({
      thumbnail: z.boolean(),
      frames: z.boolean(),
      motion: z.boolean(),
      sound: z.boolean(),
      points: z.boolean(),
    }),
    /** Samples per second of the motion and sound rows. */
    motionRate: z.number().nullable(),
    soundRate: z.number().nullable(),
    addedAt: momentSchema,
    codings: z.array(codingSummarySchema),
    /** Coded blind, and the asker has seen others' work in it: whoever had not begun to code it then cannot any more. */
    looked: z.boolean(),
    /** `uncoded`, `coding` (somebody began), `submitted` (as many as wanted), `final` (settled). */
    stage: z.enum(['uncoded', 'coding', 'submitted', 'final']),
    /** Not finished, or failed last. */
    jobs: z.array(jobSchema),
  })
  .meta({ id: 'Video' });
export type Video = z.infer<typeof videoSchema>;

const lineSchema = z.string().regex(/^[^\p{Cc}]*$/u, 'one line without control characters');

export const videoChangeSchema = z
  .object({ name: lineSchema.trim().min(1).max(200), subject: lineSchema.max(120), notes: z.string().max(4000) })
  .partial();

/** A file in the data folder that is in no project yet. */
export const foundFileSchema = z.object({ path: z.string(), sizeBytes: z.number() }).meta({ id: 'FoundFile' });
export type FoundFile = z.infer<typeof foundFileSchema>;
export const addVideosSchema = z.object({ paths: z.array(z.string().min(1).max(1000)).min(1).max(10_000) });
export const relinkSchema = z.object({
  path: z.string().min(1).max(1000),
  /** Takes a file with another content than the one that was added; without it that is refused (409 `other-content`). */
  acceptsChange: z.boolean().default(false),
});

export const newUploadSchema = z.object({
  /** Of the file on the person's machine; only its last part is used, cleaned. */
  name: z.string().min(1).max(255),
  sizeBytes: z.int().min(1),
});
export const uploadSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    sizeBytes: z.number(),
    /** Send the next chunk from here: `PATCH` with `Upload-Offset`. */
    receivedBytes: z.number(),
    /** The video that it became, once whole. */
    video: idSchema.nullable(),
  })
  .meta({ id: 'Upload' });
export type Upload = z.infer<typeof uploadSchema>;
