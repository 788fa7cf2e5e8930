import { UsageError } from '../../errors.ts';
import { resizedCrop } from '../../training/augment/crop.ts';
import { type FrameSampling, sampleFrames } from '../../training/recognition/frameSampling.ts';
import type { Video } from '../../video/video.ts';
import type { Detection } from '../detection.ts';
import { detectionOf, type ModelRunOptions, usualMinScore } from '../model/detectWithModel.ts';
import { type Proposals, suppressWindows } from '../suppression/index.ts';
import { softmax } from './averageViews.ts';
import type { ClipRecogniser } from './clipRecogniser.ts';
import { type ProbabilitiesOverTime, proposalsFromPeaks } from './peaks.ts';
import { cropsOf, keptSize } from './viewSizes.ts';
import { viewBoxes } from './views.ts';
import { wantedPictures } from './wantedPictures.ts';

export interface SlidingRecognitionOptions extends Omit<ModelRunOptions, 'minScore'> {
  /** Lengths of the windows; 2 s alone unless given, about as long as the clips that recognisers are trained on. */
  readonly windowSeconds?: readonly number[];
  /** From one window to the next; 0.5 s unless given. */
  readonly strideSeconds?: number;
}

/**
 * Micro-actions in a long video by a recogniser of clips: it looks at windows that slide over the video, and where a class
 * rises above its background there is an action (see `proposalsFromPeaks`). Less exact than a detector that was trained as
 * one, and it never saw what is no action: for those who have clips with labels, but no videos coded in time.
 */
export async function detectWithRecogniser(
  video: Video,
  recogniser: ClipRecogniser,
  { minScore = usualMinScore, ...options }: SlidingRecognitionOptions & Pick<ModelRunOptions, 'minScore'> = {},
): Promise<Detection> {
  const { recipe, taxonomy, source } = recogniser;
  const found = await slidingProposals(video, recogniser, options);
  const reason = `found by the recogniser ${recipe.name}, ${source}, in windows`;
  return detectionOf(video, found, { model: recipe.name, taxonomy, reason, minScore });
}

/**
 * All that rises in a video, however little.
 *
 * @returns seconds and rises above the background, by decreasing rise; classes by their positions
 */
export async function slidingProposals(
  video: Video,
  recogniser: ClipRecogniser,
  { windowSeconds = [2], strideSeconds = 0.5, signal, onProgress }: SlidingRecognitionOptions = {},
): Promise<Proposals<Float64Array>> {
  const { durationSeconds, frameCount } = video.info;
  for (const seconds of [...windowSeconds, strideSeconds]) {
    if (!(seconds > 0)) throw new UsageError(`slidingProposals: found ${seconds} s, expected more than 0`);
  }
  const frameRate = frameCount / durationSeconds;
  const { sampling } = recogniser.recipe.data;
  const found: Proposals<Float64Array>[] = [];
  for (const [i, seconds] of windowSeconds.entries()) {
    const windows = windowsOf(frameCount, sampling, { length: seconds * frameRate, stride: strideSeconds * frameRate });
    const values = await probabilitiesOf(video, windows, recogniser, signal, (done) =>
      onProgress?.({
        stage: 'looking for actions',
        doneSeconds: ((i + done) / windowSeconds.length) * durationSeconds,
        totalSeconds: durationSeconds,
      }),
    );
    const middles = windows.map(({ middle }) => middle / frameRate);
    const over: ProbabilitiesOverTime = { middles, values, classes: recogniser.taxonomy.actions.length };
    found.push(proposalsFromPeaks(over, { durationSeconds, leastRise: 0.001 }));
  }
  return suppressWindows(found, {
    suppression: { method: { kind: 'gaussian', sigma: 0.5 }, minScore: 0.001, maxCount: 8000 },
  });
}

// ---- below: internals ----

interface Window {
  /** In frames of the video, a fraction where it lies between two. */
  readonly middle: number;
  /** Numbers of the frames that are shown. */
  readonly frames: Int32Array;
}

/** Windows that slide over a video, all within it, the last one at its end; long enough for all frames of a sample. */
function windowsOf(
  frames: number,
  sampling: FrameSampling,
  { length, stride }: { readonly length: number; readonly stride: number },
): Window[] {
  const span = sampling.kind === 'dense' ? sampling.frames * sampling.strideFrames : 1;
  const whole = Math.min(frames, Math.max(1, span, Math.round(length)));
  const last = frames - whole;
  const step = Math.max(1, Math.round(stride));
  const starts = Array.from({ length: Math.ceil(last / step) }, (_, i) => i * step);
  return [...starts, last].map((start) => ({
    middle: start + whole / 2,
    frames: sampleFrames(whole, sampling).map((frame) => start + frame),
  }));
}

/** [windows, classes]. Pictures are held only as long as a window may need them. */
async function probabilitiesOf(
  video: Video,
  windows: readonly Window[],
  { recipe, taxonomy, logits }: ClipRecogniser,
  signal: AbortSignal | undefined,
  tell: (part: number) => void,
): Promise<Float32Array> {
  const { sizePixels, shortSidePixels } = recipe.data;
  const size = keptSize(video.info, shortSidePixels);
  const [{ box }] = viewBoxes(size, cropsOf('centre', recipe.data));
  const classes = taxonomy.actions.length;
  const values = new Float32Array(windows.length * classes);
  const wanted = [...new Set(windows.flatMap(({ frames }) => [...frames]))].sort((a, b) => a - b);
  const held = new Map<number, Uint8Array>();
  let next = 0;
  for await (const { index, data } of wantedPictures(video, wanted, { ...size, signal })) {
    held.set(index, data);
    while (next < windows.length && Math.max(...windows[next].frames) <= index) {
      signal?.throwIfAborted();
      const pictures = Array.from(windows[next].frames, (frame) => held.get(frame) as Uint8Array);
      const view = { widthPixels: sizePixels, heightPixels: sizePixels };
      const said = await logits(resizedCrop({ pictures, ...size }, box, view).data, sizePixels);
      values.set(softmax(said), next * classes);
      next++;
      tell(next / windows.length);
      const oldest = next < windows.length ? Math.min(...windows[next].frames) : index;
      for (const frame of held.keys()) if (frame < oldest) held.delete(frame);
    }
  }
  return values;
}
