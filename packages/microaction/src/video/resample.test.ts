import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Rgb, referencePicture } from '../../test/referencePicture.ts';
import { resample } from './resample.ts';

describe('resampling a channel', () => {
  it('agrees with the definition for any region and size', () => {
    const side = fc.integer({ min: 1, max: 24 });
    const place = fc.integer({ min: -20, max: 20 });
    fc.assert(
      fc.property(
        fc.record({ width: side, height: side }),
        fc.record({ x: place, y: place, width: side, height: side }),
        side,
        side,
        (size, region, width, height) => {
          const data = Uint8Array.from({ length: size.width * size.height }, (_, i) => (i * 89 + 7) % 256);
          const plane = { data, offset: 0, pixelStride: 1, rowStride: size.width, ...size, black: 0 };
          const rgb = (x: number, y: number): Rgb => [data[y * size.width + x], 0, 0];
          const wanted = referencePicture({ ...size, rgb }, region, width, height).filter((_, i) => i % 3 === 0);
          const found = resample(plane, region, width, height);
          expect(found.length).toBe(wanted.length);
          found.forEach((value, i) => {
            expect(value).toBeCloseTo(wanted[i], 2);
          });
        },
      ),
    );
  });

  it('keeps the mean of what it shrinks, at fractions of pixels', () => {
    const ramp = Uint8Array.from({ length: 100 }, (_, i) => i);
    const plane = { data: ramp, offset: 0, pixelStride: 1, rowStride: 100, width: 100, height: 1, black: 0 };
    const found = resample(plane, { x: 10.25, y: 0, width: 60.5, height: 1 }, 7, 1);
    const mean = found.reduce((sum, value) => sum + value, 0) / 7;
    expect(mean).toBeCloseTo(10.25 + 60.5 / 2 - 0.5, 2);
  });

  it('reads every second byte, and takes the black of the channel beyond the edges', () => {
    const data = Uint8Array.from([1, 200, 2, 100]);
    const plane = { data, offset: 1, pixelStride: 2, rowStride: 4, width: 2, height: 1, black: 128 };
    expect([...resample(plane, { x: -1, y: 0, width: 4, height: 1 }, 4, 1)]).toEqual([128, 200, 100, 128]);
  });
});
