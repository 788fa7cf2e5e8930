import { z } from 'zod';
import { idSchema, momentSchema } from './common.ts';

/** What one person or one model says of one video, or the settled end of a review. */
export const codingSummarySchema = z
  .object({
    id: idSchema,
    video: idSchema,
    kind: z.enum(['coder', 'model', 'final']),
    /** Of kind `coder`; null otherwise. */
    account: idSchema.nullable(),
    /** The coder's name, the model's, or `final`. */
    title: z.string(),
    status: z.enum(['open', 'submitted']),
    submittedAt: momentSchema.nullable(),
    /** Counts acknowledged requests that changed it. */
    revision: z.int(),
    /** It is there, but its content may not be seen yet: blind coding. */
    hidden: z.boolean(),
    /** How many instances are coded; null where hidden. */
    instanceCount: z.int().nullable(),
    /** How many proposals wait for a decision; null where hidden. */
    proposalCount: z.int().nullable(),
  })
  .meta({ id: 'CodingSummary' });
export type CodingSummary = z.infer<typeof codingSummarySchema>;

/** `proposed`: a model's, undecided; `coded`: counts; `rejected`: a proposal that the coder turned down. */
export const instanceStateSchema = z.enum(['proposed', 'coded', 'rejected']);

const boundedTime = z.number().min(0).max(1e6);
export const instanceBodySchema = z.object({
  /** Canonical name in the project's taxonomy, e.g. `nodding`. */
  action: z.string().min(1).max(200),
  /** Seconds from the start of the video, half open; start < end. */
  start: boundedTime,
  end: boundedTime,
  state: instanceStateSchema,
  score: z.number().min(0).max(1).nullable(),
  reason: z.string().max(500).nullable(),
});
export type InstanceBody = z.infer<typeof instanceBodySchema>;

export const codedInstanceSchema = instanceBodySchema
  .extend({ id: idSchema, /** Counts its own changes, from 1. */ version: z.int() })
  .meta({ id: 'CodedInstance' });
export type CodedInstance = z.infer<typeof codedInstanceSchema>;

export const commentSchema = z
  .object({
    id: idSchema,
    instance: idSchema,
    account: idSchema,
    author: z.string(),
    text: z.string(),
    at: momentSchema,
  })
  .meta({ id: 'Comment' });
export type Comment = z.infer<typeof commentSchema>;
export const newCommentSchema = z.object({
  id: idSchema,
  instance: idSchema,
  text: z.string().trim().min(1).max(4000),
});

export const codingSchema = codingSummarySchema
  .extend({
    instances: z.array(codedInstanceSchema),
    comments: z.array(commentSchema),
    /** Whether the one who asks may change it. */
    mayWrite: z.boolean(),
  })
  .meta({ id: 'Coding' });
export type Coding = z.infer<typeof codingSchema>;

/** One edit of one instance. */
export const changeSchema = z
  .object({
    /** Made by the client. A change that was already applied is acknowledged and not applied again. */
    id: idSchema,
    instance: idSchema,
    /** The version that the writer saw; 0 for a new instance, or one that was deleted before. */
    base: z.int().min(0),
    /** Null deletes. */
    after: instanceBodySchema.nullable(),
  })
  .meta({ id: 'Change' });
export type Change = z.infer<typeof changeSchema>;

/** All of them or none, in one transaction, on disk when it is answered. */
export const changesSchema = z.object({
  changes: z.array(changeSchema).min(1).max(2000),
  /** Which tab sends them, so that it can tell its own echo among the events. */
  client: idSchema.optional(),
});
export const changesAnswerSchema = z
  .object({
    revision: z.int(),
    /** The new versions, in the order of the changes; 0 where deleted. */
    versions: z.array(z.object({ instance: idSchema, version: z.int() })),
  })
  .meta({ id: 'ChangesAnswer' });
export type ChangesAnswer = z.infer<typeof changesAnswerSchema>;

/** `details` of a 409 `conflict`: somebody else changed these in between; nothing was applied. */
export const conflictsSchema = z.array(
  z.object({
    instance: idSchema,
    change: idSchema,
    /** As it is now; null: deleted. */
    current: codedInstanceSchema.nullable(),
    by: z.string(),
    at: momentSchema,
  }),
);
export type Conflict = z.infer<typeof conflictsSchema>[number];

/** A change as it went into the history. */
export const pastChangeSchema = z
  .object({
    sequence: z.int(),
    id: idSchema,
    instance: idSchema,
    by: z.string(),
    at: momentSchema,
    before: codedInstanceSchema.nullable(),
    after: codedInstanceSchema.nullable(),
  })
  .meta({ id: 'PastChange' });
export type PastChange = z.infer<typeof pastChangeSchema>;

/** Predictions of a program that is not ours, as a coding of kind `model`. */
export const predictionsSchema = z
  .object({
    model: z.string().trim().min(1).max(120),
    instances: z
      .array(
        z.object({
          action: z.string().min(1).max(200),
          start: boundedTime,
          end: boundedTime,
          score: z.number().min(0).max(1),
          reason: z.string().max(500).optional(),
        }),
      )
      .max(20_000),
  })
  .meta({ id: 'Predictions' });
