import { UsageError, UserError } from '../../errors.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { ClassRows } from './classRows.ts';
import { groupLevel, type Level } from './detectionMap.ts';
import type { DetectionTable, PredictionTable } from './detectionTable.ts';

/** Truth and scores of every class at every frame: what metrics of dense prediction work on. */
export interface FrameScores {
  readonly classes: readonly string[];
  /** Frame at which each video begins, and last their number. Videos lie one behind the other. */
  readonly from: Int32Array;
  /** By class, [frames]: 1 where the action holds. */
  readonly truth: readonly Uint8Array[];
  /** By class, [frames]: the model's score, 0 or more. */
  readonly score: readonly Float64Array[];
}

export interface FrameOptions {
  /** Frames looked at each second; 10 when absent. MS-TCT looks at each step of its features. */
  readonly framesPerSecond?: number;
}

/**
 * Lays segments out over frames, for detectors that give segments: frame i of a video is at `i / framesPerSecond`
 * seconds, an instance holds from its start up to before its end, and a frame's score is the highest of the segments
 * of the class that cover it, 0 where there is none. Only videos of the truth are looked at, over the length they
 * state, else up to the last end of anything in them.
 *
 * @throws UserError `bad-score` where a score is below 0: 0 is what a frame without prediction has
 */
export function framesOfSegments(
  truth: DetectionTable,
  predictions: PredictionTable,
  taxonomy: Taxonomy,
  level: Level,
  { framesPerSecond = 10 }: FrameOptions = {},
): FrameScores {
  if (!(framesPerSecond > 0 && framesPerSecond < 1000)) {
    throw new UsageError(`Frames per second must be above 0 and below 1000, found ${framesPerSecond}.`);
  }
  const negative = predictions.score.findIndex((score) => score < 0);
  if (negative >= 0) {
    const found = `found score ${predictions.score[negative]}, expected 0 or more to score frames`;
    throw new UserError('bad-score', `${predictions.source}: row ${negative + 1}: ${found}.`);
  }
  const data = groupLevel(truth, predictions, taxonomy, level);
  const from = frameOffsets(truth, data, framesPerSecond);
  /** Calls `each` for the frames of a span. */
  const cover = (video: number, start: number, end: number, each: (frame: number) => void) => {
    if (video + 1 >= from.length) return;
    const last = Math.min(from[video + 1], from[video] + Math.ceil(end * framesPerSecond));
    for (let f = from[video] + Math.max(0, Math.ceil(start * framesPerSecond)); f < last; f++) each(f);
  };
  const frames = from[from.length - 1];
  const truths: Uint8Array[] = [];
  const scores: Float64Array[] = [];
  for (let c = 0; c < data.classes.length; c++) {
    const holds = new Uint8Array(frames);
    for (let g = data.truthFrom[c]; g < data.truthFrom[c + 1]; g++) {
      cover(data.truthVideo[g], data.truthStart[g], data.truthEnd[g], (f) => {
        holds[f] = 1;
      });
    }
    const best = new Float64Array(frames);
    for (const row of data.rows.subarray(data.from[c], data.from[c + 1])) {
      const score = data.score[row];
      cover(data.video[row], data.start[row], data.end[row], (f) => {
        if (score > best[f]) best[f] = score;
      });
    }
    truths.push(holds);
    scores.push(best);
  }
  return { classes: data.classes, from, truth: truths, score: scores };
}

// ---- below: internals ----

function frameOffsets(truth: DetectionTable, data: ClassRows, framesPerSecond: number): Int32Array {
  const ends = new Float64Array(data.videos);
  for (let g = 0; g < data.truthVideo.length; g++) {
    ends[data.truthVideo[g]] = Math.max(ends[data.truthVideo[g]], data.truthEnd[g]);
  }
  for (let row = 0; row < data.video.length; row++)
    ends[data.video[row]] = Math.max(ends[data.video[row]], data.end[row]);
  const from = new Int32Array(truth.videos.length + 1);
  for (let video = 0; video < truth.videos.length; video++) {
    const stated = truth.durations[video];
    from[video + 1] = from[video] + Math.ceil((Number.isNaN(stated) ? ends[video] : stated) * framesPerSecond);
  }
  return from;
}
