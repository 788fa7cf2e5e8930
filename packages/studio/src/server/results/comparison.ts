import type { Dataset } from 'microaction';
import {
  type DetectionMap,
  type Diagnosis,
  detectionMap,
  diagnose,
  predictionsOfDataset,
  truthOfDataset,
} from 'microaction/evaluation';
import { diagnosisFigures, type Figure } from 'microaction/plots';
import type { Comparison } from '../../contract/results.ts';

/** A model's codings and those that they are held against, of the videos that both are of. */
export interface ComparedDatasets {
  /** With scores. */
  readonly predictions: Dataset;
  readonly truth: Dataset;
}

/** Detection-mAP of a model at action and body level against a coder or the final codings, and what can be drawn of it. */
export function comparisonOf(model: string, against: string, compared: ComparedDatasets): Comparison {
  const { truth } = compared;
  const videos = truth.clips.length;
  const none = { model, against, videos, map: [], perAction: [], figures: [] };
  if (videos === 0) return { ...none, note: 'No video has codings of both.' };
  if (countOf(truth) === 0)
    return { ...none, note: `${against} holds no instance in these videos: there is nothing to find.` };
  const result = detectionMapOf(compared);
  return {
    ...{ model, against, videos },
    map: (['action', 'body'] as const).flatMap((level) => [
      ...result.tiou.map((threshold, i) => ({ level, threshold, value: result[level].map[i] })),
      { level, threshold: null, value: result[level].average },
    ]),
    perAction: perAction(compared, result),
    figures: comparisonFigures(compared).flatMap(({ name, rows }) => (rows.length > 0 ? name : [])),
    note: ignoredNote(result),
  };
}

/** The figures of the diagnosis at both levels. @throws UserError `no-truth` */
export function comparisonFigures({ truth, predictions }: ComparedDatasets): Figure[] {
  const diagnosis: Diagnosis = diagnose(
    truthOfDataset(truth, 'the truth'),
    predictionsOfDataset(predictions, 'the model'),
    truth.taxonomy,
  );
  return (['action', 'body'] as const).flatMap((level) => diagnosisFigures(diagnosis, level, truth.taxonomy));
}

// ---- below: internals ----

const countOf = ({ clips }: Dataset) => clips.reduce((sum, { instances }) => sum + instances.length, 0);

const detectionMapOf = ({ truth, predictions }: ComparedDatasets): DetectionMap =>
  detectionMap(truthOfDataset(truth, 'the truth'), predictionsOfDataset(predictions, 'the model'), truth.taxonomy);

function perAction({ truth, predictions }: ComparedDatasets, { action }: DetectionMap): Comparison['perAction'] {
  const countBy = ({ clips }: Dataset) => {
    const counts = new Map<string, number>();
    for (const { instances } of clips)
      for (const one of instances) counts.set(one.action, (counts.get(one.action) ?? 0) + 1);
    return counts;
  };
  const [inTruth, predicted] = [countBy(truth), countBy(predictions)];
  return truth.taxonomy.actions
    .map(({ name }) => {
      const ap = action.perClass[name]?.ap;
      const averagePrecision = ap ? ap.reduce((sum, value) => sum + value, 0) / ap.length : null;
      return { action: name, truth: inTruth.get(name) ?? 0, predictions: predicted.get(name) ?? 0, averagePrecision };
    })
    .filter((row) => row.truth + row.predictions > 0);
}

function ignoredNote({ action }: DetectionMap): string | null {
  const count = action.ignoredPredictions;
  if (count === 0) return null;
  const predictions = count === 1 ? '1 prediction' : `${count} predictions`;
  return `${predictions} of actions that the other side does not have are left out, as the data set's own scoring does.`;
}
