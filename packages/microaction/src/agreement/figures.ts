import { agreementOf, cohensKappa, type Disagreement, fleissKappa, nominalAlpha, pooled } from './coefficients.ts';
import type { Sums } from './summedTallies.ts';
import type { TallyLayout } from './tallies.ts';
import { unitisedAlpha } from './unitisedAlpha.ts';

/** Where figures stand, in one array that a bootstrap can keep many of: a row for all labels, then one for each. */
export interface FigureLayout {
  readonly perRow: number;
  readonly fleissKappa: number;
  readonly alpha: number;
  readonly unitisedAlpha: number;
  readonly f1: number;
  readonly agreedShare: number;
  /** Four for each pair: Cohen's kappa, precision, recall, F1. */
  readonly pairs: number;
}

export function figureLayoutOf({ pairs }: TallyLayout): FigureLayout {
  return {
    fleissKappa: 0,
    alpha: 1,
    unitisedAlpha: 2,
    f1: 3,
    agreedShare: 4,
    pairs: 5,
    perRow: 5 + 4 * pairs.length,
  };
}

/** All figures of the labels in `used`; NaN where one is undefined. */
export function figuresOf(
  sums: Sums,
  used: readonly number[],
  layout: TallyLayout,
  windowSeconds: number,
): Float64Array {
  const { size, pairs } = layout;
  const { perRow } = figureLayoutOf(layout);
  const figures = new Float64Array((used.length + 1) * perRow);
  const overall = new Float64Array(size);
  const rows = used.map((label) => {
    const tally = sums.tallies.subarray(label * size, (label + 1) * size);
    for (let i = 0; i < size; i++) overall[i] += tally[i];
    return { tally, disagreements: disagreementsOf(tally, sums, layout, windowSeconds) };
  });
  rows.forEach(({ tally, disagreements }, i) => {
    writeRow(figures.subarray((i + 1) * perRow), tally, disagreements, layout);
  });
  const kinds = Array.from({ length: 3 + pairs.length }, (_, kind) => kind);
  const joint = kinds.map((kind) => pooled(rows.map(({ disagreements }) => disagreements[kind])));
  writeRow(figures, overall, joint, layout);
  return figures;
}

// ---- below: internals ----

/** Fleiss' kappa, alpha, unitised alpha, then Cohen's kappa of each pair, from the sums of one label. */
function disagreementsOf(
  tally: Float64Array,
  { samples, seconds }: Sums,
  { coders, pairs, atOnce, present, both, units }: TallyLayout,
  unitSeconds: number,
): Disagreement[] {
  // Rows "absent, present" for n coders at once, and how many samples are so.
  const rows = Array.from({ length: coders + 1 }, (_, n) => [coders - n, n]);
  const weights = rows.map((_, n) => tally[atOnce + n]);
  weights[0] = samples - weights.reduce((sum, weight) => sum + weight, 0);
  const measures = { mixed: tally[units], valued: tally[units + 1], valuedSquared: tally[units + 2] };
  return [
    fleissKappa(rows, weights),
    nominalAlpha(rows, weights),
    unitisedAlpha(measures, coders, seconds, unitSeconds),
    ...pairs.map(([a, b], pair) => {
      const together = tally[both + pair];
      const [first, second] = [tally[present + a] - together, tally[present + b] - together];
      return cohensKappa([
        [samples - together - first - second, second],
        [first, together],
      ]);
    }),
  ];
}

function writeRow(
  row: Float64Array,
  tally: Float64Array,
  disagreements: readonly Disagreement[],
  layout: TallyLayout,
): void {
  const at = figureLayoutOf(layout);
  const [fleiss, alpha, unitised, ...cohens] = disagreements.map((one) => agreementOf(one) ?? Number.NaN);
  row[at.fleissKappa] = fleiss;
  row[at.alpha] = alpha;
  row[at.unitisedAlpha] = unitised;
  let [matched, events] = [0, 0];
  layout.pairs.forEach(([a, b], pair) => {
    const both = tally[layout.matched + pair];
    const [first, second] = [tally[layout.instances + a], tally[layout.instances + b]];
    matched += both;
    events += first + second;
    row.set([cohens[pair], both / second, both / first, (2 * both) / (first + second)], at.pairs + 4 * pair);
  });
  row[at.f1] = (2 * matched) / events;
  row[at.agreedShare] = tally[layout.agreed] / (tally[layout.agreed] + tally[layout.disputed]);
}
