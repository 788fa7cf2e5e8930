import type { Dice } from '../dice.ts';

/**
 * Divides rows into folds so that no subject is in two. Subjects go one by one, those of most rows first, to the fold
 * where their labels are rarest, so that each fold has about its share of every label.
 *
 * @param folds - at most as many as subjects; with as many, each subject is a fold
 * @returns the fold of each row, from 0
 */
export function subjectFolds(
  subjects: readonly string[],
  labels: readonly number[],
  folds: number,
  dice: Dice,
): number[] {
  const rowsOf = Map.groupBy(
    subjects.map((_, row) => row),
    (row) => subjects[row],
  );
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const order = [...rowsOf.values()]
    .map((rows) => ({ rows, tie: dice.uniform() }))
    .sort((a, b) => b.rows.length - a.rows.length || a.tie - b.tie);
  const held = Array.from({ length: folds }, () => ({ rows: 0, labels: new Map<number, number>() }));
  const foldOf = subjects.map(() => 0);
  for (const { rows } of order) {
    // How much the folds would differ: growth of the squared shares. An empty fold goes first.
    const cost = held.map((fold) =>
      fold.rows === 0
        ? -1
        : rows.reduce((sum, row) => sum + (fold.labels.get(labels[row]) ?? 0) / counts.get(labels[row])!, 0) +
          fold.rows / subjects.length,
    );
    const fold = cost.indexOf(Math.min(...cost));
    for (const row of rows) {
      foldOf[row] = fold;
      held[fold].rows += 1;
      held[fold].labels.set(labels[row], (held[fold].labels.get(labels[row]) ?? 0) + 1);
    }
  }
  return foldOf;
}
