import { describe, expect, it } from 'vitest';
import { Dice } from './dice.ts';

const many = <T>(draw: () => T, count = 20_000) => Array.from({ length: count }, draw);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('dice', () => {
  it('draw the same for the same seed, other numbers for another', () => {
    const draw = (seed: number) => {
      const dice = new Dice(seed);
      return [dice.uniform(), dice.normal(), dice.integer(0, 1000), dice.chance(0.5), dice.oneOf([1, 2, 3])];
    };
    expect(draw(4)).toEqual(draw(4));
    expect(draw(4)).not.toEqual(draw(5));
  });

  it('fork dice that what has been drawn before does not change', () => {
    const [fresh, used] = [new Dice(1), new Dice(1)];
    used.uniform();
    used.normal();
    expect(used.fork('hair').uniform()).toBe(fresh.fork('hair').uniform());
    expect(used.seedFor('clip', 3)).toBe(fresh.seedFor('clip', 3));
  });

  it('fork without drawing: the parent goes on as if nothing had been forked', () => {
    const [one, other] = [new Dice(1), new Dice(1)];
    one.fork('hair').uniform();
    expect(one.uniform()).toBe(other.uniform());
  });

  it('fork by name: other names, numbers and parents give other dice', () => {
    const first = (dice: Dice) => dice.uniform();
    const drawn = [
      first(new Dice(1)),
      first(new Dice(1).fork('video', 1)),
      first(new Dice(1).fork('video', 11)),
      first(new Dice(1).fork('video', '1', 1)),
      first(new Dice(2).fork('video', 1)),
      first(new Dice(1).fork('video').fork(1)),
    ];
    expect(new Set(drawn).size).toBe(drawn.length);
  });

  it('fork neighbours that are no more alike than strangers', () => {
    const values = Array.from({ length: 10_000 }, (_, i) => new Dice(0).fork('video', i).uniform());
    expect(mean(values)).toBeCloseTo(0.5, 1);
    const steps = values.slice(1).map((value, i) => (value - 0.5) * (values[i] - 0.5) * 12);
    expect(Math.abs(mean(steps))).toBeLessThan(0.05); // correlation; five standard deviations
  });

  it('draw uniform numbers between their bounds', () => {
    const dice = new Dice(2);
    const drawn = many(() => dice.uniform(-2, 6));
    for (const value of drawn) expect(value >= -2 && value < 6).toBe(true);
    expect(Math.abs(mean(drawn) - 2)).toBeLessThan(0.08); // five standard deviations
  });

  it('draw whole numbers with both ends as often as the middle', () => {
    const dice = new Dice(3);
    const drawn = many(() => dice.integer(2, 5));
    const counts = [2, 3, 4, 5].map((value) => drawn.filter((one) => one === value).length);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(drawn.length);
    for (const count of counts) expect(Math.abs(count - drawn.length / 4)).toBeLessThan(310); // five standard deviations
  });

  it('draw normal numbers, none beyond three deviations', () => {
    const dice = new Dice(4);
    const drawn = many(() => dice.normal(10, 2));
    expect(Math.abs(mean(drawn) - 10)).toBeLessThan(0.07);
    expect(Math.abs(Math.sqrt(mean(drawn.map((value) => (value - 10) ** 2))) - 2)).toBeLessThan(0.08);
    for (const value of drawn) expect(value >= 4 && value <= 16).toBe(true);
    const within = drawn.filter((value) => Math.abs(value - 10) < 2).length / drawn.length;
    expect(Math.abs(within - 0.6827)).toBeLessThan(0.017);
  });

  it('draw by weight, whatever weights sum to, and never what weighs nothing', () => {
    const dice = new Dice(5);
    const drawn = many(() =>
      dice.weighted([
        ['never', 0],
        ['often', 6],
        ['seldom', 2],
        ['last', 0],
      ]),
    );
    const share = drawn.filter((item) => item === 'often').length / drawn.length;
    expect(Math.abs(share - 0.75)).toBeLessThan(0.016);
    expect(new Set(drawn)).toEqual(new Set(['often', 'seldom']));
  });

  it('are chance itself: 0 never, 1 always, others by their share', () => {
    const dice = new Dice(6);
    expect(many(() => dice.chance(0), 1000)).not.toContain(true);
    expect(many(() => dice.chance(1), 1000)).not.toContain(false);
    const share = many(() => dice.chance(0.3)).filter(Boolean).length / 20_000;
    expect(Math.abs(share - 0.3)).toBeLessThan(0.017);
  });
});
