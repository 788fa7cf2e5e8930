import { isSameSubset } from '../../annotation/dataset/subsets.ts';
import type { Dataset } from '../../annotation/dataset.ts';
import { Problems, shown } from '../../problems.ts';

/**
 * Instances of many videos in columns, one row an instance: what the metrics work on. Rows are in the order of
 * their file, which decides the rank of equal scores. Times are seconds.
 */
export interface DetectionTable {
  /** Names the document in messages. */
  readonly source: string;
  /** What `label` counts by, in order of first appearance. */
  readonly labels: readonly string[];
  /** What `video` counts by; also those without an instance. */
  readonly videos: readonly string[];
  /** Seconds by video; NaN where unknown. */
  readonly durations: Float64Array;
  readonly label: Int32Array;
  readonly video: Int32Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
}

/** A table of predictions. */
export interface PredictionTable extends DetectionTable {
  /** Any finite number: scores only rank. */
  readonly score: Float64Array;
}

export interface TruthOptions {
  /** Only videos of this subset, `val` and `validation` being one; all when absent. */
  readonly subset?: string;
  /** Only videos it says yes to. */
  readonly video?: (id: string) => boolean;
}

/** The truth in a data set: instances of each video by start. @throws UserError `bad-annotations` */
export function truthOfDataset(dataset: Dataset, source: string, options: TruthOptions = {}): DetectionTable {
  const builder = new TableBuilder(source, 'truth');
  for (const clip of dataset.clips) {
    if (options.subset !== undefined && !isSameSubset(clip.subset, options.subset)) continue;
    if (options.video?.(clip.id) === false) continue;
    const video = builder.video(clip.id, clip.durationSeconds);
    clip.instances.forEach(({ action, start, end }, i) => {
      builder.add(video, action, start, end, 0, i);
    });
  }
  return builder.finish();
}

/**
 * The predictions in a data set. A data set keeps the instances of a video by start, not in the order of its file;
 * where scores tie and the reference's very digits matter, read the file with `predictionsOfOpenTad`.
 *
 * @throws UserError `bad-annotations` naming every row without a score
 */
export function predictionsOfDataset(
  dataset: Dataset,
  source: string,
  options: PredictionOptions = {},
): PredictionTable {
  const builder = new TableBuilder(source, 'predictions', options.strict);
  for (const clip of dataset.clips) {
    if (options.video?.(clip.id) === false) continue;
    const video = builder.video(clip.id, clip.durationSeconds);
    clip.instances.forEach(({ action, start, end, score }, i) => {
      builder.add(video, action, start, end, score, i);
    });
  }
  return builder.finish();
}

export interface PredictionOptions {
  /** Only videos it says yes to. */
  readonly video?: (id: string) => boolean;
  /**
   * Also refuse predictions that start before the video or end where they start, or before. The references keep
   * them, as false positives mostly, and so does this library unless asked.
   */
  readonly strict?: boolean;
}

/** Gathers rows into a table, and all that is wrong with them into one error. */
export class TableBuilder {
  readonly #source: string;
  readonly #kind: 'truth' | 'predictions';
  readonly #strict: boolean;
  readonly #problems: Problems;
  readonly #labels = new Map<string, number>();
  readonly #videos = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #durations: number[] = [];
  #rows = 0;
  #label = new Int32Array(1024);
  #video = new Int32Array(1024);
  #start = new Float64Array(1024);
  #end = new Float64Array(1024);
  #score: Float64Array;

  constructor(source: string, kind: 'truth' | 'predictions', strict = false) {
    this.#source = source;
    this.#kind = kind;
    this.#strict = strict;
    this.#problems = new Problems(source);
    this.#score = new Float64Array(kind === 'truth' ? 0 : 1024);
  }

  /** The number of a video, new or seen before. */
  video(id: string, durationSeconds?: number): number {
    let index = this.#videos.get(id);
    if (index === undefined) {
      index = this.#videos.size;
      this.#videos.set(id, index);
      this.#names.push(id);
      this.#durations.push(Number.NaN);
    }
    if (typeof durationSeconds === 'number' && durationSeconds > 0) this.#durations[index] = durationSeconds;
    return index;
  }

  /** Adds a row, `index` being its place in its video; what is not as expected becomes a problem. */
  add(video: number, label: unknown, start: unknown, end: unknown, score: unknown, index: number): void {
    const problem = this.#problem(label, start, end, score);
    if (problem !== undefined) {
      this.problem(`video ${shown(this.#names[video])}, instance ${index}`, problem);
      return;
    }
    if (this.#rows === this.#label.length) this.#grow();
    const row = this.#rows++;
    this.#video[row] = video;
    this.#label[row] = this.#labelIndex(label as string);
    this.#start[row] = start as number;
    this.#end[row] = end as number;
    if (this.#kind === 'predictions') this.#score[row] = score as number;
  }

  problem(where: string, what: string): void {
    this.#problems.add(where, what);
  }

  /** @throws UserError `bad-annotations` with all that was wrong */
  finish(): PredictionTable {
    this.#problems.throwIfAny();
    return {
      source: this.#source,
      labels: [...this.#labels.keys()],
      videos: this.#names,
      durations: Float64Array.from(this.#durations),
      label: this.#label.subarray(0, this.#rows),
      video: this.#video.subarray(0, this.#rows),
      start: this.#start.subarray(0, this.#rows),
      end: this.#end.subarray(0, this.#rows),
      score: this.#score.subarray(0, this.#rows),
    };
  }

  #labelIndex(label: string): number {
    let index = this.#labels.get(label);
    if (index === undefined) {
      index = this.#labels.size;
      this.#labels.set(label, index);
    }
    return index;
  }

  #problem(label: unknown, start: unknown, end: unknown, score: unknown): string | undefined {
    if (typeof label !== 'string' || label === '')
      return `label: found ${shown(label)}, expected the name of an action`;
    if (!Number.isFinite(start)) return `start: found ${shown(start)}, expected seconds`;
    if (!Number.isFinite(end)) return `end: found ${shown(end)}, expected seconds`;
    if (!Number.isFinite(score)) return `score: found ${shown(score)}, expected a number`;
    const strict = this.#strict && this.#kind === 'predictions';
    if ((strict || this.#kind === 'truth') && (start as number) < 0) return `start: found ${start}, expected 0 or more`;
    if (strict && !((start as number) < (end as number))) return `start ${start} must be before end ${end}`;
    return undefined;
  }

  #grow(): void {
    const rows = this.#label.length * 2;
    const grown = <A extends Int32Array | Float64Array>(old: A, fresh: A): A => {
      fresh.set(old);
      return fresh;
    };
    this.#label = grown(this.#label, new Int32Array(rows));
    this.#video = grown(this.#video, new Int32Array(rows));
    this.#start = grown(this.#start, new Float64Array(rows));
    this.#end = grown(this.#end, new Float64Array(rows));
    if (this.#kind === 'predictions') this.#score = grown(this.#score, new Float64Array(rows));
  }
}
