import type { Region } from '../video/video.ts';
import { overlap } from './region.ts';
import type { InputFormat } from './squareCrop.ts';

export const detectorInput: InputFormat = { sizePixels: 224, scale: 2 / 255, shift: -1 };

/** One person in a picture, in pixels of the displayed frame. */
export interface DetectedPerson {
  /** 0 to 1. */
  readonly score: number;
  /** Round the head. */
  readonly head: Region;
  /** About the hips, round the whole body: what BlazePose wants to see. */
  readonly square: Region;
}

const minScore = 0.5;
const maxOverlap = 0.3;
const squareMargin = 1.25;

/** Anchors sit in the middle of a grid's cells. */
const grids = [
  { stride: 8, anchors: 2 },
  { stride: 16, anchors: 2 },
  { stride: 32, anchors: 6 },
];
const values = 12; // box: x, y, width, height; points: hips, rim of the body, shoulders, rim of the upper body

/**
 * The persons of one picture, the surest first; of several overlapping boxes the surest stays.
 *
 * @param square - where the picture was cut out
 */
export function decodePersons(outputs: Record<string, Float32Array>, square: Region): DetectedPerson[] {
  const found: DetectedPerson[] = [];
  const toPixels = square.width / detectorInput.sizePixels;
  for (const { stride, anchors } of grids) {
    const side = detectorInput.sizePixels / stride;
    const cells = side * side;
    const scores = outputs[`scores${stride}`];
    const boxes = outputs[`boxes${stride}`];
    for (let anchor = 0; anchor < anchors; anchor++) {
      for (let cell = 0; cell < cells; cell++) {
        const score = 1 / (1 + Math.exp(-scores[anchor * cells + cell]));
        if (score < minScore) continue;
        const value = (index: number) => boxes[(anchor * values + index) * cells + cell] * toPixels;
        const x = square.x + ((cell % side) + 0.5) * stride * toPixels;
        const y = square.y + (Math.floor(cell / side) + 0.5) * stride * toPixels;
        const [width, height] = [value(2), value(3)];
        const [hipX, hipY] = [x + value(4), y + value(5)];
        const body = 2 * squareMargin * Math.hypot(value(6) - value(4), value(7) - value(5));
        found.push({
          score,
          head: { x: x + value(0) - width / 2, y: y + value(1) - height / 2, width, height },
          square: { x: hipX - body / 2, y: hipY - body / 2, width: body, height: body },
        });
      }
    }
  }
  found.sort((a, b) => b.score - a.score);
  return found.filter(
    (person, index) => !found.slice(0, index).some((surer) => overlap(surer.head, person.head) > maxOverlap),
  );
}
