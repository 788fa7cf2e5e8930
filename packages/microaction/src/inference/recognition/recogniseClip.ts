import { UsageError } from '../../errors.ts';
import { resizedCrop } from '../../training/augment/crop.ts';
import type { Video, VideoInfo } from '../../video/video.ts';
import type { DetectionProgress } from '../detection.ts';
import { type Averaging, averageViews } from './averageViews.ts';
import type { ClipRecogniser } from './clipRecogniser.ts';
import { type CropKind, cropKinds, cropsOf, keptSize, viewPixels } from './viewSizes.ts';
import { type ClipView, clipViews } from './views.ts';
import { wantedPictures } from './wantedPictures.ts';

export interface RecognitionOptions {
  /** `centre` unless given. */
  readonly crops?: CropKind;
  /** Samples of frames that are looked at, spread over the clip; 1 unless given. */
  readonly samples?: number;
  /** `probability` unless given. */
  readonly averaging?: Averaging;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DetectionProgress) => void;
}

/** What a recogniser says of a clip. */
export interface RecognisedClip {
  readonly info: VideoInfo;
  /** [classes], 1 in all. */
  readonly probabilities: Float64Array;
  /** How many views were averaged. */
  readonly views: number;
  /** What is wrong with the file although it could be used, and where frames had to be shown more than once. */
  readonly warnings: readonly string[];
}

/** @throws UsageError where a recogniser does not take pictures of the size of such views */
export function sideOf(crops: CropKind, { recipe, onlyPixels, source }: ClipRecogniser): number {
  const side = viewPixels(crops, recipe.data);
  if (onlyPixels === undefined || onlyPixels === side) return side;
  const others = cropKinds.filter((kind) => viewPixels(kind, recipe.data) === onlyPixels);
  throw new UsageError(
    `${source}: views "${crops}" are pictures of ${side} pixels, and it takes ${onlyPixels} only; expected ${others.join(' or ')}`,
  );
}

/** Recognises what one clip shows, from its first frame to its last. */
export async function recogniseClip(
  video: Video,
  recogniser: ClipRecogniser,
  { crops = 'centre', samples, averaging, signal, onProgress }: RecognitionOptions = {},
): Promise<RecognisedClip> {
  const { info } = video;
  const { data } = recogniser.recipe;
  const size = keptSize(info, data.shortSidePixels);
  const side = sideOf(crops, recogniser);
  const views = clipViews(
    { ...size, frames: info.frameCount },
    { sampling: data.sampling, clips: samples, crops: cropsOf(crops, data) },
  );
  const wanted = [...new Set(views.flatMap(({ frames }) => [...frames]))].sort((a, b) => a - b);
  const pictures = new Map<number, Uint8Array>();
  for await (const { index, data } of wantedPictures(video, wanted, { ...size, signal })) pictures.set(index, data);

  const logits: Float64Array[] = [];
  for (const { frames, box, flipped } of views) {
    signal?.throwIfAborted();
    const shown = Array.from(frames, (frame) => pictures.get(frame) as Uint8Array);
    const clip = resizedCrop({ pictures: shown, ...size }, box, { widthPixels: side, heightPixels: side, flipped });
    logits.push(await recogniser.logits(clip.data, side));
    const totalSeconds = info.durationSeconds;
    const doneSeconds = (logits.length / views.length) * totalSeconds;
    onProgress?.({ stage: 'recognising', doneSeconds, totalSeconds });
  }
  return {
    info,
    probabilities: averageViews(logits, averaging),
    views: views.length,
    warnings: [...video.warnings, ...shortness(info, views[0])],
  };
}

// ---- below: internals ----

function shortness({ frameCount }: VideoInfo, { frames }: ClipView): string[] {
  const repeats = frames.length - new Set(frames).size;
  if (repeats === 0) return [];
  const shown = `${repeats} of the ${frames.length} that the network looks at are shown once more`;
  return [`it has ${frameCount} frame${frameCount === 1 ? '' : 's'}: ${shown}`];
}
