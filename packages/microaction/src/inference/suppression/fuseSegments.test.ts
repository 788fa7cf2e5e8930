import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuseSegments } from './fuseSegments.ts';
import type { Proposals } from './proposals.ts';

type Row = [start: number, end: number, score: number, classId: number];

const of = (...rows: Row[]): Proposals => ({
  starts: Float32Array.from(rows, (row) => row[0]),
  ends: Float32Array.from(rows, (row) => row[1]),
  scores: Float32Array.from(rows, (row) => row[2]),
  classes: Int32Array.from(rows, (row) => row[3]),
});
const rowsOf = ({ starts, ends, scores, classes }: Proposals): Row[] =>
  Array.from(scores, (score, i) => [starts[i], ends[i], score, classes[i]]);

describe('fuseSegments', () => {
  it('joins what two models agree on, nearer to the surer one', () => {
    expect(rowsOf(fuseSegments([of([0, 4, 0.75, 1]), of([1, 5, 0.25, 1])]))).toEqual([[0.25, 4.25, 0.5, 1]]);
  });

  it('weighs down what one of two models alone has seen', () => {
    expect(rowsOf(fuseSegments([of([0, 4, 0.5, 1]), of()]))).toEqual([[0, 4, 0.25, 1]]);
  });

  it('counts a model by its weight', () => {
    const fused = fuseSegments([of([0, 4, 0.5, 1]), of([1, 5, 0.5, 1])], { weights: [3, 1] });
    expect(rowsOf(fused)).toEqual([[0.25, 4.25, 0.5, 1]]);
  });

  it('does not exceed the mean when one model proposes the same thing several times', () => {
    expect(rowsOf(fuseSegments([of([0, 4, 0.5, 1], [0, 4, 0.5, 1], [0, 4, 0.5, 1])]))).toEqual([[0, 4, 0.5, 1]]);
  });

  it('keeps classes and what does not overlap apart', () => {
    expect(fuseSegments([of([0, 4, 0.5, 1], [0, 4, 0.5, 2], [5, 9, 0.5, 1])]).scores).toHaveLength(3);
  });

  it('asks for one positive weight a model', () => {
    expect(() => fuseSegments([of(), of()], { weights: [1] })).toThrow('1 weights for 2 models');
    expect(() => fuseSegments([of()], { weights: [0] })).toThrow('found the weight 0');
  });

  it('stays within what was proposed, and changes nothing when all models say the same', () => {
    const row = fc
      .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 16 }))
      .map(([start, length, score]): Row => [start, start + length, score / 16, 0]);
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
        const once = rowsOf(fuseSegments([of(...rows)]));
        const thrice = rowsOf(fuseSegments([of(...rows), of(...rows), of(...rows)]));
        expect(thrice.length).toBeLessThanOrEqual(rows.length);
        for (const [start, end, score] of thrice) {
          expect(start).toBeGreaterThanOrEqual(Math.min(...rows.map((r) => r[0])));
          expect(end).toBeLessThanOrEqual(Math.max(...rows.map((r) => r[1])));
          expect(score).toBeLessThanOrEqual(Math.max(...rows.map((r) => r[2])));
        }
        const apart = rows.every((a, i) => rows.every((b, j) => i === j || a[1] <= b[0] || b[1] <= a[0]));
        if (apart) expect(thrice).toEqual(once);
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});
