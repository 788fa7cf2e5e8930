import { writeTable } from '../annotation/formats/table.ts';
import { predictionsFor } from '../evaluation/recognition/predictions.ts';
import {
  type ChallengeYear,
  challengeColumns,
  readPredictionTable,
} from '../evaluation/recognition/predictionTable.ts';
import type { Rankings, Scores } from '../evaluation/recognition/scores.ts';
import type { Ties } from '../evaluation/sorting/descendingOrder.ts';
import { Problems, shown } from '../problems.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { pack, type Submission, unpack } from './archive.ts';

export interface RecognitionSubmissionOptions {
  /** Columns of the challenge of this year: 2024 takes the best action and body part, 2025 (the default) five of each. */
  readonly year?: ChallengeYear;
  /** Default `numpy`, as the official script ranks. */
  readonly ties?: Ties;
}

/**
 * The submission to the micro-action recognition track of the MAC challenges, and to the test server of MA-52. Body
 * parts are those of the ranked actions, repeats included, as in the official script.
 *
 * @param files - names of all clips of the list, `test0000.mp4` ..., in its order
 * @throws UserError `bad-annotations` unless each file has scores once, nothing else has, and all are finite
 */
export function recognitionSubmission(
  files: readonly string[],
  scores: Scores,
  taxonomy: Taxonomy,
  { year = 2025, ties = 'numpy' }: RecognitionSubmissionOptions = {},
): Submission {
  const columns = challengeColumns[year];
  checkFiles(files);
  const { actions, bodyParts, unlisted } = predictionsFor(files, scores, taxonomy, ties);
  const problems = new Problems('The scores');
  for (const file of unlisted) problems.add(`clip ${shown(file)}`, 'it has scores and is not in the list');
  for (const [clip, file] of files.entries()) {
    const ranked = Math.min(actions[clip].length, bodyParts[clip].length);
    if (ranked >= columns.actions.length) continue;
    problems.add(
      `clip ${shown(file)}`,
      `found ${ranked} ranked, expected ${columns.actions.length} for the columns of ${year}`,
    );
  }
  problems.throwIfAny();
  const rows = files.map((file, clip) => {
    const cells = new Map<string, string | number>([[columns.file, file]]);
    for (const [rank, column] of columns.actions.entries()) {
      cells.set(column, taxonomy.actions[actions[clip][rank]].id);
    }
    for (const [rank, column] of columns.bodyParts.entries()) cells.set(column, bodyParts[clip][rank]);
    return columns.order.map((column) => cells.get(column));
  });
  return pack(writeTable([columns.order, ...rows], ',').replaceAll('\n', '\r\n'));
}

/** Reads such a submission back, its zip or its table. @throws UserError `bad-zip`, `bad-annotations` */
export function readRecognitionSubmission(
  bytes: Uint8Array,
  source: string,
  taxonomy: Taxonomy,
): { rankings: Rankings; year: ChallengeYear } {
  return readPredictionTable(unpack(bytes, source), source, taxonomy);
}

// ---- below: internals ----

function checkFiles(files: readonly string[]): void {
  const problems = new Problems('The list of clips');
  const seen = new Set<string>();
  if (files.length === 0) problems.add('', 'it is empty; expected the clips of the test list');
  for (const file of files) {
    if (!/^[^\r\n]+\.\w+$/.test(file)) {
      problems.add(`clip ${shown(file)}`, 'expected the name of a file with its ending, as test0000.mp4');
    }
    if (seen.has(file)) problems.add(`clip ${shown(file)}`, 'it occurs twice');
    seen.add(file);
  }
  problems.throwIfAny();
}
