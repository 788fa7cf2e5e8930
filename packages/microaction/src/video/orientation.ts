import type { Region } from './video.ts';

/** How decoded frames stand to displayed ones. */
export interface Orientation {
  /** Size with square pixels, before turning. */
  readonly squarePixelSize: { readonly width: number; readonly height: number };
  /** Mirrored left to right, before turning. */
  readonly flipped: boolean;
  /** Turned clockwise. */
  readonly rotationDegrees: 0 | 90 | 180 | 270;
}

/** A region of the displayed frame, as it lies in the frame before mirroring and turning. */
export function beforeTurning({ x, y, width, height }: Region, orientation: Orientation): Region {
  const { squarePixelSize, flipped, rotationDegrees } = orientation;
  const { width: W, height: H } = squarePixelSize;
  const turned =
    rotationDegrees === 90
      ? { x: y, y: H - x - width, width: height, height: width }
      : rotationDegrees === 180
        ? { x: W - x - width, y: H - y - height, width, height }
        : rotationDegrees === 270
          ? { x: W - y - height, y: x, width: height, height: width }
          : { x, y, width, height };
  return flipped ? { ...turned, x: W - turned.x - turned.width } : turned;
}

/** Whether a video that does not name its colour matrix is taken to be BT.709, as players do, and not BT.601. */
export const isHighDefinition = (width: number, height: number) => width >= 1280 || height > 576;
