import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkCase } from '../../../../../scripts/golden/checkCase.ts';
import { Dice } from '../../dice.ts';
import { denseFrames, sampleFrames, segmentFrames } from './frameSampling.ts';

const lengths = Array.from({ length: 300 }, (_, i) => i + 1);
const golden = new URL('../../../../../../shared/golden/recognition/frame_sampling', import.meta.url);

it.skipIf(!existsSync(golden))('frames are those of the official code (skipped without shared/golden)', async () => {
  const [{ status, reason, comparisons }] = await checkCase(fileURLToPath(golden));
  expect({ status, reason }).toEqual({ status: 'pass', reason: undefined });
  expect(comparisons.length).toBeGreaterThan(10);
});

describe('a frame of each segment', () => {
  it('is the one in its middle, for every length of clip', () => {
    for (const frames of lengths) {
      for (const segments of [1, 4, 8, 16]) {
        // In whole numbers, free of rounding.
        const middles = Array.from({ length: segments }, (_, i) =>
          Number((BigInt(2 * i + 1) * BigInt(frames)) / BigInt(2 * segments)),
        );
        expect([...segmentFrames(frames, segments)]).toEqual(middles);
      }
    }
  });

  it('is rounded as officially, also where the middle lies between two frames but for rounding', () => {
    for (const [frames, fourth] of [
      [6, 2],
      [12, 5],
      [24, 11],
    ]) {
      expect(segmentFrames(frames, 7)[3]).toBe(fourth); // frames / 2 but for rounding
    }
  });

  it('is any of its segment in training, for every length of clip that has as many frames', () => {
    const dice = new Dice(3);
    for (const frames of lengths.filter((length) => length >= 8)) {
      const part = Math.floor(frames / 8);
      const seen = Array.from({ length: 8 }, () => new Set<number>());
      for (let time = 0; time < 30 * part; time++) {
        const found = segmentFrames(frames, 8, (low, high) => dice.integer(low, high));
        for (const [i, frame] of found.entries()) seen[i].add(frame - i * part);
      }
      for (const places of seen) {
        expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...places)).toBeLessThan(part);
        if (part < 10) expect(places.size).toBe(part); // missed less than once in 10¹¹
      }
    }
  });

  it('comes again in clips that are shorter, nothing being drawn', () => {
    const never = () => {
      throw new Error('drawn');
    };
    expect([...segmentFrames(3, 8, never)]).toEqual([0, 0, 1, 1, 2, 2, 2, 0]);
    expect([...segmentFrames(1, 8, never)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    for (let frames = 1; frames < 8; frames++) {
      for (const frame of segmentFrames(frames, 8, never)) expect(frame).toBeLessThan(frames);
    }
  });
});

describe('stretches of frames', () => {
  it('lie in the middles of equal parts of where they fit, and go round where the clip ends', () => {
    for (const frames of lengths) {
      const found = denseFrames(frames, { frames: 16, strideFrames: 2, clips: 4 });
      const places = frames - 31;
      expect([...found]).toEqual(
        Array.from({ length: 64 }, (_, i) => {
          const start = places > 0 ? Math.floor(((2 * (i >> 4) + 1) * places) / 8) : 0;
          return (start + 2 * (i % 16)) % frames;
        }),
      );
    }
  });

  it('begin anywhere they fit in training', () => {
    for (const frames of lengths) {
      const bounds: number[][] = [];
      const draw = (low: number, high: number) => {
        bounds.push([low, high]);
        return high;
      };
      const found = denseFrames(frames, { frames: 16, strideFrames: 2 }, draw);
      const places = frames - 31;
      expect(bounds).toEqual(places > 0 ? [[0, places - 1]] : []);
      const start = Math.max(0, places - 1);
      expect([...found]).toEqual(Array.from({ length: 16 }, (_, i) => (start + 2 * i) % frames));
    }
  });

  it('come in order where there are more of them than places', () => {
    const drawn = [2, 0, 1, 2, 1];
    const found = denseFrames(10, { frames: 4, strideFrames: 2, clips: 5 }, () => drawn.shift() as number);
    expect([0, 4, 8, 12, 16].map((at) => found[at])).toEqual([0, 1, 1, 2, 2]);
  });

  it('and segments are both samplings', () => {
    expect([...sampleFrames(20, { kind: 'segments', segments: 3 })]).toEqual([3, 10, 16]);
    expect([...sampleFrames(5, { kind: 'dense', frames: 4, strideFrames: 2 })]).toEqual([0, 2, 4, 1]);
    expect(() => segmentFrames(0, 8)).toThrow('frames to sample: found 0, expected a whole number from 1');
  });
});
