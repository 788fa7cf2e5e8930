import { UserError } from '../../errors.ts';
import { Problems, shown } from '../../problems.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { descendingOrder, type Ties } from '../sorting/descendingOrder.ts';
import type { Rankings, Scores, ScoreTable } from './scores.ts';

/** What is predicted for each clip of a list, in its order. Actions and body parts are positions in the taxonomy. */
export interface Predictions {
  /** Up to five, best first. */
  readonly actions: readonly (readonly number[])[];
  readonly bodyParts: readonly (readonly number[])[];
  /** The best action by plain maximum: of equal ones the lowest position, whatever `ties` says. */
  readonly maximum: readonly number[];
  /** Clips that have scores but are not in the list. */
  readonly unlisted: readonly string[];
}

/**
 * The five likeliest actions of each file, and the body part of each of them.
 *
 * @throws UserError `bad-annotations` where a file has no scores, a score is not finite, or counts do not fit
 */
export function predictionsFor(
  files: readonly string[],
  scores: Scores,
  taxonomy: Taxonomy,
  ties: Ties = 'numpy',
): Predictions {
  const { rows, unlisted } = rowsOf(files, scores);
  if (scores.kind === 'rankings') return fromRankings(rows, unlisted, scores);
  checkTable(scores, taxonomy, files, rows);
  const partOf = partPositions(taxonomy);
  const actions = rows.map((row) => [...descendingOrder(scoresOf(scores, row), ties).subarray(0, mostRanked)]);
  return {
    actions,
    bodyParts: actions.map((ranked) => ranked.map((action) => partOf[action])),
    maximum: rows.map((row) => positionOfMaximum(scoresOf(scores, row))),
    unlisted,
  };
}

/** The position of the body part of each action. */
export function partPositions(taxonomy: Taxonomy): number[] {
  const positions = new Map(taxonomy.bodyParts.map(({ code }, i) => [code, i]));
  return taxonomy.actions.map(({ bodyPart }) => positions.get(bodyPart) as number);
}

// ---- below: internals ----

const mostRanked = 5;

const scoresOf = ({ values, actions }: ScoreTable, row: number) => values.subarray(row * actions, (row + 1) * actions);

/** `test0000.mp4` and `test0000` are the same clip. */
const withoutEnding = (file: string) => file.replace(/\.(mp4|webm|mov|avi|mkv|m4v)$/i, '');

function rowsOf(files: readonly string[], scores: Scores): { rows: number[]; unlisted: string[] } {
  if (scores.files === undefined) {
    const clips = (scores as ScoreTable).clips;
    if (clips === files.length) return { rows: files.map((_, i) => i), unlisted: [] };
    throw new UserError(
      'bad-annotations',
      `The scores are of ${clips} clips without names, the list has ${files.length}`,
    );
  }
  const problems = new Problems('The scores');
  const rowByFile = new Map<string, number>();
  scores.files.forEach((file, row) => {
    const key = withoutEnding(file);
    if (rowByFile.has(key)) problems.add(`clip ${shown(file)}`, 'it occurs twice');
    rowByFile.set(key, row);
  });
  const wanted = new Set(files.map(withoutEnding));
  const rows = files.map((file) => {
    const row = rowByFile.get(withoutEnding(file));
    if (row === undefined) problems.add(`clip ${shown(file)}`, 'it is in the list and has no scores');
    return row ?? 0;
  });
  problems.throwIfAny();
  return { rows, unlisted: scores.files.filter((file) => !wanted.has(withoutEnding(file))) };
}

function checkTable(scores: ScoreTable, taxonomy: Taxonomy, files: readonly string[], rows: readonly number[]): void {
  const wanted = taxonomy.actions.length;
  if (scores.actions !== wanted) {
    throw new UserError(
      'bad-annotations',
      `The scores have ${scores.actions} columns; the taxonomy ${taxonomy.name} has ${wanted} actions`,
    );
  }
  const problems = new Problems('The scores');
  rows.forEach((row, clip) => {
    const wrong = scoresOf(scores, row).findIndex((score) => !Number.isFinite(score));
    if (wrong < 0) return;
    const found = scoresOf(scores, row)[wrong];
    problems.add(
      `clip ${shown(files[clip])}, ${taxonomy.actions[wrong].name}`,
      `found ${shown(found)}, expected a finite number`,
    );
  });
  problems.throwIfAny();
}

function fromRankings(rows: readonly number[], unlisted: readonly string[], scores: Rankings): Predictions {
  return {
    actions: rows.map((row) => scores.actions[row].slice(0, mostRanked)),
    bodyParts: rows.map((row) => scores.bodyParts[row].slice(0, mostRanked)),
    maximum: rows.map((row) => scores.actions[row][0]),
    unlisted,
  };
}

function positionOfMaximum(row: Float32Array | Float64Array): number {
  let best = 0;
  for (let i = 1; i < row.length; i++) if (row[i] > row[best]) best = i;
  return best;
}
