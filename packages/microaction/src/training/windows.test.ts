import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCase } from '../../../../scripts/golden/checkCase.ts';
import type { Truth } from '../models/heads/index.ts';
import { seededRandom } from '../random.ts';
import { type DrawInteger, randomCrop, truthInFrames, truthInSteps, truthWithin } from './windows.ts';

const golden = new URL('../../../../../shared/golden/detection/data_windows', import.meta.url);

describe.skipIf(!existsSync(golden))('windows beside OpenTAD (skipped without shared/golden)', () => {
  it('gives the same windows, frames, truth and draws', async () => {
    const [{ status, reason, comparisons }] = await checkCase(fileURLToPath(golden));
    expect({ status, reason }).toEqual({ status: 'pass', reason: undefined });
    expect(comparisons.length).toBeGreaterThan(200);
  });
});

const truthOf = (...rows: [start: number, end: number, classId: number][]): Truth => ({
  starts: Float32Array.from(rows, ([start]) => start),
  ends: Float32Array.from(rows, ([, end]) => end),
  classes: Int32Array.from(rows, ([, , id]) => id),
});

describe('truthInFrames', () => {
  it('rounds down, and keeps once what comes twice', () => {
    const action = { start: 0.37, end: 1.643, classId: 3 };
    const found = truthInFrames([action, action, { ...action, classId: 1 }], { durationSeconds: 3.6, frames: 90 });
    expect(found).toEqual(truthOf([9, 41, 3], [9, 41, 1]));
    expect(truthInSteps(found, { strideFrames: 4, startFrame: 4, offsetFrames: 8 }).starts).toEqual(
      Float32Array.of(-0.75, -0.75),
    );
  });
});

describe('truthWithin', () => {
  it('keeps of what lies mostly within a window what lies within', () => {
    const truth = truthOf([0, 10, 0], [8, 20, 1], [12, 14, 2], [18, 40, 3]);
    expect(truthWithin(truth, { start: 10, end: 30 })).toEqual(truthOf([10, 20, 1], [12, 14, 2]));
    expect(truthWithin(truth, { start: 10, end: 30 }, 0.5)).toEqual(truthOf([10, 20, 1], [12, 14, 2], [18, 30, 3]));
  });
});

describe('randomCrop', () => {
  const drawing = (seed: number): DrawInteger => {
    const random = seededRandom(seed);
    return (low, high) => low + Math.floor(random() * (high - low + 1));
  };

  it('holds enough of one segment at least, and of every segment it keeps, wherever that is possible', () => {
    const segment = fc.tuple(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 1, max: 10 }), fc.nat(5));
    const property = fc.property(fc.array(segment, { minLength: 1, maxLength: 6 }), fc.nat(), (list, seed) => {
      const truth = truthOf(
        ...list.map(([start, length, id]): [number, number, number] => [start, start + length, id]),
      );
      const crop = randomCrop(100, truth, { length: 30, leastPart: 0.75, ratio: [0.9, 1], tries: 2000 }, drawing(seed));
      expect(crop.end - crop.start).toBe(30);
      expect(crop.start).toBeGreaterThanOrEqual(0);
      expect(crop.end).toBeLessThanOrEqual(100);
      expect(crop.truth.classes.length).toBeGreaterThan(0);
      for (const [i, start] of crop.truth.starts.entries()) {
        const end = crop.truth.ends[i];
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(30);
        const isOf = ([s, d, id]: (typeof list)[number]) =>
          id === crop.truth.classes[i] &&
          Math.max(s - crop.start, 0) === start &&
          Math.min(s + d - crop.start, 30) === end &&
          (end - start) / d >= 0.75;
        expect(list.some(isOf)).toBe(true);
      }
    });
    fc.assert(property, { seed: 9, numRuns: 300 });
  });

  it('leaves a short sequence whole without a ratio, and draws its length with one', () => {
    const truth = truthOf([2, 6, 0]);
    const never: DrawInteger = () => expect.unreachable();
    expect(randomCrop(20, truth, { length: 30, leastPart: 0.75, ratio: null }, never)).toEqual({
      start: 0,
      end: 20,
      truth,
    });
    const asked: number[][] = [];
    const lowest: DrawInteger = (low, high) => {
      asked.push([low, high]);
      return low;
    };
    const { start, end } = randomCrop(45, truth, { length: 64, leastPart: 0.75, ratio: [0.9, 1] }, lowest);
    // 40.5 rounds to the even 40, as in Python.
    expect([asked, start, end]).toEqual([
      [
        [40, 45],
        [0, 5],
      ],
      0,
      40,
    ]);
  });

  it('gives up after some tries, without anything to find', () => {
    let draws = 0;
    const crop = randomCrop(100, truthOf([0, 90, 0]), { length: 30, leastPart: 0.75, ratio: null, tries: 7 }, (low) => {
      draws++;
      return low;
    });
    expect([draws, crop.truth.classes.length]).toEqual([7, 0]);
  });
});
