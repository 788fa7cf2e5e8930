import { type Span, temporalIou } from '../annotation/temporalIou.ts';

/** When two codings of one action are the same event. All conditions that are given must hold. */
export interface EventCriterion {
  /** Temporal IoU of at least this, above 0 to 1. */
  readonly minIou?: number;
  /** Starts, and ends, at most so far apart. */
  readonly toleranceSeconds?: number;
}

/**
 * Pairs off the events of two coders, at most one with one, as many as can be; among several ways those
 * of greater overlap are tried first.
 *
 * @returns positions `[in first, in second]`
 */
export function matchEvents(
  first: readonly Span[],
  second: readonly Span[],
  criterion: EventCriterion,
): [first: number, second: number][] {
  const candidates = candidatesOf(first, second, criterion);
  const partner = new Int32Array(second.length).fill(-1);
  const visited = new Int32Array(second.length).fill(-1);
  const find = (one: number, round: number): boolean => {
    for (const other of candidates[one]) {
      if (visited[other] === round) continue;
      visited[other] = round;
      if (partner[other] < 0 || find(partner[other], round)) {
        partner[other] = one;
        return true;
      }
    }
    return false;
  };
  // Augmenting paths (Kuhn): each pass pairs one more, giving earlier ones another partner where needed.
  for (let one = 0; one < first.length; one++) find(one, one);
  return [...partner].flatMap((one, other): [number, number][] => (one < 0 ? [] : [[one, other]]));
}

// ---- below: internals ----

/** For each of the first, the fitting ones of the second, greatest overlap first. */
function candidatesOf(first: readonly Span[], second: readonly Span[], criterion: EventCriterion): number[][] {
  const { minIou = 0, toleranceSeconds = Number.POSITIVE_INFINITY } = criterion;
  const near = Number.isFinite(toleranceSeconds) ? toleranceSeconds : 0;
  const inOrder = (spans: readonly Span[]) => spans.map((_, i) => i).sort((a, b) => spans[a].start - spans[b].start);
  const order = inOrder(second);
  const candidates: number[][] = first.map(() => []);
  let from = 0;
  for (const one of inOrder(first)) {
    const a = first[one];
    while (from < order.length && second[order[from]].end <= a.start - near) from += 1;
    const fitting: { other: number; iou: number }[] = [];
    for (let i = from; i < order.length && second[order[i]].start <= Math.max(a.end, a.start + near); i++) {
      const b = second[order[i]];
      const iou = temporalIou(a, b);
      if (iou < minIou || (minIou > 0 && iou === 0)) continue;
      if (Math.abs(a.start - b.start) > toleranceSeconds || Math.abs(a.end - b.end) > toleranceSeconds) continue;
      fitting.push({ other: order[i], iou });
    }
    fitting.sort((x, y) => y.iou - x.iou);
    candidates[one] = fitting.map(({ other }) => other);
  }
  return candidates;
}
