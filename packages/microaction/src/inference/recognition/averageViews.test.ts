import { describe, expect, it } from 'vitest';
import { averageViews, softmax } from './averageViews.ts';

const views = [Float64Array.of(Math.log(9), 0, 0), Float64Array.of(0, 0, 0)];
const near = (expected: readonly number[]) => expected.map((value) => expect.closeTo(value, 12));

describe('averageViews', () => {
  it('is the mean of probabilities, or the probabilities of mean logits', () => {
    const [sure, even] = [9 / 11, 1 / 3];
    const rest = (1 / 11 + even) / 2;
    expect([...averageViews(views)]).toEqual(near([(sure + even) / 2, rest, rest]));
    expect([...averageViews(views, 'score')]).toEqual(near([3 / 5, 1 / 5, 1 / 5]));
  });

  it('does not run over, and leaves the logits as they are', () => {
    const logits = Float64Array.of(1000, 1000, -1000);
    expect([...softmax(logits)]).toEqual([0.5, 0.5, 0]);
    expect([...logits]).toEqual([1000, 1000, -1000]);
  });
});
