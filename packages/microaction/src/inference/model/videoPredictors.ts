import { createHash } from 'node:crypto';
import type { Clip } from '../../annotation/dataset.ts';
import { messageOf, UserError } from '../../errors.ts';
import { featuresIn, readDataFolder } from '../../files/readDataFolder.ts';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { openVideo } from '../../video/node.ts';
import type { Video } from '../../video/video.ts';
import { classPriors, segmentsByPriors } from '../classPriors.ts';
import type { DetectionProgress } from '../detection.ts';
import { slidingProposals } from '../recognition/detectWithRecogniser.ts';
import { loadClipRecogniser } from '../recognition/modelRecogniser.ts';
import type { Proposals } from '../suppression/index.ts';
import { proposalsInVideo } from './detectWithModel.ts';
import { isEngineFailure } from './engineFailure.ts';
import { type FeatureDetector, proposalsInFeatures } from './featureDetector.ts';
import { loadEitherDetector } from './modelDetector.ts';
import { digestOf, taskOf } from './modelFiles.ts';
import type { PredictedSegment, VideoPredictions } from './predictionStore.ts';
import type { EngineOptions } from './windowDetector.ts';

export interface PredictOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DetectionProgress) => void;
}

/** Something that says all that it finds in the videos of a data set, however unsure. */
export interface VideoPredictor extends AsyncDisposable {
  /** For people. */
  readonly name: string;
  readonly taxonomy: Taxonomy;
  /** Equal for what predicts the same. */
  readonly fingerprint: string;
  /**
   * A video that cannot be looked at gives the reason.
   *
   * @param clip - whose `file` is a path; absent where the data set has no such file
   * @throws the signal's reason, and what is no matter of the video
   */
  predict(clip: Clip, options?: PredictOptions): Promise<VideoPredictions>;
}

/**
 * A trained network. One that was trained from stored features looks at those that lie in the folder of the data set; a
 * recogniser of clips slides over videos.
 *
 * @throws as `loadEitherDetector` and `loadClipRecogniser`
 */
export async function openNetworkPredictor(
  path: string,
  folder: string,
  engine: EngineOptions = {},
): Promise<VideoPredictor> {
  const { network, looking } = await openLook(path, folder, engine);
  const { taxonomy, recipe } = network;
  return {
    name: recipe.name,
    taxonomy,
    fingerprint: await digestOf(path),
    async predict(clip, options = {}) {
      const { id } = clip;
      return skippingBroken(id, options.signal, async () => {
        const { durationSeconds: duration, frameRate: fps, proposals } = await looking(clip, options);
        const { starts, ends, scores, classes } = proposals;
        const annotations = Array.from(classes, (classId, i): PredictedSegment => {
          const { name: label } = taxonomy.actions[classId];
          // What began before the video starts at -0.
          return { segment: [Math.max(0, starts[i]), ends[i]], label, score: scores[i] };
        });
        // Rounded to hundredths of a second, some have no length left.
        return { id, duration, fps, annotations: annotations.filter(({ segment: [start, end] }) => end > start) };
      });
    },
    [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
  };
}

/**
 * The floor for detectors: what is to be expected by the training subset of a data set's folder alone. Videos are opened
 * only where annotations do not say how long they are.
 *
 * @throws as `readDataFolder` and `classPriors`
 */
export async function openPriorPredictor(
  folder: string,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<VideoPredictor> {
  const { dataset } = await readDataFolder(folder, { taxonomy: microActions52, split: 'training', signal });
  const clips: Clip[] = [];
  for (const clip of dataset.clips) clips.push({ ...clip, ...(await lengthOf(clip, signal)) });
  const priors = classPriors({ ...dataset, clips });
  return {
    name: 'class-priors',
    taxonomy: dataset.taxonomy,
    fingerprint: createHash('sha256').update(JSON.stringify(priors)).digest('hex'),
    async predict(clip, { signal } = {}) {
      const { id } = clip;
      return skippingBroken(id, signal, async () => {
        const { durationSeconds, frameRate } = await lengthOf(clip, signal);
        return {
          id,
          duration: durationSeconds,
          fps: frameRate,
          annotations: segmentsByPriors(priors, { id, durationSeconds }),
        };
      });
    },
    async [Symbol.asyncDispose]() {},
  };
}

// ---- below: internals ----

interface Looked {
  readonly durationSeconds: number;
  readonly frameRate: number;
  readonly proposals: Proposals<Float64Array>;
}

type Look = (clip: Clip, options: PredictOptions) => Promise<Looked>;

async function openLook(path: string, folder: string, engine: EngineOptions) {
  if ((await taskOf(path)) === 'recognition') {
    const network = await loadClipRecogniser(path, engine);
    return {
      network,
      looking: lookingAtPictures((video, options) => slidingProposals(video, network, options), engine),
    };
  }
  const { sees, detector: network } = await loadEitherDetector(path, engine);
  const looking =
    sees === 'pictures'
      ? lookingAtPictures((video, options) => proposalsInVideo(video, network, options), engine)
      : await lookingAtFeatures(network, folder);
  return { network, looking };
}

const lookingAtPictures =
  (
    propose: (video: Video, options: PredictOptions) => Promise<Proposals<Float64Array>>,
    { threads }: EngineOptions,
  ): Look =>
  async ({ file }, { signal, onProgress }) => {
    await using video = await openVideo(fileOf(file), { signal, threads });
    const { durationSeconds, frameRate } = video.info;
    return { durationSeconds, frameRate, proposals: await propose(video, { signal, onProgress }) };
  };

async function lookingAtFeatures(detector: FeatureDetector, folder: string): Promise<Look> {
  const files = await featuresIn(folder);
  return async (clip, { signal }) => {
    const path = files.get(clip.id);
    if (path === undefined) {
      const advice = 'make them with microaction features';
      throw new UserError('no-features', `there are no stored features called ${clip.id}.npy or .npz; ${advice}`);
    }
    const length = await lengthOf(clip, signal);
    return { ...length, proposals: await proposalsInFeatures(path, detector, length, { signal }) };
  };
}

/** What is wrong with a video, not with the engine, becomes the reason why it was skipped. */
async function skippingBroken(
  id: string,
  signal: AbortSignal | undefined,
  predict: () => Promise<VideoPredictions>,
): Promise<VideoPredictions> {
  try {
    return await predict();
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof UserError) || isEngineFailure(error)) throw error;
    return { id, skipped: messageOf(error) };
  }
}

function fileOf(file: string | undefined): string {
  if (file !== undefined) return file;
  throw new UserError('no-video', 'the data set has no video of this name');
}

async function lengthOf({ durationSeconds, frameRate, file }: Clip, signal: AbortSignal | undefined) {
  if (durationSeconds !== undefined && frameRate !== undefined) return { durationSeconds, frameRate };
  await using video = await openVideo(fileOf(file), { signal });
  return { durationSeconds: video.info.durationSeconds, frameRate: video.info.frameRate };
}
