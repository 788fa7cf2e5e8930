import { UsageError, UserError } from '../../errors.ts';
import { shown } from '../../problems.ts';
import { type Clip, compareInstances, type Dataset, type Instance } from '../dataset.ts';
import { countBelow, countUpTo } from './sortedCounts.ts';

export interface CutOptions {
  /** Length of a piece; default 5 to 15 s, as MMA-52 was built. The most must be at least twice the least. */
  readonly minSeconds?: number;
  readonly maxSeconds?: number;
  /** Leaves out pieces with fewer instances. Default 0: none. MMA-52 has at least 2. */
  readonly minInstances?: number;
}

/** One piece of a recording. Times in seconds from the start of the recording. */
export interface Cut {
  /** Id of the new clip. */
  readonly clip: string;
  /** Id of the recording. */
  readonly source: string;
  readonly file?: string;
  readonly start: number;
  readonly end: number;
  /** Instances that go on beyond an edge of the piece, as they are in the recording. */
  readonly truncated: readonly Instance[];
}

export interface CutPlan {
  readonly cuts: readonly Cut[];
  /** A clip for each cut, its instances counted from the start of the piece. */
  readonly dataset: Dataset;
}

/**
 * Plans how to cut long recordings into pieces without cutting an instance where that is possible.
 *
 * The pieces follow each other without gap or overlap. Of all ways to cut at the edges of instances and at a grid
 * of half seconds (whole frames where the frame rate is known) the one is taken that cuts the fewest instances,
 * then the one whose pieces are nearest in length to the middle of the range. An instance that must be cut, as
 * every one longer than a piece, goes on in each piece it touches, and stands in their `truncated`.
 *
 * A recording no longer than `maxSeconds` stays whole, even a very short one. One of unknown length is taken to end
 * with its last instance.
 *
 * @throws UsageError where the lengths make no sense
 * @throws UserError `too-long`
 */
export function planCuts(dataset: Dataset, options: CutOptions = {}): CutPlan {
  const { minSeconds = 5, maxSeconds = 15, minInstances = 0 } = options;
  if (!(minSeconds > 0 && maxSeconds >= 2 * minSeconds && Number.isFinite(maxSeconds))) {
    throw new UsageError(
      `minSeconds, maxSeconds: found ${minSeconds} and ${maxSeconds}, expected a least above 0 and a most of at least twice that, so that every recording can be cut.`,
    );
  }
  const taken = new Set(dataset.clips.map(({ id }) => id));
  const pieces = dataset.clips.flatMap((clip) => {
    const edges = bestEdges(clip, minSeconds, maxSeconds);
    if (edges.length <= 2) return [wholeOf(clip)];
    const digits = String(edges.length - 1).length;
    return edges.slice(1).map((end, index) => {
      let id = `${clip.id}_${String(index + 1).padStart(digits, '0')}`;
      while (taken.has(id)) id += '_';
      taken.add(id);
      return pieceOf(clip, id, edges[index], end);
    });
  });
  const kept = pieces.filter(({ clip }) => clip.instances.length >= minInstances);
  return {
    cuts: kept.map(({ cut }) => cut),
    dataset: { taxonomy: dataset.taxonomy, clips: kept.map(({ clip }) => clip) },
  };
}

// ---- below: internals ----

const gridSeconds = 0.5;
const mostSeconds = 7 * 24 * 3600;
/** Times this near are the same: far below a frame, far above what floats lose. */
const same = 1e-9;

const lengthOf = ({ durationSeconds, instances }: Clip) =>
  durationSeconds ?? instances.reduce((last, { end }) => Math.max(last, end), 0);

/** From 0 to the end of the clip, the edges of its pieces. */
function bestEdges(clip: Clip, min: number, max: number): number[] {
  const length = lengthOf(clip);
  if (length <= max + same) return [0, length];
  if (!(length <= mostSeconds)) {
    throw new UserError(
      'too-long',
      `${shown(clip.id)} is ${length} s long, expected at most ${mostSeconds} s (a week); are its times seconds?`,
    );
  }
  const at = candidates(clip, length, max);
  const starts = Float64Array.from(clip.instances, ({ start }) => start + same).sort();
  const ends = Float64Array.from(clip.instances, ({ end }) => end - same).sort();
  const target = (min + max) / 2;
  // The best way to reach each candidate: instances cut so far, then how far lengths are from the target.
  const cutSoFar = new Float64Array(at.length).fill(Number.POSITIVE_INFINITY);
  const strayed = new Float64Array(at.length).fill(Number.POSITIVE_INFINITY);
  const before = new Int32Array(at.length).fill(-1);
  cutSoFar[0] = 0;
  strayed[0] = 0;
  for (let i = 1, first = 0; i < at.length; i++) {
    while (at[i] - at[first] > max + same) first += 1;
    const cutHere = i === at.length - 1 ? 0 : countBelow(starts, at[i]) - countUpTo(ends, at[i]);
    for (let j = first; j < i && at[i] - at[j] >= min - same; j++) {
      const cut = cutSoFar[j] + cutHere;
      const stray = strayed[j] + (at[i] - at[j] - target) ** 2;
      if (cut > cutSoFar[i] || (cut === cutSoFar[i] && stray >= strayed[i])) continue;
      [cutSoFar[i], strayed[i], before[i]] = [cut, stray, j];
    }
  }
  const edges: number[] = [];
  for (let i = at.length - 1; i >= 0; i = before[i]) edges.unshift(at[i]);
  return edges;
}

/** Edges of instances, the grid, and equal parts, with which a way through is sure to exist. */
function candidates({ instances, frameRate }: Clip, length: number, max: number): number[] {
  const onFrame = (time: number) => (frameRate === undefined ? time : Math.round(time * frameRate) / frameRate);
  const grid = Array.from({ length: Math.floor(length / gridSeconds) }, (_, i) => onFrame(i * gridSeconds));
  const parts = Math.ceil(length / max - same);
  const equal = Array.from({ length: parts }, (_, i) => (i * length) / parts);
  const inside = [...grid, ...equal, ...instances.flatMap(({ start, end }) => [start, end])]
    .filter((time) => time > same && time < length - same)
    .sort((a, b) => a - b);
  return [0, ...inside.filter((time, i) => i === 0 || time - inside[i - 1] > same), length];
}

function wholeOf(clip: Clip): { cut: Cut; clip: Clip } {
  const { id, file } = clip;
  return {
    cut: { clip: id, source: id, ...(file !== undefined && { file }), start: 0, end: lengthOf(clip), truncated: [] },
    clip,
  };
}

/** Differences of decimal times keep their decimals. */
const microseconds = (seconds: number) => Math.round(seconds * 1e6) / 1e6;

function pieceOf(clip: Clip, id: string, start: number, end: number): { cut: Cut; clip: Clip } {
  const { id: source, file, instances, foreign: _, ...rest } = clip;
  const inside = instances.filter((one) => one.start < end - same && one.end > start + same);
  const truncated = inside.filter((one) => one.start < start - same || one.end > end + same);
  const shifted = inside.map((one) => ({
    ...one,
    start: microseconds(Math.max(0, one.start - start)),
    end: microseconds(Math.min(end, one.end) - start),
  }));
  return {
    cut: { clip: id, source, ...(file !== undefined && { file }), start, end, truncated },
    clip: { ...rest, id, durationSeconds: microseconds(end - start), instances: shifted.sort(compareInstances) },
  };
}
