import { Dice } from '../../dice.ts';
import { UsageError, UserError } from '../../errors.ts';
import { type Range, slidingWindows } from '../../inference/windows.ts';
import type { Truth } from '../../models/heads/index.ts';
import { shuffled } from '../../random.ts';
import { madeAhead } from '../ahead.ts';
import type { BatchSource, SkippedVideo } from '../batches.ts';
import { balancedDraw } from '../sampling/balancedDraw.ts';
import { bucketBatches } from '../sampling/lengthBuckets.ts';
import { type Crop, randomCrop, truthWithin } from '../windows.ts';
import type { DetectionBatch } from './detectionBatch.ts';

/** Which windows of videos make an epoch. */
export type WindowChoice =
  /** For training: of each video that has something to be found one random part, in random order. */
  | {
      readonly kind: 'random';
      /** The part of an action that a window must hold for the action to count, and of one action at least. */
      readonly leastPart: number;
      /** Between which parts of a video no longer than a window the length of its window is drawn; null takes it whole. */
      readonly ratio: readonly [low: number, high: number] | null;
      /** How often videos of rare classes are drawn: from 0, as often as others, to 1, see `balancedDraw`. 0 unless given. */
      readonly balance?: number;
      /** What becomes of a last batch that does not fill: dropped, as OpenTAD does, unless told. */
      readonly incomplete?: 'drop' | 'keep';
    }
  /** For validation: windows side by side in which something is to be found, always the same. */
  | {
      readonly kind: 'sliding';
      /** The part of a window that the next one sees again. */
      readonly overlap: number;
      /** An action counts in a window that holds more than this part of it. 0.75 unless given. */
      readonly moreThan?: number;
    };

export interface WindowBatchOptions {
  readonly windows: WindowChoice;
  /** To which lengths windows are filled up, rising; the last is that of the longest window. */
  readonly bucketSteps: readonly number[];
  readonly batchSize: number;
  readonly seed: number;
  /** Batches that are made while one is being learnt from; 2 unless given. */
  readonly ahead?: number;
  /** What was left out before. */
  readonly skipped?: readonly SkippedVideo[];
}

/** A video as a sequence of steps. */
export interface Sequence {
  readonly video: string;
  readonly steps: number;
  /** In steps. */
  readonly truth: Truth;
}

/** Part of a sequence as a network takes it. */
export interface WindowInput {
  /** [channels, steps, ...] */
  readonly data: Uint8Array | Float32Array;
  readonly shape: readonly number[];
  /** What comes behind the end: the last step again, or zeros. */
  readonly padding: 'last' | 'zero';
}

/**
 * Batches of windows of sequences, the same for the same seed and epoch. A sequence that cannot be loaded is skipped: in
 * training another takes its place, in validation the batch is smaller, and not there where nothing is left of it.
 *
 * @param load - a part of a sequence, all that is random about it drawn from the dice; a UserError skips the sequence
 * @throws UserError `no-videos`, `too-few-videos`; UsageError for options that make no sense
 */
export function windowBatches<Item extends Sequence>(
  sequences: readonly Item[],
  load: (sequence: Item, range: Range, dice: Dice) => Promise<WindowInput>,
  options: WindowBatchOptions,
): BatchSource<DetectionBatch> {
  checkOptions(options);
  const { windows, bucketSteps, batchSize, seed, ahead = 2 } = options;
  const length = bucketSteps[bucketSteps.length - 1];
  const skipped = new Map(options.skipped?.map((one) => [one.video, one]));
  const used = sequences.filter(({ truth }) => truth.classes.length > 0);
  const order = windows.kind === 'random' ? randomOrder(used, windows, seed) : slidingOrder(used, windows, length);
  const planOf = (epoch: number) =>
    bucketBatches(order(epoch), {
      lengths: bucketSteps,
      batchSize,
      lengthOf: ({ sequence, crop }) => Math.min(crop ? crop.end - crop.start : sequence.steps, length),
      keepIncomplete: windows.kind === 'sliding' || windows.incomplete === 'keep',
    });
  checkEnough(planOf(0).length, used.length, sequences.length, options);

  /** A window of a sequence, or undefined where it cannot be loaded. */
  async function made({ sequence, dice, crop }: Draw<Item>, steps: number): Promise<Made | undefined> {
    const draw = dice.fork('crop');
    const part = crop ?? cropOf(sequence, steps, windows, (low, high) => draw.integer(low, high));
    try {
      const input = await load(sequence, part, dice.fork('augment'));
      return { input, truth: part.truth, video: sequence.video };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      skipped.set(sequence.video, { video: sequence.video, reason: error.message });
      return undefined;
    }
  }

  /** As `made`; another sequence, always the same one, stands for one that cannot be loaded. */
  async function madeOrOther(draw: Draw<Item>, steps: number): Promise<Made | undefined> {
    const own = await made(draw, steps);
    if (own || windows.kind === 'sliding') return own;
    const dice = draw.dice.fork('other');
    for (const sequence of shuffled(used, () => dice.uniform())) {
      const other = sequence !== draw.sequence && (await made({ sequence, dice: dice.fork(sequence.video) }, steps));
      if (other) return other;
    }
    const { reason } = skipped.get(draw.sequence.video) as SkippedVideo;
    throw new UserError('no-videos', `none of the ${used.length} videos can be read; the last problem: ${reason}`);
  }

  return {
    batchCount: (epoch) => planOf(epoch).length,
    async *epoch(epoch, from = 0) {
      const left = planOf(epoch).slice(from);
      const make = async ({ length: steps, items }: (typeof left)[number]) => {
        const found = await Promise.all(items.map((draw) => madeOrOther(draw, steps)));
        return joined(
          found.filter((one) => one !== undefined),
          steps,
        );
      };
      for await (const batch of madeAhead(left, make, ahead)) if (batch) yield batch;
    },
    get skipped() {
      return [...skipped.values()];
    },
  };
}

// ---- below: internals ----

/** A window to be made: of which sequence, where unless that is yet to be drawn, and with what chance. */
interface Draw<Item> {
  readonly sequence: Item;
  readonly dice: Dice;
  readonly crop?: Crop;
}

interface Made {
  readonly input: WindowInput;
  readonly truth: Truth;
  readonly video: string;
}

function randomOrder<Item extends Sequence>(
  used: readonly Item[],
  { balance = 0 }: Extract<WindowChoice, { kind: 'random' }>,
  seed: number,
): (epoch: number) => Draw<Item>[] {
  const classesOf = used.map(({ truth }) => truth.classes);
  return (epoch) => {
    const dice = new Dice(seed).fork('epoch', epoch);
    const times = new Map<number, number>();
    return balancedDraw(classesOf, balance, dice.fork('order')).map((index) => {
      const time = times.get(index) ?? 0;
      times.set(index, time + 1);
      const sequence = used[index];
      return { sequence, dice: dice.fork('video', sequence.video, time) };
    });
  };
}

function slidingOrder<Item extends Sequence>(
  used: readonly Item[],
  { overlap, moreThan = 0.75 }: Extract<WindowChoice, { kind: 'sliding' }>,
  length: number,
): () => Draw<Item>[] {
  const dice = new Dice(0); // nothing is drawn
  const draws = used.flatMap((sequence) =>
    slidingWindows(sequence.steps, { length, overlap }).flatMap(({ start, end }) => {
      const { starts, ends, classes } = truthWithin(sequence.truth, { start, end: end - 1 }, moreThan);
      if (classes.length === 0) return [];
      const fromStart = (step: number) => step - start;
      const truth = { starts: starts.map(fromStart), ends: ends.map(fromStart), classes };
      return { sequence, dice, crop: { start, end, truth } };
    }),
  );
  return () => draws;
}

function cropOf(
  { steps, truth }: Sequence,
  length: number,
  windows: WindowChoice,
  draw: (low: number, high: number) => number,
): Crop {
  if (windows.kind === 'sliding') throw new Error('sliding windows are not drawn');
  return randomCrop(steps, truth, { length, leastPart: windows.leastPart, ratio: windows.ratio }, draw);
}

/** Windows filled up to a length, side by side; undefined without any. */
function joined(windows: readonly Made[], length: number): DetectionBatch | undefined {
  if (windows.length === 0) return undefined;
  const [{ input: first }] = windows;
  const [channels, , ...inner] = first.shape;
  const step = inner.reduce((product, extent) => product * extent, 1);
  const size = windows.length * channels * length * step;
  const input = first.data instanceof Uint8Array ? new Uint8Array(size) : new Float32Array(size);
  const mask = new Uint8Array(windows.length * length);
  for (const [place, { input: window }] of windows.entries()) {
    const steps = window.shape[1];
    mask.fill(1, place * length, place * length + steps);
    for (let channel = 0; channel < channels; channel++) {
      const at = (place * channels + channel) * length * step;
      input.set(window.data.subarray(channel * steps * step, (channel + 1) * steps * step), at);
      if (window.padding === 'zero') continue;
      for (let behind = steps; behind < length; behind++) {
        input.copyWithin(at + behind * step, at + (steps - 1) * step, at + steps * step);
      }
    }
  }
  return {
    input,
    inputShape: [windows.length, channels, length, ...inner],
    mask,
    truths: windows.map(({ truth }) => truth),
    videos: windows.map(({ video }) => video),
  };
}

function checkOptions({ bucketSteps, batchSize }: WindowBatchOptions): void {
  const rising = bucketSteps.every((steps, i) => Number.isInteger(steps) && steps > (bucketSteps[i - 1] ?? 0));
  if (!rising || bucketSteps.length === 0) {
    throw new UsageError(`bucketSteps: found [${bucketSteps.join(', ')}], expected whole numbers from 1 that rise.`);
  }
  if (!(Number.isInteger(batchSize) && batchSize >= 1)) {
    throw new UsageError(`batchSize: found ${batchSize}, expected a whole number from 1.`);
  }
}

function checkEnough(batches: number, used: number, given: number, options: WindowBatchOptions): void {
  if (batches > 0) return;
  const { skipped = [], batchSize } = options;
  if (used > 0 && options.windows.kind === 'random') {
    throw new UserError(
      'too-few-videos',
      `${used} videos with actions do not fill a batch of ${batchSize}; use smaller batches, or keep incomplete ones`,
    );
  }
  const why = skipped.length > 0 ? `; ${skipped.length} were left out, such as: ${skipped[0].reason}` : '';
  throw new UserError(
    'no-videos',
    `found no video with an action to learn from among ${given}${why}; check that labels and videos belong together`,
  );
}
