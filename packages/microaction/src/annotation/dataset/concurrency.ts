import type { Clip } from '../dataset.ts';
import { countBelow, countUpTo } from './sortedCounts.ts';

/** How many instances run at the same moment. */
export interface Concurrency {
  /** From 0 to the most found, without holes. */
  readonly levels: readonly ConcurrencyLevel[];
  /** Instances that share some time with another one of their video, and their share of all. */
  readonly overlappingInstances: number;
  readonly overlappingShare: number | null;
}

export interface ConcurrencyLevel {
  /** How many run at once. */
  readonly instances: number;
  /** Of the videos of known length; instances past the end count up to it. */
  readonly seconds: number;
  readonly share: number | null;
  /** Videos in which at most so many run at once. */
  readonly videosWithThisMaximum: number;
}

export interface ConcurrencyOptions {
  /** Lets the frame at which an instance ends count to it, in clips of known frame rate. */
  readonly countEndFrame?: boolean;
}

/** Sweeps over the edges of each clip's instances, which are half open: one that ends as another starts is alone. */
export function concurrencyOf(clips: readonly Clip[], { countEndFrame }: ConcurrencyOptions = {}): Concurrency {
  const seconds: number[] = [];
  const maxima: number[] = [];
  let overlapping = 0;
  let total = 0;
  for (const { instances, durationSeconds, frameRate } of clips) {
    const end = durationSeconds ?? 0;
    const whole = countEndFrame && frameRate !== undefined;
    const spans = whole ? instances.map((one) => wholeFrames(one, frameRate)) : instances;
    const starts = Float64Array.from(spans, (one) => one.start).sort();
    const ends = Float64Array.from(spans, (one) => one.end).sort();
    let running = 0;
    let most = 0;
    let at = 0;
    for (let s = 0, e = 0; e < ends.length; ) {
      const ending = s === starts.length || ends[e] <= starts[s];
      const next = Math.min(Math.max(ending ? ends[e] : starts[s], 0), end);
      seconds[running] = (seconds[running] ?? 0) + next - at;
      at = next;
      if (ending) e += 1;
      else s += 1;
      running += ending ? -1 : 1;
      most = Math.max(most, running);
    }
    seconds[0] = (seconds[0] ?? 0) + end - at;
    maxima[most] = (maxima[most] ?? 0) + 1;
    // Whoever starts before an instance ends, and has not ended before it starts, meets it; it is one of them itself.
    for (const one of spans) if (countBelow(starts, one.end) - countUpTo(ends, one.start) > 1) overlapping += 1;
    total += instances.length;
  }
  const time = seconds.reduce((sum, value) => sum + (value ?? 0), 0);
  const levels = Array.from({ length: Math.max(seconds.length, maxima.length) }, (_, instances) => ({
    instances,
    seconds: seconds[instances] ?? 0,
    share: time > 0 ? (seconds[instances] ?? 0) / time : null,
    videosWithThisMaximum: maxima[instances] ?? 0,
  }));
  return { levels, overlappingInstances: overlapping, overlappingShare: total > 0 ? overlapping / total : null };
}

// ---- below: internals ----

/** From the start of the first frame to the end of the last one; equal frames give equal seconds. */
function wholeFrames({ start, end }: { start: number; end: number }, frameRate: number) {
  return { start: Math.round(start * frameRate) / frameRate, end: (Math.round(end * frameRate) + 1) / frameRate };
}
