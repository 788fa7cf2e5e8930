import { describe, expect, it } from 'vitest';
import { checkGradient, sample } from '../grad/gradientTesting.ts';
import { constant, input } from '../graph/tensor.ts';
import { multiply } from './elementwise.ts';
import { range } from './gather.ts';
import { reshape } from './shape.ts';
import { roll, shift, temporalShift } from './shift.ts';
import { valuesOf } from './valuesTesting.ts';

const four = constant([1, 2, 3, 4]);

describe('roll and shift', () => {
  it('move to either side, by more than the length too', async () => {
    expect(
      await valuesOf({
        roll: roll(four, 1, 0),
        back: roll(four, -1, 0),
        far: roll(four, -5, 0),
        whole: roll(four, 4, 0),
        shift: shift(four, 1, 0),
        shiftBack: shift(four, -3, 0),
        gone: shift(four, 9, 0),
      }),
    ).toEqual({
      roll: [4, 1, 2, 3],
      back: [2, 3, 4, 1],
      far: [2, 3, 4, 1],
      whole: [1, 2, 3, 4],
      shift: [0, 1, 2, 3],
      shiftBack: [4, 0, 0, 0],
      gone: [0, 0, 0, 0],
    });
  });

  it('have gradients that agree with central differences', async () => {
    await checkGradient((x) => roll(multiply(x, x), 2, 1), [sample([2, 5])]);
    await checkGradient((x) => shift(multiply(x, x), -2, 0), [sample([3, 2])]);
  });

  it('refuse half steps', () =>
    expect(() => roll(four, 0.5, 0)).toThrow('roll: steps is 0.5; expected a whole number'));
});

describe('temporalShift', () => {
  it('takes the first channels from the next frame and the next from the one before, within each clip', async () => {
    // Two clips of three frames with five channels, of which one each moves; numbers count frames in tens.
    const frames = Array.from({ length: 30 }, (_, i) => Math.floor(i / 5) * 10 + (i % 5));
    const { y } = await valuesOf({
      y: temporalShift(constant(frames, { shape: [6, 5] }), { segments: 3, foldDivisor: 4 }),
    });
    expect(y).toEqual(
      [
        [10, 0, 2, 3, 4],
        [20, 1, 12, 13, 14],
        [0, 11, 22, 23, 24],
        [40, 0, 32, 33, 34],
        [50, 31, 42, 43, 44],
        [0, 41, 52, 53, 54],
      ].flat(),
    );
  });

  it('has a gradient that agrees with central differences, with axes of space', () =>
    checkGradient((x) => temporalShift(multiply(x, x), { segments: 2, foldDivisor: 3 }), [sample([4, 4, 2, 1])]));

  it('tells a number of frames that holds no whole clips', () => {
    const x = reshape(range(12, { dtype: 'float32' }), [4, 3]);
    expect(() => temporalShift(x, { segments: 3 })).toThrow(
      'temporalShift: x has shape [4, 3]; expected a multiple of 3 frames',
    );
  });

  it('wants whole numbers of segments and of folds', () => {
    const x = input('x', [8, 8, 2]);
    expect(() => temporalShift(x, { segments: 0.5 })).toThrow('segments is 0.5; expected a whole number from 1 up');
    expect(() => temporalShift(x, { segments: 4, foldDivisor: 0 })).toThrow(
      'foldDivisor is 0; expected a whole number from 2 up',
    );
  });
});
