import type { Region } from '../video/video.ts';
import type { BodyPoints } from './bodyPoints.ts';
import { bodyPoints } from './poseTrack.ts';
import type { InputFormat } from './squareCrop.ts';

export const blazePoseInput: InputFormat = { sizePixels: 256, scale: 1 / 255, shift: 0 };

/** What BlazePose says of one picture. */
export interface BlazePosePerson {
  /** The 33 points (`bodyPoints`); confidence is how likely a point is visible. */
  readonly points: BodyPoints;
  /** 0 to 1: whether there is a person at all. */
  readonly presence: number;
  /** The square the network was trained to see the person in: about the hips, round the whole body. */
  readonly square: Region;
}

const values = 5; // x, y, z, visibility, presence
const landmarks = 39; // 33 of the body, 2 for the square, 4 more
const squareMargin = 1.25;

/**
 * @param square - where the picture was cut out
 * @param index - which picture of the batch
 */
export function decodeBlazePose(outputs: Record<string, Float32Array>, square: Region, index = 0): BlazePosePerson {
  const start = index * landmarks * values;
  const at = (landmark: number): readonly [x: number, y: number] => {
    const from = start + landmark * values;
    return [
      square.x + (outputs.landmarks[from] / blazePoseInput.sizePixels) * square.width,
      square.y + (outputs.landmarks[from + 1] / blazePoseInput.sizePixels) * square.height,
    ];
  };
  const count = bodyPoints.length;
  const points = { x: new Float32Array(count), y: new Float32Array(count), confidence: new Float32Array(count) };
  for (let point = 0; point < count; point++) {
    [points.x[point], points.y[point]] = at(point);
    points.confidence[point] = 1 / (1 + Math.exp(-outputs.landmarks[start + point * values + 3]));
  }
  const [hipX, hipY] = at(33);
  const [rimX, rimY] = at(34);
  const side = 2 * squareMargin * Math.hypot(rimX - hipX, rimY - hipY);
  return {
    points,
    presence: outputs.presence[index],
    square: { x: hipX - side / 2, y: hipY - side / 2, width: side, height: side },
  };
}
