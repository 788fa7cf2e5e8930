import { z } from 'zod';
import { idSchema } from './common.ts';

/** Whose codings: `final`, `coder:ACCOUNT` or `model:NAME`. */
export const sourceSchema = z
  .object({
    key: z.string(),
    title: z.string(),
    kind: z.enum(['final', 'coder', 'model']),
    videos: z.int(),
    /** How many of them the coder has not submitted; 0 for final codings and models. */
    openVideos: z.int(),
    instances: z.int(),
  })
  .meta({ id: 'Source' });
export type Source = z.infer<typeof sourceSchema>;

export const figureNames = [
  'ethogram',
  'time-budget',
  'instances',
  'durations',
  'transitions',
  'co-occurrence',
  'concurrency',
  'agreement',
] as const;
export type FigureName = (typeof figureNames)[number];

const estimateSchema = z.object({
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});

export const budgetRowSchema = z.object({
  bodyPart: z.string(),
  /** Null: the body part as a whole, overlap counted once. */
  action: z.string().nullable(),
  count: z.int(),
  perMinute: z.number(),
  totalSeconds: z.number(),
  shareOfTime: z.number(),
  meanSeconds: z.number().nullable(),
  medianSeconds: z.number().nullable(),
  longestSeconds: z.number().nullable(),
});

export const resultsSchema = z
  .object({
    sources: z.array(sourceSchema),
    /** The key whose figures follow. */
    source: z.string().nullable(),
    videos: z.int(),
    totalSeconds: z.number(),
    budget: z.array(budgetRowSchema),
    /** [from][to]: how often an action (or part) is the next to start after another has started. */
    transitions: z.object({ labels: z.array(z.string()), counts: z.array(z.array(z.int())) }),
    /** [a][b]: seconds in which both happen; on the diagonal the seconds of the one. */
    cooccurrence: z.object({ labels: z.array(z.string()), seconds: z.array(z.array(z.number())) }),
    /** Between the submitted coders; null where no video has two. */
    agreement: z
      .object({
        coders: z.array(z.string()),
        videos: z.int(),
        figures: z.array(
          z.object({
            name: z.string(),
            level: z.enum(['action', 'body']),
            /** What it means, in a sentence. */
            meaning: z.string(),
            estimate: estimateSchema,
          }),
        ),
      })
      .nullable(),
    /** Figures that can be asked for with this source. */
    figures: z.array(z.enum(figureNames)),
  })
  .meta({ id: 'Results' });
export type Results = z.infer<typeof resultsSchema>;

/** A model's coding against a coder's or the final one. */
export const comparisonSchema = z
  .object({
    model: z.string(),
    against: z.string(),
    videos: z.int(),
    /** Detection mAP by temporal IoU threshold, and their mean over 0.1 to 0.5... as the evaluation has it. */
    map: z.array(z.object({ level: z.enum(['action', 'body']), threshold: z.number().nullable(), value: z.number() })),
    perAction: z.array(
      z.object({ action: z.string(), truth: z.int(), predictions: z.int(), averagePrecision: z.number().nullable() }),
    ),
    /** Names of diagnosis figures that can be asked for. */
    figures: z.array(z.string()),
    note: z.string().nullable(),
  })
  .meta({ id: 'Comparison' });
export type Comparison = z.infer<typeof comparisonSchema>;

/** What reading a file of annotations would do, before it is done. */
export const importPreviewSchema = z
  .object({
    format: z.string(),
    warnings: z.array(z.string()),
    clips: z.array(
      z.object({
        /** Id in the file. */
        clip: z.string(),
        instances: z.int(),
        /** The video that it fits by name; null: none. */
        video: idSchema.nullable(),
        videoName: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'ImportPreview' });
export type ImportPreview = z.infer<typeof importPreviewSchema>;

export const formatChoiceSchema = z
  .object({
    name: z.string(),
    title: z.string(),
    fileEnding: z.string(),
    readOnly: z.boolean(),
    oneClipPerFile: z.boolean(),
  })
  .meta({ id: 'FormatChoice' });
export type FormatChoice = z.infer<typeof formatChoiceSchema>;
