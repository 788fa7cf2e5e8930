import { Dice } from '../../dice.ts';
import { UsageError, UserError } from '../../errors.ts';
import { shuffled } from '../../random.ts';
import { madeAhead } from '../ahead.ts';
import type { AugmentOptions } from '../augment/augment.ts';
import type { BatchSource, SkippedVideo } from '../batches.ts';
import type { FrameStore, MeasuredVideo } from '../frames/frameStore.ts';
import { balancedDraw } from '../sampling/balancedDraw.ts';
import { type FrameSampling, sampledFrames, sampleFrames } from './frameSampling.ts';
import type { LabelledClip } from './labelledClips.ts';
import { drawMixture, type MixupOptions, mixed } from './mixup.ts';
import type { RecognitionBatch } from './recognitionBatch.ts';

export interface ClipShape {
  readonly classes: number;
  readonly sampling: FrameSampling;
  /** Side of the square pictures. */
  readonly sizePixels: number;
  readonly batchSize: number;
  /** Batches that are made while one is being used; 2 unless given. */
  readonly ahead?: number;
}

export interface RecognitionBatchOptions extends ClipShape {
  /** How clips differ from time to time; not at all unless told. Without a crop the middle is seen, as `judgedClips` does. */
  readonly augment?: AugmentOptions;
  /** The class that each becomes where left and right change places, of those that name a side: in pairs. */
  readonly mirrored?: Readonly<Record<number, number>>;
  /** How often clips of rare classes are drawn: from 0, as often as others, to 1, all classes alike. 0 unless given. */
  readonly balance?: number;
  /** Clips of a batch are mixed with each other; not unless told. */
  readonly mixup?: MixupOptions;
  /** What becomes of a last batch that does not fill; dropped unless told. */
  readonly incomplete?: 'drop' | 'keep';
  readonly seed: number;
  /** What was left out before. */
  readonly skipped?: readonly SkippedVideo[];
}

/**
 * Batches of clips for training, in random order: the same for the same seed and epoch. Clips with fewer frames than are
 * sampled show some of them several times. All are measured first; one that cannot be read is skipped and told, and
 * another takes its place.
 *
 * @param frames - the store that decodes; whoever made it closes it
 * @throws UserError `no-videos`, `too-few-videos`; UsageError for options that make no sense
 */
export async function recognitionBatches(
  clips: readonly LabelledClip[],
  frames: FrameStore,
  options: RecognitionBatchOptions,
): Promise<BatchSource<RecognitionBatch>> {
  checkOptions(clips, options);
  const { mirrored = {}, balance = 0, mixup, incomplete = 'drop', batchSize } = options;
  const augment: AugmentOptions = { crop: middle(frames, options), ...options.augment };
  const skipped = new Map(options.skipped?.map((one) => [one.video, one]));
  const used = (await measured(clips, frames, skipped)).filter((clip) => clip !== undefined);
  checkEnough(used.length, clips.length, incomplete === 'keep' ? 1 : batchSize, [...skipped.values()]);
  const classesOf = used.map(({ classId }) => [classId]);
  const epochOf = (epoch: number) => new Dice(options.seed).fork('epoch', epoch);

  function planOf(epoch: number): Draw[][] {
    const dice = epochOf(epoch);
    const times = new Map<number, number>();
    const draws = balancedDraw(classesOf, balance, dice.fork('order')).map((index) => {
      const time = times.get(index) ?? 0;
      times.set(index, time + 1);
      return { clip: used[index], dice: dice.fork('clip', used[index].id, time) };
    });
    return chunks(draws, batchSize).filter((batch) => incomplete === 'keep' || batch.length === batchSize);
  }

  async function made(draw: Draw): Promise<Shown | undefined> {
    const { clip, dice } = draw;
    const from = dice.fork('frames');
    const chosen = sampleFrames(clip.video.frames, options.sampling, (low, high) => from.integer(low, high));
    const shown = await shownOf(clip, chosen, frames, { ...options, augment, seed: dice.seedFor('augment') }, skipped);
    if (!shown?.flipped) return shown;
    return { ...shown, classId: mirrored[shown.classId] ?? shown.classId };
  }

  /** As `made`; another clip, always the same one, stands for one that cannot be read. */
  async function madeOrOther(draw: Draw): Promise<Shown> {
    const own = await made(draw);
    if (own) return own;
    const dice = draw.dice.fork('other');
    for (const clip of shuffled(used, () => dice.uniform())) {
      const other = clip !== draw.clip && (await made({ clip, dice: dice.fork(clip.id) }));
      if (other) return other;
    }
    throw noVideos(clips.length, [...skipped.values()]);
  }

  return {
    batchCount: () => (incomplete === 'keep' ? Math.ceil : Math.floor)(used.length / batchSize),
    epoch: (epoch, from = 0) =>
      madeAhead(
        [...planOf(epoch).entries()].slice(from),
        async ([number, draws]) => {
          const batch = joined(await Promise.all(draws.map(madeOrOther)), options);
          return mixup ? mixedBatch(batch, mixup, epochOf(epoch).fork('mixup', number)) : batch.batch;
        },
        options.ahead ?? 2,
      ),
    get skipped() {
      return [...skipped.values()];
    },
  };
}

/** Clips that a recogniser is judged by. */
export interface JudgedClips {
  /** All that can be read, in order, always the same; the last batch may be smaller. */
  batches(options?: { readonly signal?: AbortSignal }): AsyncIterable<RecognitionBatch>;
  /** What could not be read so far and why, each once. */
  readonly skipped: readonly SkippedVideo[];
}

export interface JudgedClipOptions extends ClipShape {
  /**
   * Side of the square in the middle that is seen, as a part of the short side; unless given, what is neither enlarged nor
   * shrunk: 224 of the 256 pixels of the store, in official recipes.
   */
  readonly centre?: number;
  /** Told of a clip that cannot be read, once. */
  readonly onSkipped?: (video: SkippedVideo) => void;
}

/** Clips seen as a test sees them: frames out of the middles of segments, or of the clip, and the middle of the pictures. */
export function judgedClips(
  clips: readonly LabelledClip[],
  frames: FrameStore,
  options: JudgedClipOptions,
): JudgedClips {
  const { batchSize, sampling, onSkipped } = options;
  const augment = { crop: middle(frames, options) };
  const skipped = new Map<string, SkippedVideo>();
  const known = new Map<string, MeasuredClip>();

  async function made(clip: LabelledClip): Promise<Shown | undefined> {
    if (skipped.has(clip.id)) return undefined;
    const [own] = known.has(clip.id) ? [known.get(clip.id)] : await measured([clip], frames, skipped);
    if (own) known.set(clip.id, own);
    const shown =
      own &&
      (await shownOf(own, sampleFrames(own.video.frames, sampling), frames, { ...options, augment, seed: 0 }, skipped));
    const problem = skipped.get(clip.id);
    if (problem) onSkipped?.(problem);
    return shown;
  }

  return {
    async *batches({ signal } = {}) {
      const make = async (batch: readonly LabelledClip[]) => {
        signal?.throwIfAborted();
        return (await Promise.all(batch.map(made))).filter((one) => one !== undefined);
      };
      for await (const shown of madeAhead(chunks(clips, batchSize), make, options.ahead ?? 2)) {
        if (shown.length > 0) yield joined(shown, options).batch;
      }
    },
    get skipped() {
      return [...skipped.values()];
    },
  };
}

// ---- below: internals ----

interface MeasuredClip extends LabelledClip {
  readonly video: MeasuredVideo;
}

/** A clip to be made, and its chance. */
interface Draw {
  readonly clip: MeasuredClip;
  readonly dice: Dice;
}

/** A clip as the network sees it. */
interface Shown {
  readonly id: string;
  readonly classId: number;
  /** [3, T, size, size] */
  readonly data: Uint8Array;
  readonly flipped: boolean;
}

/** The square that is neither enlarged nor shrunk, unless told how large. */
const middle = ({ shortSidePixels }: FrameStore, { sizePixels, centre }: ClipShape & { readonly centre?: number }) => ({
  centre: centre ?? Math.min(1, sizePixels / shortSidePixels),
});

type Skipped = Map<string, SkippedVideo>;

/** In the order of the clips; undefined where one cannot be read, which is noted. */
const measured = (
  clips: readonly LabelledClip[],
  frames: FrameStore,
  skipped: Skipped,
): Promise<(MeasuredClip | undefined)[]> =>
  Promise.all(
    clips.map((clip) =>
      unlessRefused(clip, skipped, async () => ({ ...clip, video: await frames.measure(clip.path) })),
    ),
  );

const shownOf = (
  clip: MeasuredClip,
  chosen: Int32Array,
  frames: FrameStore,
  options: { readonly sizePixels: number; readonly augment: AugmentOptions; readonly seed: number },
  skipped: Skipped,
): Promise<Shown | undefined> =>
  unlessRefused(clip, skipped, async () => {
    const { sizePixels, augment, seed } = options;
    const { data, drawn } = await frames.clip({ video: clip.video, frames: chosen }, { sizePixels, augment, seed });
    return { id: clip.id, classId: clip.classId, data, flipped: drawn.flipped };
  });

async function unlessRefused<T>(
  { id }: LabelledClip,
  skipped: Skipped,
  make: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    skipped.set(id, { video: id, reason: error.message });
    return undefined;
  }
}

interface Joined {
  readonly batch: RecognitionBatch;
  readonly classIds: readonly number[];
}

function joined(clips: readonly Shown[], { classes, sampling, sizePixels }: ClipShape): Joined {
  const size = clips[0].data.length;
  const input = new Uint8Array(clips.length * size);
  const targets = new Float32Array(clips.length * classes);
  for (const [i, { data, classId }] of clips.entries()) {
    input.set(data, i * size);
    targets[i * classes + classId] = 1;
  }
  const inputShape = [clips.length, 3, sampledFrames(sampling), sizePixels, sizePixels];
  const classIds = clips.map(({ classId }) => classId);
  return { batch: { input, inputShape, targets, videos: clips.map(({ id }) => id) }, classIds };
}

function mixedBatch({ batch, classIds }: Joined, options: MixupOptions, dice: Dice): RecognitionBatch {
  const mixture = drawMixture(classIds, options, dice);
  return { ...batch, input: mixed(batch.input, mixture), targets: mixed(batch.targets, mixture) };
}

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

function checkOptions(clips: readonly LabelledClip[], options: RecognitionBatchOptions): void {
  const { batchSize, classes, mirrored = {}, mixup } = options;
  if (!(Number.isInteger(batchSize) && batchSize >= 1)) {
    throw new UsageError(`batchSize: found ${batchSize}, expected a whole number from 1.`);
  }
  const stranger = clips.find(({ classId }) => !(Number.isInteger(classId) && classId >= 0 && classId < classes));
  if (stranger) {
    throw new UsageError(`${stranger.id}: found the class ${stranger.classId}, expected 0 to ${classes - 1}.`);
  }
  for (const [from, to] of Object.entries(mirrored)) {
    if (to < classes && mirrored[to] === Number(from)) continue;
    throw new UsageError(`mirrored: found ${from} for ${to}, expected ${to} for ${from} too.`);
  }
  if (mixup && !(mixup.alpha > 0))
    throw new UsageError(`mixup.alpha: found ${mixup.alpha}, expected a number above 0.`);
  if (mixup?.parts && mixup.parts.length !== classes) {
    throw new UsageError(`mixup.parts: found ${mixup.parts.length}, expected one for each of ${classes} classes.`);
  }
}

function checkEnough(used: number, given: number, needed: number, skipped: readonly SkippedVideo[]): void {
  if (used === 0) throw noVideos(given, skipped);
  if (used >= needed) return;
  throw new UserError(
    'too-few-videos',
    `${used} clips do not fill a batch of ${needed}; use smaller batches, or keep incomplete ones`,
  );
}

function noVideos(given: number, skipped: readonly SkippedVideo[]): UserError {
  const last = skipped.at(-1);
  const why = last ? `; the last problem: ${last.reason}` : '';
  return new UserError('no-videos', `none of ${given} clips can be read${why}`);
}
