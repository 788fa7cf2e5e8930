export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Spreads spans over as few lanes as can be, so that none overlap in a lane. Each lane is in order of time. */
export function assignLanes<S extends Span>(spans: readonly S[]): S[][] {
  const lanes: S[][] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const free = lanes.find((lane) => lane[lane.length - 1].end <= span.start);
    if (free) free.push(span);
    else lanes.push([span]);
  }
  return lanes;
}

/** Position of the first span of a lane that ends after a moment; the lane's length when none does. */
export function firstEndingAfter(lane: readonly Span[], seconds: number): number {
  let low = 0;
  let high = lane.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lane[middle].end > seconds) high = middle;
    else low = middle + 1;
  }
  return low;
}
