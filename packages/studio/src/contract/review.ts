import { z } from 'zod';
import { codedInstanceSchema, codingSummarySchema } from './coding.ts';
import { idSchema, momentSchema } from './common.ts';

const spanSchema = z.object({ action: z.string(), start: z.number(), end: z.number() });

export const decisionSchema = z
  .object({
    id: idSchema,
    /** Key of the dispute. */
    dispute: z.string(),
    /** `kept` with what counts now; `dropped`. */
    outcome: z.enum(['kept', 'dropped']),
    settled: spanSchema.nullable(),
    how: z.enum(['majority', 'discussed']),
    note: z.string(),
    by: z.string(),
    at: momentSchema,
  })
  .meta({ id: 'Decision' });
export type Decision = z.infer<typeof decisionSchema>;

export const disputeSchema = z
  .object({
    /** Stays the same as long as the codings that it is about do. */
    key: z.string(),
    action: z.string(),
    start: z.number(),
    end: z.number(),
    /** `edges`: all saw it, from when to when differs; `presence`: some did not see it. */
    about: z.enum(['edges', 'presence']),
    vote: z.enum(['kept', 'dropped']),
    /** What the vote would keep: the medians of the starts and ends. */
    proposed: spanSchema,
    /** One for each coder, in the order of `coders`. */
    codings: z.array(
      z.object({
        coding: idSchema,
        instance: codedInstanceSchema.nullable(),
        /** What a coder who did not see it coded in its place. */
        instead: spanSchema.nullable(),
      }),
    ),
    /** The latest; null: open. */
    decision: decisionSchema.nullable(),
  })
  .meta({ id: 'Dispute' });
export type Dispute = z.infer<typeof disputeSchema>;

export const reviewSchema = z
  .object({
    video: idSchema,
    /** Submitted codings that are compared. */
    coders: z.array(codingSummarySchema),
    agreedAboveIou: z.number(),
    agreed: z.array(spanSchema),
    disputes: z.array(disputeSchema),
    /** The settled coding, if there is one. */
    final: codingSummarySchema.nullable(),
    /** Codings or decisions have changed since it was settled: settling again would give something else. */
    finalOutdated: z.boolean(),
    /**
     * Why the asker may not decide anything here; null where they may. `role`: only owners and reviewers; `blind`: they
     * code the video themselves and have not submitted; `few`: fewer than two codings are submitted.
     */
    mayNotDecide: z.enum(['role', 'blind', 'few']).nullable(),
  })
  .meta({ id: 'Review' });
export type Review = z.infer<typeof reviewSchema>;

export const newDecisionSchema = z.object({
  dispute: z.string(),
  outcome: z.enum(['kept', 'dropped']),
  /** Needed for `kept`. */
  settled: spanSchema.nullable(),
  how: z.enum(['majority', 'discussed']),
  note: z.string().max(4000).default(''),
  /** Id of the decision that the writer saw for this dispute, null for none; another one in between is a conflict. */
  base: idSchema.nullable(),
});

/** `majorityForRest`: open disputes are settled by the vote; otherwise they refuse it. */
export const finaliseSchema = z.object({ majorityForRest: z.boolean().default(false) });

/** Who did what with a video, newest last. */
export const historySchema = z
  .object({
    sequence: z.int(),
    at: momentSchema,
    by: z.string(),
    what: z.enum([
      'added',
      'imported',
      'submitted',
      'reopened',
      'decided',
      'finalised',
      'unsettled',
      'detected',
      'relinked',
    ]),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'HistoryEntry' });
export type HistoryEntry = z.infer<typeof historySchema>;
