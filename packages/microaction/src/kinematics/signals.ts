/** Numerics of one measured quantity over time. Values may hold NaN where nothing was measured. */

export function medianOf(values: Iterable<number>): number {
  return quantileOf(values, 0.5);
}

/** The value below which the share `q` of the finite values lies; NaN when there is none. */
export function quantileOf(values: Iterable<number>, q: number): number {
  const sorted = Float64Array.from([...values].filter(Number.isFinite)).sort();
  if (sorted.length === 0) return Number.NaN;
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]);
}

/**
 * Standard deviation of the white noise in a signal, robust against the motion in it: the lower quartile of
 * the absolute fourth differences, which annihilate whatever is locally cubic, over that of unit noise. Up to
 * three quarters of the clip may be motion too quick to be cubic.
 */
export function noiseOf(values: ArrayLike<number>): number {
  const differences: number[] = [];
  for (let i = 2; i < values.length - 2; i++) {
    const d = values[i - 2] - 4 * values[i - 1] + 6 * values[i] - 4 * values[i + 1] + values[i + 2];
    if (Number.isFinite(d)) differences.push(Math.abs(d));
  }
  if (differences.length === 0) return 0;
  return quantileOf(differences, 0.25) / (0.3186 * Math.sqrt(70)); // 70 = 1 + 16 + 36 + 16 + 1
}

/** One movement from one turning point to the next. Indices count samples. */
export interface Swing {
  /** Where the movement sets in and where it is over, without the plateaus around it. */
  readonly start: number;
  readonly end: number;
  /** Values at the two turning points. */
  readonly from: number;
  readonly to: number;
}

/**
 * The movements of a signal that reach `threshold` from turning point to turning point, in order. Whatever
 * is smaller (noise, drift on a plateau) is passed over. A gap (NaN) ends the movement before it.
 */
export function swingsOf(values: ArrayLike<number>, threshold: number): Swing[] {
  const swings: Swing[] = [];
  let low = -1; // lowest and highest sample since the last turning point
  let high = -1;
  let direction = 0; // of the movement under way: 1 up, -1 down, 0 not known yet
  const finish = () => {
    if (direction > 0) swings.push(trimmed(values, low, high, threshold));
    if (direction < 0) swings.push(trimmed(values, high, low, threshold));
    direction = 0;
  };
  for (let i = 0; i <= values.length; i++) {
    const value = i < values.length ? values[i] : Number.NaN;
    if (Number.isNaN(value)) {
      finish();
      low = high = -1;
      continue;
    }
    if (low < 0) low = high = i;
    if (direction >= 0 && value > values[high]) high = i;
    if (direction <= 0 && value < values[low]) low = i;
    if (direction === 0) {
      // Before the first movement both ends follow the signal.
      if (value - values[low] >= threshold) [direction, high] = [1, i];
      else if (values[high] - value >= threshold) [direction, low] = [-1, i];
    } else if (direction > 0 && values[high] - value >= threshold) {
      finish();
      [direction, low] = [-1, i];
    } else if (direction < 0 && value - values[low] >= threshold) {
      finish();
      [direction, high] = [1, i];
    }
  }
  return swings;
}

/**
 * Swings that follow each other within `maxPauseSamples` and at a like tempo, in groups: a slow drift after quick
 * nods is none of them.
 */
export function episodesOf<S extends Swing>(swings: readonly S[], maxPauseSamples: number): S[][] {
  const episodes: S[][] = [];
  for (const swing of swings) {
    const current = episodes.at(-1);
    const before = current?.at(-1);
    const together = before && swing.start - before.end <= maxPauseSamples && likeTempo(before, swing, maxPauseSamples);
    if (current && together) current.push(swing);
    else episodes.push([swing]);
  }
  return episodes;
}

/** A stretch of samples, both ends included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Where a signal stays below `enter`, held until it rises above `leave` (hysteresis); shorter stretches than
 * `minSamples` are dropped, pauses up to `maxPauseSamples` bridged.
 */
export function spansBelow(
  values: ArrayLike<number>,
  {
    enter,
    leave,
    minSamples,
    maxPauseSamples,
  }: { enter: number; leave: number; minSamples: number; maxPauseSamples: number },
): Span[] {
  const spans: { start: number; end: number }[] = [];
  let open = false;
  for (let i = 0; i < values.length; i++) {
    const inside: boolean = open ? values[i] <= leave : values[i] <= enter; // NaN is outside
    if (inside && open) spans[spans.length - 1].end = i;
    else if (inside) {
      const last = spans.at(-1);
      if (last && i - last.end - 1 <= maxPauseSamples) last.end = i;
      else spans.push({ start: i, end: i });
    }
    open = inside;
  }
  return spans.filter(({ start, end }) => end - start + 1 >= minSamples);
}

// ---- below: internals ----

/** Up to three times as long, or both shorter than the pause that parts them. */
function likeTempo(a: Swing, b: Swing, maxPauseSamples: number): boolean {
  const [shorter, longer] = [a.end - a.start, b.end - b.start].sort((x, y) => x - y);
  return longer <= Math.max(3 * shorter, maxPauseSamples);
}

/** A plateau before or after the movement does not belong to it: cut 8 % of it, or what noise may make of a plateau. */
function trimmed(values: ArrayLike<number>, first: number, last: number, threshold: number): Swing {
  const from = values[first];
  const to = values[last];
  const margin = Math.max(0.08 * Math.abs(to - from), 0.33 * threshold);
  // From the last sample that is still near the one turning point to the next that is near the other.
  let start = first;
  for (let i = first; i < last; i++) if (Math.abs(values[i] - from) <= margin) start = i;
  let end = last;
  for (let i = last; i > start; i--) if (Math.abs(values[i] - to) <= margin) end = i;
  return { start, end, from, to };
}
