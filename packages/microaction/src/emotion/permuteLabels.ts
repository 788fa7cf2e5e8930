import type { Dice } from '../dice.ts';
import { shuffled as shuffledBy } from '../random.ts';

/**
 * Labels as they might as well have been, had they nothing to do with the videos. Videos of one person are alike, so
 * labels are not shuffled freely, which would make chance look narrower than it is: where each subject has one label
 * only, subjects exchange them; else each subject's labels are shuffled among the subject's videos.
 */
export function permuteLabels(subjects: readonly string[], labels: readonly number[], dice: Dice): number[] {
  const rowsOf = Map.groupBy(
    subjects.map((_, row) => row),
    (row) => subjects[row],
  );
  const groups = [...rowsOf.values()];
  const permuted = [...labels];
  if (groups.every((rows) => rows.every((row) => labels[row] === labels[rows[0]]))) {
    const drawn = shuffled(
      groups.map(([first]) => labels[first]),
      dice,
    );
    groups.forEach((rows, i) => {
      for (const row of rows) permuted[row] = drawn[i];
    });
    return permuted;
  }
  for (const rows of groups) {
    const drawn = shuffled(
      rows.map((row) => labels[row]),
      dice,
    );
    rows.forEach((row, i) => {
      permuted[row] = drawn[i];
    });
  }
  return permuted;
}

// ---- below: internals ----

const shuffled = (items: readonly number[], dice: Dice) => shuffledBy(items, () => dice.uniform());
