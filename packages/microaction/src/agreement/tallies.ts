import type { Span } from '../annotation/temporalIou.ts';
import { groupCodings } from './groupCodings.ts';
import { type EventCriterion, matchEvents } from './matchEvents.ts';
import { measureUnits } from './unitisedAlpha.ts';

/** Where in a tally each count stands. All counts add up over clips, so that a bootstrap only sums tallies. */
export interface TallyLayout {
  readonly coders: number;
  /** Pairs of coders, earlier first. */
  readonly pairs: readonly (readonly [number, number])[];
  readonly size: number;
  /** Samples at which n coders see the label: `atOnce + n`, for n from 1. */
  readonly atOnce: number;
  /** Samples at which a coder sees it: `present + coder`. */
  readonly present: number;
  /** Samples at which both of a pair see it: `both + pair`. */
  readonly both: number;
  /** `UnitMeasures`: mixed, valued, valuedSquared. */
  readonly units: number;
  /** Instances of a coder: `instances + coder`. */
  readonly instances: number;
  /** Events that a pair shares: `matched + pair`. */
  readonly matched: number;
  /** Groups that all coders agree on, and those that they do not. */
  readonly agreed: number;
  readonly disputed: number;
}

export interface TallyOptions {
  readonly windowSeconds: number;
  readonly criterion: EventCriterion;
  readonly agreedAboveIou: number;
}

export function layoutOf(coders: number): TallyLayout {
  const pairs = Array.from({ length: coders }, (_, i) =>
    Array.from({ length: coders - i - 1 }, (_, j): [number, number] => [i, i + 1 + j]),
  ).flat();
  const present = coders + 1;
  const both = present + coders;
  const units = both + pairs.length;
  const instances = units + 3;
  const matched = instances + coders;
  const agreed = matched + pairs.length;
  return {
    coders,
    pairs,
    atOnce: 0,
    present,
    both,
    units,
    instances,
    matched,
    agreed,
    disputed: agreed + 1,
    size: agreed + 2,
  };
}

/** How many samples a clip has: at the middle of each window, as long as that is inside. */
export const samplesIn = (seconds: number, windowSeconds: number) =>
  Math.max(0, Math.ceil(seconds / windowSeconds - 0.5 - 1e-9));

/** Counts one label in one clip. `coders` holds the spans of each. */
export function tallyOf(
  coders: readonly (readonly Span[])[],
  seconds: number,
  layout: TallyLayout,
  { windowSeconds, criterion, agreedAboveIou }: TallyOptions,
): Float64Array {
  const tally = new Float64Array(layout.size);
  countSamples(tally, coders, samplesIn(seconds, windowSeconds), windowSeconds, layout);
  const { mixed, valued, valuedSquared } = measureUnits(coders, seconds);
  tally.set([mixed, valued, valuedSquared], layout.units);
  coders.forEach((spans, coder) => {
    tally[layout.instances + coder] = spans.length;
  });
  layout.pairs.forEach(([a, b], pair) => {
    tally[layout.matched + pair] = matchEvents(coders[a], coders[b], criterion).length;
  });
  const groups = groupCodings(coders, (iou) => iou > agreedAboveIou);
  tally[layout.agreed] = groups.filter((group) => group.every((index) => index !== undefined)).length;
  tally[layout.disputed] = groups.length - tally[layout.agreed];
  return tally;
}

// ---- below: internals ----

function countSamples(
  tally: Float64Array,
  coders: readonly (readonly Span[])[],
  samples: number,
  windowSeconds: number,
  layout: TallyLayout,
): void {
  const sampleAt = (time: number) => Math.min(samples, Math.max(0, Math.ceil(time / windowSeconds - 0.5 - 1e-9)));
  let [first, end] = [samples, 0];
  for (const span of coders.flat()) {
    first = Math.min(first, sampleAt(span.start));
    end = Math.max(end, sampleAt(span.end));
  }
  const who = new Uint32Array(Math.max(0, end - first)); // a bit for each coder
  coders.forEach((spans, coder) => {
    for (const span of spans) {
      for (let i = sampleAt(span.start) - first, last = sampleAt(span.end) - first; i < last; i++) who[i] |= 1 << coder;
    }
  });
  const kinds = new Map<number, number>();
  for (const bits of who) if (bits !== 0) kinds.set(bits, (kinds.get(bits) ?? 0) + 1);
  for (const [bits, count] of kinds) {
    const sees = (coder: number) => ((bits >>> coder) & 1) === 1;
    let atOnce = 0;
    for (let coder = 0; coder < layout.coders; coder++) {
      if (!sees(coder)) continue;
      atOnce += 1;
      tally[layout.present + coder] += count;
    }
    tally[layout.atOnce + atOnce] += count;
    layout.pairs.forEach(([a, b], pair) => {
      if (sees(a) && sees(b)) tally[layout.both + pair] += count;
    });
  }
}
