import fc from 'fast-check';
import { bodyPoints, type PoseTrack } from 'microaction';
import { describe, expect, it } from 'vitest';
import { decodePoints, encodePoints } from './points.ts';

const side = fc.integer({ min: 1, max: 8192 });

/** Points up to one frame outside of the frame, a few of them missing. */
const poses = fc
  .record({
    widthPixels: side,
    heightPixels: side,
    times: fc.integer({ min: 0, max: 6 }),
    points: fc.subarray([...bodyPoints]),
  })
  .chain(({ widthPixels, heightPixels, times, points }) => {
    const many = <T>(value: fc.Arbitrary<T>, length: number) =>
      fc.array(value, { minLength: length, maxLength: length });
    const number = times * points.length;
    const place = (pixels: number) =>
      fc.oneof(
        { weight: 9, arbitrary: fc.double({ min: -pixels, max: 2 * pixels, noNaN: true }) },
        { weight: 1, arbitrary: fc.constant(Number.NaN) },
      );
    return fc.record({
      points: fc.constant(points),
      widthPixels: fc.constant(widthPixels),
      heightPixels: fc.constant(heightPixels),
      timesSeconds: many(fc.double({ min: 0, max: 1e5, noNaN: true }), times).map((all) =>
        Float64Array.from(all).sort(),
      ),
      x: many(place(widthPixels), number).map((all) => Float32Array.from(all)),
      y: many(place(heightPixels), number).map((all) => Float32Array.from(all)),
      confidence: many(fc.double({ min: 0, max: 1, noNaN: true }), number).map((all) => Float32Array.from(all)),
    });
  });

/** The largest distance; infinite where one is missing and the other is not. */
const distance = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, value, i) => {
    if (Number.isNaN(value) || Number.isNaN(b[i]))
      return Number.isNaN(value) === Number.isNaN(b[i]) ? most : Number.POSITIVE_INFINITY;
    return Math.max(most, Math.abs(value - b[i]));
  }, 0);

const one = (x: number, y = 5): PoseTrack => ({
  points: ['nose'],
  timesSeconds: Float64Array.of(0.5),
  x: Float32Array.of(x),
  y: Float32Array.of(y),
  confidence: Float32Array.of(1),
  widthPixels: 100,
  heightPixels: 50,
});

describe('key points as bytes', () => {
  it('come back: times exactly, places within 1/40,000 of the frame, visibility within 1/510', () => {
    fc.assert(
      fc.property(poses, (pose) => {
        const back = decodePoints(encodePoints(pose));
        expect(back.points).toEqual(pose.points);
        expect(back.timesSeconds).toEqual(pose.timesSeconds);
        expect([back.widthPixels, back.heightPixels]).toEqual([pose.widthPixels, pose.heightPixels]);
        expect(distance(back.x, pose.x)).toBeLessThanOrEqual(pose.widthPixels / 40_000);
        expect(distance(back.y, pose.y)).toBeLessThanOrEqual(pose.heightPixels / 40_000);
        expect(distance(back.confidence, pose.confidence)).toBeLessThanOrEqual(1 / 510 + 1e-6);
      }),
    );
  });

  it('take 5 bytes a point, 8 a time', () => {
    const times = 900;
    const number = times * bodyPoints.length;
    const pose = { ...one(0), points: bodyPoints, timesSeconds: new Float64Array(times) };
    const bytes = encodePoints({
      ...pose,
      x: new Float32Array(number),
      y: new Float32Array(number),
      confidence: new Float32Array(number),
    });
    expect(bytes.length).toBe(16 + 8 * times + 5 * number + bodyPoints.length);
  });

  it('are read from the middle of a larger buffer', () => {
    const bytes = encodePoints(one(42));
    const larger = new Uint8Array(bytes.length + 7);
    larger.set(bytes, 3);
    expect(decodePoints(larger.subarray(3, 3 + bytes.length)).x[0]).toBeCloseTo(42, 2);
  });

  it('move what is far outside to one frame outside', () => {
    const { x, y } = decodePoints(encodePoints(one(-5000, 5000)));
    expect([x[0], y[0]]).toEqual([-100, 100]);
  });

  it('are refused where the bytes are cut, or of another kind', () => {
    const bytes = encodePoints(one(42));
    expect(() => decodePoints(bytes.subarray(0, -1))).toThrow(/found 29 bytes, expected 30/);
    expect(() => decodePoints(new Uint8Array(40))).toThrow(/do not begin with PTS1/);
    expect(() => decodePoints(new Uint8Array())).toThrow(/found 0 bytes/);
    bytes[bytes.length - 1] = 99;
    expect(() => decodePoints(bytes)).toThrow(/found point 99/);
  });
});
