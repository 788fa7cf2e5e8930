import type { Box, Size } from '../../training/augment/crop.ts';
import { centreBox } from '../../training/augment/crop.ts';
import { denseFrames, type FrameSampling, segmentFrames } from '../../training/recognition/frameSampling.ts';

/** One way to look at a clip; what a recogniser says of several is averaged. */
export interface ClipView {
  /** Numbers of frames of the clip. */
  readonly frames: Int32Array;
  /** The part of the pictures. */
  readonly box: Box;
  /** Whether left and right change places. */
  readonly flipped: boolean;
}

/**
 * Which parts of the pictures are looked at: a square in the middle; squares of the short side at both ends and in the
 * middle of the long one; four corners and the middle, and the same once more with left and right exchanged.
 */
export type ViewCrops =
  | { readonly kind: 'centre' | 'ten' /** Side of the square, as a part of the short side. */; readonly part: number }
  | { readonly kind: 'three' };

export interface ViewOptions {
  readonly sampling: FrameSampling;
  /** How many samples of frames are looked at; 1 unless given. */
  readonly clips?: number;
  readonly crops: ViewCrops;
}

/**
 * The views of a clip for a test, all crops of the first sample of frames, then of the next. The frames of each: see
 * `viewFrames`.
 *
 * @param size - of its pictures, and how many it has
 */
export function clipViews(
  { frames, ...size }: Size & { readonly frames: number },
  { sampling, clips = 1, crops }: ViewOptions,
): ClipView[] {
  return viewFrames(frames, sampling, clips).flatMap((own) =>
    viewBoxes(size, crops).map((crop) => ({ frames: own, ...crop })),
  );
}

/**
 * Frames of each sample. Stretches are spread evenly over the clip. Of segments the first sample has the middles and the
 * second the beginnings, as mmaction2 0.24's `twice_sample`; more lie evenly between.
 */
export function viewFrames(frames: number, sampling: FrameSampling, clips = 1): Int32Array[] {
  if (sampling.kind === 'dense') {
    const all = denseFrames(frames, { ...sampling, clips });
    return Array.from({ length: clips }, (_, i) => all.subarray(i * sampling.frames, (i + 1) * sampling.frames));
  }
  const { segments } = sampling;
  const step = frames / segments;
  return Array.from({ length: clips }, (_, clip) => {
    if (clip === 0) return segmentFrames(frames, segments);
    const shift = (0.5 + clip / clips) % 1;
    return Int32Array.from({ length: segments }, (_, segment) => Math.floor(segment * step + shift * step));
  });
}

/** Parts of pictures; see `ViewCrops`. */
export function viewBoxes(size: Size, crops: ViewCrops): Pick<ClipView, 'box' | 'flipped'>[] {
  if (crops.kind === 'centre') return [{ box: centreBox(size, crops.part), flipped: false }];
  const { width, height } = centreBox(size, crops.kind === 'ten' ? crops.part : 1);
  const [right, down] = [size.widthPixels - width, size.heightPixels - height];
  const at = (x: number, y: number): Box => ({ left: x, top: y, width, height });
  if (crops.kind === 'three') {
    const [middleX, middleY] = [right >> 1, down >> 1];
    const boxes = [at(0, 0), at(2 * middleX, 2 * middleY), at(middleX, middleY)];
    return boxes.map((box) => ({ box, flipped: false }));
  }
  const [x, y] = [right >> 2, down >> 2];
  const boxes = [at(0, 0), at(4 * x, 0), at(0, 4 * y), at(4 * x, 4 * y), at(2 * x, 2 * y)];
  return boxes.flatMap((box) => [false, true].map((flipped) => ({ box, flipped })));
}
