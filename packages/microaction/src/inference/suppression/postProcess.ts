import { UsageError } from '../../errors.ts';
import { joinProposals, type Proposals } from './proposals.ts';
import { roundHalfEven } from './roundHalfEven.ts';
import { type SuppressionOptions, suppress } from './suppress.ts';

/** What a detection head says of one video. */
export interface DenseProposals {
  /** [proposals, 2]: start and end on the feature grid. */
  readonly segments: Float32Array;
  /** [proposals, classes]: 0 to 1. */
  readonly scores: Float32Array;
  readonly classes: number;
}

/** Where the feature grid lies in time. */
export type FeatureGrid =
  /** Step x is frame x * strideFrames + startFrame + offsetFrames of the video. */
  | {
      readonly kind: 'strided';
      readonly frameRate: number;
      readonly strideFrames: number;
      readonly offsetFrames?: number;
      /** First frame of the window. */
      readonly startFrame?: number;
    }
  /** The whole video was stretched to so many steps. */
  | { readonly kind: 'resized'; readonly steps: number };

export interface PostProcessingOptions {
  readonly grid: FeatureGrid;
  readonly durationSeconds: number;
  /** Scores must be above this to be considered. Default 0.001. */
  readonly minScore?: number;
  /** How many of the best (proposal, class) pairs are considered. Default 2000. */
  readonly maxCandidates?: number;
  readonly suppression: SuppressionOptions;
  /** Decimals of the result; `null` leaves it unrounded. Default 2 for seconds and 4 for scores. */
  readonly decimals?: { readonly seconds: number; readonly score: number } | null;
}

/**
 * From a head's dense output to the result list of a video, as OpenTAD's `post_processing` does it in single
 * precision: candidates, suppression, grid to seconds, clamping to the video, rounding.
 *
 * @returns seconds and scores, by decreasing score
 */
export function postProcess(dense: DenseProposals, options: PostProcessingOptions): Proposals<Float64Array> {
  return inSeconds(suppress(candidatesOf(dense, options), options.suppression), options);
}

/**
 * From a head's dense output to the candidates of one window of a video, in seconds of the video and rounded: what
 * `suppressWindows` takes.
 *
 * @returns by decreasing score
 */
export function windowCandidates(
  dense: DenseProposals,
  options: Omit<PostProcessingOptions, 'suppression'>,
): Proposals<Float64Array> {
  return inSeconds(candidatesOf(dense, options), options);
}

/**
 * The result list of a video from the candidates of its windows, in their order, as OpenTAD does it: suppression in
 * seconds, after these were rounded, and rounding once more. Classes go in the order in which they first appear.
 *
 * @returns by decreasing score
 */
export function suppressWindows(
  windows: readonly Proposals<Float64Array>[],
  { suppression, decimals = usualDecimals }: Pick<PostProcessingOptions, 'suppression' | 'decimals'>,
): Proposals<Float64Array> {
  const all = joinProposals(
    windows.map(({ starts, ends, scores, classes }) => {
      const [s, e, p] = [starts, ends, scores].map((numbers) => Float32Array.from(numbers));
      return { starts: s, ends: e, scores: p, classes };
    }),
  );
  const appeared = [...new Set(all.classes)];
  const placeOf = new Map(appeared.map((id, place) => [id, place]));
  const renumbered = { ...all, classes: all.classes.map((id) => placeOf.get(id) as number) };
  const { starts, ends, scores, classes } = suppress(renumbered, suppression);
  const rounding = (digits: number | undefined) => (value: number) => rounded(value, digits);
  return {
    starts: Float64Array.from(starts, rounding(decimals?.seconds)),
    ends: Float64Array.from(ends, rounding(decimals?.seconds)),
    scores: Float64Array.from(scores, rounding(decimals?.score)),
    classes: classes.map((place) => appeared[place]),
  };
}

// ---- below: internals ----

const usualDecimals = { seconds: 2, score: 4 };

function inSeconds(
  { starts, ends, scores, classes }: Proposals,
  { grid, durationSeconds, decimals = usualDecimals }: Omit<PostProcessingOptions, 'suppression'>,
): Proposals<Float64Array> {
  const toSeconds = secondsOf(grid, durationSeconds);
  const seconds = (steps: number) => rounded(clamp(toSeconds(steps), durationSeconds), decimals?.seconds);
  return {
    starts: Float64Array.from(starts, seconds),
    ends: Float64Array.from(ends, seconds),
    scores: Float64Array.from(scores, (score) => rounded(score, decimals?.score)),
    classes,
  };
}

/** The best (proposal, class) pairs, by decreasing score. */
function candidatesOf(
  { segments, scores, classes }: DenseProposals,
  { minScore = 0.001, maxCandidates = 2000 }: Omit<PostProcessingOptions, 'suppression'>,
): Proposals {
  const count = segments.length / 2;
  if (scores.length !== count * classes) {
    throw new UsageError(
      `postProcess: scores have ${scores.length} values, expected ${count} proposals x ${classes} classes`,
    );
  }
  const least = Math.fround(minScore);
  const pairs: number[] = [];
  for (let pair = 0; pair < scores.length; pair++) if (scores[pair] > least) pairs.push(pair);
  pairs.sort((a, b) => scores[b] - scores[a] || a - b);
  const best = pairs.slice(0, maxCandidates);
  const proposalOf = (pair: number) => Math.floor(pair / classes);
  return {
    starts: Float32Array.from(best, (pair) => segments[2 * proposalOf(pair)]),
    ends: Float32Array.from(best, (pair) => segments[2 * proposalOf(pair) + 1]),
    scores: Float32Array.from(best, (pair) => scores[pair]),
    classes: Int32Array.from(best, (pair) => pair % classes),
  };
}

function secondsOf(grid: FeatureGrid, durationSeconds: number): (steps: number) => number {
  const { fround } = Math;
  if (grid.kind === 'resized') return (x) => fround(fround(x / fround(grid.steps)) * fround(durationSeconds));
  const { frameRate, strideFrames, offsetFrames = 0, startFrame = 0 } = grid;
  return (x) => {
    const frame = fround(fround(fround(x * fround(strideFrames)) + fround(startFrame)) + fround(offsetFrames));
    return fround(frame / fround(frameRate));
  };
}

/** Times 0 keeps the sign, as the reference does: what began before the video starts at -0. */
function clamp(seconds: number, durationSeconds: number): number {
  if (seconds <= 0) return seconds * 0;
  return Math.min(seconds, Math.fround(durationSeconds));
}

const rounded = (value: number, decimals: number | undefined) =>
  decimals === undefined ? value : roundHalfEven(value, decimals);
