/**
 * What every chance-corrected coefficient of agreement is made of: how much coders disagree, and how much they
 * would by chance. Disagreements of several labels add up to those of a pooled coefficient.
 */
export interface Disagreement {
  readonly observed: number;
  readonly expected: number;
}

/** 1: perfect; 0: as good as chance; below: worse. Null where chance leaves no room to disagree. */
export function agreementOf({ observed, expected }: Disagreement): number | null {
  return expected > 0 ? 1 - observed / expected : null;
}

/**
 * One coefficient for many labels, from the sums of their disagreements: for kappa the pooled kappa of De Vries,
 * Elliott, Kanouse & Teleki, Field Methods 20(3), 2008; for alpha as Krippendorff joins categories.
 */
export function pooled(disagreements: Iterable<Disagreement>): Disagreement {
  let [observed, expected] = [0, 0];
  for (const one of disagreements) {
    observed += one.observed;
    expected += one.expected;
  }
  return { observed, expected };
}

/**
 * Cohen's kappa (Educational and Psychological Measurement 20(1), 1960).
 *
 * @param table - `table[i][j]` samples that the first coder gives category i and the second j
 */
export function cohensKappa(table: readonly (readonly number[])[]): Disagreement {
  const total = sum(table.map(sum));
  if (total === 0) return { observed: 0, expected: 0 };
  const columns = table.map((_, j) => sum(table.map((row) => row[j])));
  const same = sum(table.map((row, i) => row[i])) / total;
  const byChance = sum(table.map((row, i) => sum(row) * columns[i])) / total ** 2;
  return { observed: 1 - same, expected: 1 - byChance };
}

/**
 * Fleiss' kappa (Psychological Bulletin 76(5), 1971).
 *
 * @param rows - for each kind of sample, how many coders gave each category; every row has the same sum, 2 or more
 * @param weights - how many samples there are of each row; default 1
 */
export function fleissKappa(rows: readonly (readonly number[])[], weights = rows.map(() => 1)): Disagreement {
  const coders = sum(rows[0] ?? []);
  const samples = sum(weights);
  if (samples === 0) return { observed: 0, expected: 0 };
  const pairs = samples * coders * (coders - 1);
  const same = sum(rows.map((row, i) => weights[i] * sum(row.map((n) => n * (n - 1))))) / pairs;
  const shares = categoryTotals(rows, weights).map((n) => n / (samples * coders));
  return { observed: 1 - same, expected: 1 - sum(shares.map((share) => share ** 2)) };
}

/**
 * Krippendorff's alpha for nominal data (Computing Krippendorff's Alpha-Reliability, 2011).
 *
 * @param rows - for each kind of sample, how many coders gave each category; coders may be missing, and samples of
 * fewer than two are left out
 * @param weights - how many samples there are of each row; default 1
 */
export function nominalAlpha(rows: readonly (readonly number[])[], weights = rows.map(() => 1)): Disagreement {
  const paired = weights.map((weight, i) => (sum(rows[i]) >= 2 ? weight : 0));
  const totals = categoryTotals(rows, paired);
  const values = sum(totals);
  if (values < 2) return { observed: 0, expected: 0 };
  const differing = rows.map((row, i) => {
    const coders = sum(row);
    return paired[i] === 0 ? 0 : (paired[i] * sum(row.map((n) => n * (coders - n)))) / (coders - 1);
  });
  const byChance = sum(totals.map((n) => n * (values - n))) / (values - 1);
  return { observed: sum(differing) / values, expected: byChance / values };
}

// ---- below: internals ----

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function categoryTotals(rows: readonly (readonly number[])[], weights: readonly number[]): number[] {
  const totals = (rows[0] ?? []).map(() => 0);
  rows.forEach((row, i) => {
    row.forEach((n, category) => {
      totals[category] += weights[i] * n;
    });
  });
  return totals;
}
