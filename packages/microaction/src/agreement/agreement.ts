import type { Dataset } from '../annotation/dataset.ts';
import { UsageError } from '../errors.ts';
import { type Random, seededRandom } from '../random.ts';
import { agreementOf, cohensKappa, type Disagreement, fleissKappa, nominalAlpha, pooled } from './coefficients.ts';
import { commonClips, type Level } from './commonClips.ts';
import type { EventCriterion } from './matchEvents.ts';
import { layoutOf, samplesIn, type TallyLayout, tallyOf } from './tallies.ts';
import { unitisedAlpha } from './unitisedAlpha.ts';

export interface AgreementOptions {
  /** Names of the coders for the report; default `coder 1`, `coder 2` ... */
  readonly coders?: readonly string[];
  /** `body` compares body parts in place of actions. Default `action`. */
  readonly level?: Level;
  /**
   * For kappa and alpha on time samples: time is cut into windows of this length, and a label is present in a window
   * when an instance holds at its middle. Default 0.1 s.
   */
  readonly windowSeconds?: number;
  /** When two codings are one event. Default: temporal IoU of at least 0.5. */
  readonly event?: EventCriterion;
  /** MMA-52's rule: agreed is what all coders coded with a temporal IoU above this. Default 0.9. */
  readonly agreedAboveIou?: number;
  /** Times the videos are drawn again for the intervals; 0 for none. Default 1000. */
  readonly resamples?: number;
  readonly seed?: number;
  /** Default 0.95. */
  readonly confidence?: number;
}

/** A figure and its interval (percentile bootstrap over videos); null where it is undefined. */
export interface Estimate {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface AgreementReport {
  readonly coders: readonly string[];
  readonly level: Level;
  /** Videos that all coded; only these are compared. */
  readonly videos: number;
  readonly hours: number;
  /** Ids of videos that some coders did not code. */
  readonly leftOut: readonly string[];
  readonly settings: Required<Omit<AgreementOptions, 'coders' | 'level'>>;
  /** Kappa and alpha pooled over labels, events counted over all. */
  readonly overall: Agreement;
  /** Labels that any coder used, in the order of the taxonomy. */
  readonly labels: readonly ({ readonly label: string } & Agreement)[];
  /** Each two coders, in order. */
  readonly pairs: readonly PairAgreement[];
}

/** Among all coders. */
export interface Agreement {
  /** Of each coder. */
  readonly instances: readonly number[];
  /** On time samples. */
  readonly fleissKappa: Estimate;
  /** Krippendorff's, nominal, on time samples. */
  readonly alpha: Estimate;
  /** Krippendorff's for units on a continuum; see `unitisedAlpha`. */
  readonly unitisedAlpha: Estimate;
  /** Of events, counted over all pairs of coders. */
  readonly f1: Estimate;
  /** By MMA-52's rule: groups that all agree on, all other codings, and the share agreed. */
  readonly agreedByAll: { readonly agreed: number; readonly disputed: number; readonly share: Estimate };
}

export interface PairAgreement {
  /** Positions in `coders`. */
  readonly coders: readonly [number, number];
  readonly overall: PairFigures;
  readonly labels: readonly ({ readonly label: string } & PairFigures)[];
}

export interface PairFigures {
  /** On time samples. */
  readonly cohensKappa: Estimate;
  /** Events that both coded. */
  readonly matched: number;
  /** Of the second coder's events, those that the first coded too; the first is taken for the truth. */
  readonly precision: Estimate;
  /** Of the first coder's events, those that the second coded too. */
  readonly recall: Estimate;
  readonly f1: Estimate;
}

/**
 * Compares what several people, or a person and a detector, coded of the same videos. The data sets are
 * one a coder. Cost grows with instances, with samples covered by them, and with `resamples` times instances.
 *
 * @throws UserError `too-few-coders`, `taxonomies-differ`, `no-common-clips`
 * @throws UsageError where an option makes no sense
 */
export function agreementBetween(datasets: readonly Dataset[], options: AgreementOptions = {}): AgreementReport {
  const {
    coders = datasets.map((_, i) => `coder ${i + 1}`),
    level = 'action',
    windowSeconds = 0.1,
    event = { minIou: 0.5 },
    agreedAboveIou = 0.9,
    resamples = 1000,
    seed = 0,
    confidence = 0.95,
  } = options;
  const settings = { windowSeconds, event, agreedAboveIou, resamples, seed, confidence };
  checkSettings(settings);
  const { clips, leftOut, labels: allLabels } = commonClips(datasets, level);
  const layout = layoutOf(datasets.length);
  const counts = new Counts(allLabels.length, layout);
  const indexOf = new Map(allLabels.map((label, index) => [label, index]));
  for (const { seconds, labels } of clips) {
    counts.addClip(samplesIn(seconds, windowSeconds), seconds);
    for (const [label, spans] of labels) {
      counts.addTally(
        indexOf.get(label)!,
        tallyOf(spans, seconds, layout, { windowSeconds, criterion: event, agreedAboveIou }),
      );
    }
  }
  const used = allLabels.flatMap((_, label) => (counts.isUsed(label) ? [label] : []));
  const figures = (sums: Sums) => figuresOf(sums, used, layout, windowSeconds);
  const whole = counts.sum();
  const point = figures(whole);
  const random = seededRandom(seed);
  const drawn = Array.from({ length: resamples }, () => figures(counts.resampled(random)));
  const estimate = (at: number): Estimate => ({ value: finite(point[at]), ...interval(drawn, at, confidence) });

  const { perLabel } = figureLayout(layout);
  const at = (label: number, place: number) => whole.tallies[label * layout.size + place];
  const total = (labels: readonly number[], place: number) => labels.reduce((sum, label) => sum + at(label, place), 0);
  const agreement = (row: number, labels: readonly number[]): Agreement => ({
    instances: datasets.map((_, coder) => total(labels, layout.instances + coder)),
    fleissKappa: estimate(row * perLabel),
    alpha: estimate(row * perLabel + 1),
    unitisedAlpha: estimate(row * perLabel + 2),
    f1: estimate(row * perLabel + 3),
    agreedByAll: {
      agreed: total(labels, layout.agreed),
      disputed: total(labels, layout.disputed),
      share: estimate(row * perLabel + 4),
    },
  });
  const pairFigures = (row: number, labels: readonly number[], pair: number): PairFigures => {
    const first = row * perLabel + 5 + 4 * pair;
    return {
      cohensKappa: estimate(first),
      matched: total(labels, layout.matched + pair),
      precision: estimate(first + 1),
      recall: estimate(first + 2),
      f1: estimate(first + 3),
    };
  };
  return {
    coders,
    level,
    videos: clips.length,
    hours: clips.reduce((sum, { seconds }) => sum + seconds, 0) / 3600,
    leftOut,
    settings,
    overall: agreement(0, used),
    labels: used.map((label, i) => ({ label: allLabels[label], ...agreement(i + 1, [label]) })),
    pairs: layout.pairs.map((pairOf, pair) => ({
      coders: pairOf,
      overall: pairFigures(0, used, pair),
      labels: used.map((label, i) => ({ label: allLabels[label], ...pairFigures(i + 1, [label], pair) })),
    })),
  };
}

// ---- below: internals ----

function checkSettings(settings: AgreementReport['settings']): void {
  const { windowSeconds, event, agreedAboveIou, resamples, confidence } = settings;
  const { minIou, toleranceSeconds } = event;
  const checks: [name: string, value: unknown, fine: boolean, expected: string][] = [
    ['windowSeconds', windowSeconds, windowSeconds > 0 && Number.isFinite(windowSeconds), 'seconds above 0'],
    ['event.minIou', minIou, minIou === undefined || (minIou > 0 && minIou <= 1), 'above 0 to 1'],
    ['event.toleranceSeconds', toleranceSeconds, toleranceSeconds === undefined || toleranceSeconds >= 0, '0 or more'],
    ['event', event, minIou !== undefined || toleranceSeconds !== undefined, 'minIou, toleranceSeconds or both'],
    ['agreedAboveIou', agreedAboveIou, agreedAboveIou >= 0 && agreedAboveIou < 1, '0 to below 1'],
    ['resamples', resamples, Number.isInteger(resamples) && resamples >= 0, 'a whole number, 0 or more'],
    ['confidence', confidence, confidence > 0 && confidence < 1, 'between 0 and 1'],
  ];
  for (const [name, value, fine, expected] of checks) {
    if (!fine) throw new UsageError(`${name}: found ${JSON.stringify(value)}, expected ${expected}.`);
  }
}

/** Tallies of every label, summed over clips. */
interface Sums {
  readonly samples: number;
  readonly seconds: number;
  /** `label * layout.size + place` */
  readonly tallies: Float64Array;
}

/** All tallies of all clips, one after the other, so that drawing clips again is one pass over memory. */
class Counts {
  readonly #samples: number[] = [];
  readonly #seconds: number[] = [];
  /** For each tally its clip and label. */
  readonly #clipOf: number[] = [];
  readonly #labelOf: number[] = [];
  readonly #tallies: Float64Array[] = [];
  readonly #labels: number;
  readonly #layout: TallyLayout;

  constructor(labels: number, layout: TallyLayout) {
    this.#labels = labels;
    this.#layout = layout;
  }

  addClip(samples: number, seconds: number): void {
    this.#samples.push(samples);
    this.#seconds.push(seconds);
  }

  /** Of the clip added last. */
  addTally(label: number, tally: Float64Array): void {
    this.#clipOf.push(this.#samples.length - 1);
    this.#labelOf.push(label);
    this.#tallies.push(tally);
  }

  isUsed(label: number): boolean {
    return this.#labelOf.includes(label);
  }

  sum(): Sums {
    return this.#weighted(new Uint32Array(this.#samples.length).fill(1));
  }

  /** As many clips as there are, drawn with replacement. */
  resampled(random: Random): Sums {
    const times = new Uint32Array(this.#samples.length);
    for (let i = 0; i < times.length; i++) times[Math.floor(random() * times.length)] += 1;
    return this.#weighted(times);
  }

  #weighted(times: Uint32Array): Sums {
    const { size } = this.#layout;
    const tallies = new Float64Array(this.#labels * size);
    let [samples, seconds] = [0, 0];
    for (let clip = 0; clip < times.length; clip++) {
      samples += times[clip] * this.#samples[clip];
      seconds += times[clip] * this.#seconds[clip];
    }
    for (let i = 0; i < this.#tallies.length; i++) {
      const weight = times[this.#clipOf[i]];
      if (weight === 0) continue;
      const tally = this.#tallies[i];
      const first = this.#labelOf[i] * size;
      for (let j = 0; j < size; j++) tallies[first + j] += weight * tally[j];
    }
    return { samples, seconds, tallies };
  }
}

/** Figures stand in one array: first those over all labels, then those of each. */
function figureLayout({ pairs }: TallyLayout) {
  return { perLabel: 5 + 4 * pairs.length };
}

function figuresOf(sums: Sums, used: readonly number[], layout: TallyLayout, windowSeconds: number): Float64Array {
  const { coders, pairs, size } = layout;
  const { perLabel } = figureLayout(layout);
  const figures = new Float64Array((used.length + 1) * perLabel);
  const overall = new Float64Array(size);
  const parts = used.map((label) => {
    const tally = sums.tallies.subarray(label * size, (label + 1) * size);
    for (let i = 0; i < size; i++) overall[i] += tally[i];
    return disagreementsOf(tally, sums, layout, windowSeconds);
  });
  const write = (row: number, tally: Float64Array, disagreements: readonly Disagreement[]) => {
    const at = row * perLabel;
    const [fleiss, alpha, unitised, ...cohens] = disagreements.map((one) => agreementOf(one) ?? Number.NaN);
    figures.set([fleiss, alpha, unitised], at);
    let [matched, events] = [0, 0];
    pairs.forEach(([a, b], pair) => {
      const both = tally[layout.matched + pair];
      const [first, second] = [tally[layout.instances + a], tally[layout.instances + b]];
      matched += both;
      events += first + second;
      figures.set([cohens[pair], both / second, both / first, (2 * both) / (first + second)], at + 5 + 4 * pair);
    });
    figures[at + 3] = (2 * matched) / events;
    const agreed = tally[layout.agreed];
    figures[at + 4] = agreed / (agreed + tally[layout.disputed]);
  };
  const kinds = 3 + pairs.length;
  write(
    0,
    overall,
    Array.from({ length: kinds }, (_, kind) => pooled(parts.map((part) => part[kind]))),
  );
  used.forEach((label, i) => {
    write(i + 1, sums.tallies.subarray(label * size, (label + 1) * size), parts[i]);
  });
  return figures;

  function disagreementsOf(
    tally: Float64Array,
    { samples, seconds }: Sums,
    { atOnce, present, both, units }: TallyLayout,
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
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Percentiles between which the figure lies, linear between neighbours; of draws in which it is defined. */
function interval(drawn: readonly Float64Array[], at: number, confidence: number) {
  const values = Float64Array.from(drawn, (figures) => figures[at])
    .filter(Number.isFinite)
    .sort();
  if (values.length === 0) return { low: null, high: null };
  const quantile = (share: number) => {
    const place = share * (values.length - 1);
    const below = Math.floor(place);
    const above = Math.min(below + 1, values.length - 1);
    return values[below] + (place - below) * (values[above] - values[below]);
  };
  return { low: quantile((1 - confidence) / 2), high: quantile((1 + confidence) / 2) };
}
