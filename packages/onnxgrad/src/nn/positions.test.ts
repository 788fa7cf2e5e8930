import { describe, expect, it } from 'vitest';
import { distance } from '../grad/gradientTesting.ts';
import { input } from '../graph/tensor.ts';
import { resize } from '../ops/resize.ts';
import { reshape, transpose } from '../ops/shape.ts';
import { numbers, valuesOf } from '../ops/valuesTesting.ts';
import { resizePositions, sineCosine2d, sinusoidTable } from './positions.ts';

// Stored values: NumPy, float64 maths then float32, by the formulas of VideoMAE and MAE.
describe('positions', () => {
  it('of a sequence are the sinusoid table', () => {
    const table = sinusoidTable(4, 6);
    const expected = [0.84147096, 0.54030228, 0.046399225, 0.998923, 0.0021544329, 0.99999768];
    expect(distance(table.slice(6, 12), expected)).toBeLessThan(1e-7);
    const third = [0.14112, -0.9899925, 0.1387981, 0.99032068, 0.006463259, 0.99997914];
    expect(distance(table.slice(18), third)).toBeLessThan(1e-7);
    expect([...table.slice(0, 6)]).toEqual([0, 1, 0, 1, 0, 1]);
  });

  it('of a grid are sines and cosines of the column, then of the row', () => {
    const table = sineCosine2d([2, 3], 8);
    const second = [0.84147096, 0.0099998331, 0.54030228, 0.99994999, 0, 0, 1, 1];
    expect(distance(table.slice(8, 16), second)).toBeLessThan(1e-7);
    const last = [0.90929741, 0.019998666, -0.41614684, 0.99980003, 0.84147096, 0.0099998331, 0.54030228, 0.99994999];
    expect(distance(table.slice(40), last)).toBeLessThan(1e-7);
    expect(() => sineCosine2d([2, 3], 6)).toThrow('sineCosine2d: width is 6; expected a multiple of 4');
  });

  it('fit another grid by cubic interpolation of each frame', async () => {
    const table = numbers([1, 2 * 2 * 3, 4], Array.from(sinusoidTable(12, 4)));
    const resized = resizePositions(table, [2, 2, 3], [2, 4, 2]);
    const frames = transpose(reshape(table, [2, 2, 3, 4]), [0, 3, 1, 2]);
    const expected = transpose(resize(frames, { sizes: [4, 2], mode: 'cubic' }), [0, 2, 3, 1]);
    const found = await valuesOf({ resized, expected });
    expect(resized.shape).toEqual([1, 16, 4]);
    expect(distance(found.resized, found.expected)).toBeLessThan(1e-12);
    expect(resizePositions(table, [2, 2, 3], [2, 2, 3])).toBe(table);
  });

  it('refuse tokens that the grid does not have, and another number of frames', () => {
    const positions = input('positions', [1, 12, 4]);
    expect(() => resizePositions(positions, [2, 3, 3], [2, 3, 4])).toThrow('have shape [1, 12, 4]; expected [1, 18');
    expect(() => resizePositions(positions, [2, 2, 3], [4, 2, 3])).toThrow('to is [4, 2, 3]');
  });
});
