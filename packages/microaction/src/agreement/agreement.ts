import type { Dataset } from '../annotation/dataset.ts';
import { UsageError } from '../errors.ts';
import { seededRandom } from '../random.ts';
import { commonClips, type Level } from './commonClips.ts';
import { figureLayoutOf, figuresOf } from './figures.ts';
import type { EventCriterion } from './matchEvents.ts';
import { SummedTallies } from './summedTallies.ts';
import { layoutOf, samplesIn, tallyOf } from './tallies.ts';

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
 * @throws UserError `number-of-coders`, `taxonomies-differ`, `duplicate-ids`, `no-common-clips`
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
  const at = figureLayoutOf(layout);
  const indexOf = new Map(allLabels.map((label, index) => [label, index]));
  const tallyOptions = { windowSeconds, criterion: event, agreedAboveIou };
  const perClip = clips.map(({ seconds, labels }) => ({
    samples: samplesIn(seconds, windowSeconds),
    seconds,
    tallies: [...labels].map(([label, spans]) => ({
      label: indexOf.get(label)!,
      tally: tallyOf(spans, seconds, layout, tallyOptions),
    })),
  }));
  const tallies = new SummedTallies(perClip, allLabels.length, layout);
  const { used } = tallies;
  const whole = tallies.sum();
  const point = figuresOf(whole, used, layout, windowSeconds);
  const random = seededRandom(seed);
  const drawn = Array.from({ length: resamples }, () =>
    figuresOf(tallies.resampled(random), used, layout, windowSeconds),
  );

  const estimate = (row: number, place: number): Estimate => {
    const index = row * at.perRow + place;
    return { value: finite(point[index]), ...interval(drawn, index, confidence) };
  };
  const total = (labels: readonly number[], place: number) =>
    labels.reduce((sum, label) => sum + whole.tallies[label * layout.size + place], 0);
  const agreement = (row: number, labels: readonly number[]): Agreement => ({
    instances: datasets.map((_, coder) => total(labels, layout.instances + coder)),
    fleissKappa: estimate(row, at.fleissKappa),
    alpha: estimate(row, at.alpha),
    unitisedAlpha: estimate(row, at.unitisedAlpha),
    f1: estimate(row, at.f1),
    agreedByAll: {
      agreed: total(labels, layout.agreed),
      disputed: total(labels, layout.disputed),
      share: estimate(row, at.agreedShare),
    },
  });
  const pairFigures = (row: number, labels: readonly number[], pair: number): PairFigures => {
    const first = at.pairs + 4 * pair;
    return {
      cohensKappa: estimate(row, first),
      matched: total(labels, layout.matched + pair),
      precision: estimate(row, first + 1),
      recall: estimate(row, first + 2),
      f1: estimate(row, first + 3),
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
