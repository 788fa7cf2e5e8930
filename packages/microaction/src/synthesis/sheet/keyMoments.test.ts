import { describe, expect, it } from 'vitest';
import { keyMoments } from './keyMoments.ts';

describe('key moments', () => {
  it('are the extremes of a movement, in order of time', () => {
    const swing = Array.from({ length: 41 }, (_, i) => [Math.sin((Math.PI * i) / 20)]);
    expect(keyMoments(swing, 4)).toEqual(expect.arrayContaining([0, 10, 30]));
  });

  it('show what lasts for longer than what passes: a hand that is held out beside its ways there and back', () => {
    const held = Array.from({ length: 61 }, (_, i) => [Math.max(0, Math.min(1, i / 10, (60 - i) / 10))]);
    const chosen = keyMoments(held, 6);
    const out = chosen.filter((i) => i >= 10 && i <= 50);
    expect(Math.max(...out) - Math.min(...out)).toBeGreaterThan(25);
    expect(chosen).toContain(0);
  });

  it('are all there are where more are asked for, even where nothing moves', () => {
    expect(keyMoments([[1], [1], [1]], 5)).toEqual([0, 1, 2]);
    expect(keyMoments([[1], [1], [1]], 2)).toHaveLength(2);
  });
});
