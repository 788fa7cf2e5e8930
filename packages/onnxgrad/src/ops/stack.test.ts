import { describe, expect, it } from 'vitest';
import { checkGradient, sample } from '../grad/gradientTesting.ts';
import { constant, type Tensor } from '../graph/tensor.ts';
import { multiply } from './elementwise.ts';
import { repeat, split, squeeze, stack, tile, unsqueeze } from './stack.ts';
import { valuesOf } from './valuesTesting.ts';

const [a, b] = [constant([1, 2]), constant([3, 4])];

describe('stack, split, tile and repeat', () => {
  it('arrange as their names say', async () => {
    const [first, second] = split(constant([1, 2, 3]), [1, 2], 0);
    expect(
      await valuesOf({
        rows: stack([a, b]),
        columns: stack([a, b], -1),
        first,
        second,
        tile: tile(stack([a, b]), [1, 2]),
        repeat: repeat(stack([a, b]), 2, 1),
        rowsTwice: repeat(stack([a, b]), 2, 0),
      }),
    ).toEqual({
      rows: [1, 2, 3, 4],
      columns: [1, 3, 2, 4],
      first: [1],
      second: [2, 3],
      tile: [1, 2, 1, 2, 3, 4, 3, 4],
      repeat: [1, 1, 2, 2, 3, 3, 4, 4],
      rowsTwice: [1, 2, 1, 2, 3, 4, 3, 4],
    });
  });

  it('state their shapes', () => {
    expect(stack([a, b, a], 1).shape).toEqual([2, 3]);
    expect(tile(constant([1, 2], { shape: [1, 2] }), [3, 2]).shape).toEqual([3, 4]);
    expect(unsqueeze(a, -1).shape).toEqual([2, 1]);
    expect(squeeze(unsqueeze(unsqueeze(a, 0), 2)).shape).toEqual([2]);
    expect(squeeze(constant([1], { shape: [1, 1, 1] }), [0, -1]).shape).toEqual([1]);
    expect(split(constant([1, 2, 3, 4]), 2, 0).map(({ shape }) => shape)).toEqual([[2], [2]]);
  });

  it('have gradients that agree with central differences', async () => {
    const squared = (build: (x: Tensor) => Tensor) => checkGradient((x) => build(multiply(x, x)), [sample([2, 3])]);
    await squared((x) => stack([x, multiply(x, 2), x], 1));
    await squared((x) => multiply(...(split(x, [1, 1], 0) as [Tensor, Tensor])));
    await squared((x) => tile(x, [3, 2]));
    await squared((x) => repeat(x, 3, 1));
  });

  it('tell what does not fit', () => {
    expect(() => split(a, [1, 2], 0)).toThrow(
      'split: parts are [1, 2]; expected whole numbers that sum to 2, the length of axis 0',
    );
    expect(() => split(constant([1, 2, 3]), 2, 0)).toThrow('split: parts are [1.5, 1.5]');
    for (const parts of [0, -1, 1.5, Number.NaN]) {
      expect(() => split(a, parts, 0)).toThrow(`split: parts are ${parts}; expected a whole number from 1 up`);
    }
    expect(() => tile(a, [1, 1])).toThrow('tile: times are [1, 1]');
    expect(() => squeeze(stack([a, b]), 0)).toThrow('squeeze: axis 0 has length 2; expected 1');
    expect(() => stack([])).toThrow('stack: parts is empty');
  });
});
