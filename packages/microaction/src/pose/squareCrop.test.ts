import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Frame, Region } from '../video/video.ts';
import { cropSquare } from './squareCrop.ts';

describe('cutting a square out of a frame', () => {
  it('keeps a slope a slope, wherever the square is and whatever its size', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 40 }),
        fc.integer({ min: 14, max: 70 }),
        fc.nat({ max: 20 }),
        (x, side, y) => {
          const square = { x, y, width: side, height: side };
          const cropped = cropSquare(slope({ x: 10, y: 10, width: 120, height: 120 }), square, plain);
          for (let row = 0; row < size; row++) {
            for (let column = 0; column < size; column++) {
              const [atX, atY] = [x + ((column + 0.5) * side) / size, y + ((row + 0.5) * side) / size];
              if (atY < 10.5) continue; // the outermost half pixel is flat
              expect(cropped[row * size + column]).toBeCloseTo(atX, 3);
              expect(cropped[area + row * size + column]).toBeCloseTo(atY, 3);
            }
          }
        },
      ),
    );
  });

  it('reads a picture that shows a part of the frame at another scale', () => {
    // 60 pixels show 120 of the frame; values rise by one a frame pixel.
    const cropped = cropSquare(slope({ x: 10, y: 10, width: 120, height: 120 }, 60), squareAt(30), plain);
    expect(cropped[0]).toBeCloseTo(30.5, 1);
    expect(cropped[size - 1]).toBeCloseTo(30 + size - 0.5, 1);
  });

  it('is black where the square reaches past the picture', () => {
    const format = { ...plain, scale: 2 / 255, shift: -1 };
    const cropped = cropSquare(slope({ x: 10, y: 10, width: 120, height: 120 }), squareAt(5), format);
    expect(cropped[4]).toBe(-1); // frame pixel 9
    expect(cropped[5 * size + 5]).toBeCloseTo((10.5 * 2) / 255 - 1, 4); // frame pixel 10
    expect(cropped[2 * area]).toBe(-1);
  });
});

const size = 16;
const area = size * size;
const plain = { sizePixels: size, scale: 1, shift: 0 };

function squareAt(place: number): Region {
  return { x: place, y: place, width: size, height: size };
}

/** Red is the x of a pixel's middle in the frame, green its y. Bytes cannot hold halves, so these are floats. */
function slope(region: Region, pixels = region.width): Frame {
  const scale = region.width / pixels;
  const data = Float32Array.from({ length: pixels * pixels * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    const along = i % 3 === 0 ? region.x + ((pixel % pixels) + 0.5) * scale : 0;
    return i % 3 === 1 ? region.y + (Math.floor(pixel / pixels) + 0.5) * scale : along;
  }) as unknown as Uint8Array;
  return { index: 0, timeSeconds: 0, widthPixels: pixels, heightPixels: pixels, data, region };
}
