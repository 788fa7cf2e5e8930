import { describe, expect, it } from 'vitest';
import type { Refusal } from '../http/refusal.ts';
import { GuessLimit } from './guessLimit.ts';

/** A limit with a clock that is set by hand. */
function limited() {
  let seconds = 1000;
  const limit = new GuessLimit(() => seconds);
  return {
    limit,
    pass: (more: number) => {
      seconds += more;
    },
    /** How long the attempt has to wait; 0 where it may be made (and then is wrong). */
    guess: (name: string, address: string) => {
      try {
        limit.attempt(name, address);
        return 0;
      } catch (error) {
        return (error as Refusal).retryAfterSeconds;
      }
    },
  };
}
const times = (count: number, work: () => unknown) => Array.from({ length: count }, work);

describe('guessing passwords', () => {
  it('is free for a few mistakes, then waits longer each time, up to half a minute', () => {
    const { guess, pass } = limited();
    expect(times(5, () => guess('mei', 'a'))).toEqual([0, 0, 0, 0, 0]);
    const waits = times(7, () => {
      const wait = guess('mei', 'a') ?? 0;
      pass(wait);
      expect(guess('mei', 'a')).toBe(0);
      return wait;
    });
    expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30]);
  });

  it('does not get quicker from many addresses, nor by writing the name otherwise', () => {
    const { guess } = limited();
    times(5, () => guess('mei', `address ${Math.random()}`));
    expect(guess('MEI', 'another')).toBe(1);
  });

  it('does not get quicker with many names', () => {
    const { guess } = limited();
    for (let i = 0; i < 20; i++) expect(guess(`name ${i}`, 'a')).toBe(0);
    expect(guess('one more', 'a')).toBe(1);
    expect(guess('one more', 'b')).toBe(0);
  });

  it('gains nothing from asking at the same moment, since an attempt counts before it is known to be wrong', () => {
    const { guess } = limited();
    expect(times(100, () => guess('mei', 'a')).filter((wait) => wait === 0)).toHaveLength(5);
  });

  it('does not wait longer for attempts made while waiting', () => {
    const { guess, pass } = limited();
    times(5, () => guess('mei', 'a'));
    times(50, () => guess('mei', 'a'));
    pass(1);
    expect(guess('mei', 'a')).toBe(0);
  });

  it('of others does not keep out a person from where they have signed in before', () => {
    const { limit, guess } = limited();
    limit.attempt('mei', 'home');
    limit.succeeded('mei', 'home');
    times(50, () => guess('mei', 'elsewhere'));
    expect(guess('mei', 'elsewhere')).toBeGreaterThan(0);
    expect(guess('mei', 'home')).toBe(0);
  });

  it('is counted from that place too', () => {
    const { limit, guess } = limited();
    limit.attempt('mei', 'home');
    limit.succeeded('mei', 'home');
    expect(times(6, () => guess('mei', 'home'))).toEqual([0, 0, 0, 0, 0, 1]);
  });

  it('is forgotten by the right password, and after a quarter of an hour', () => {
    const { limit, guess, pass } = limited();
    times(4, () => guess('mei', 'a'));
    limit.succeeded('mei', 'a');
    expect(times(5, () => guess('mei', 'a'))).toEqual([0, 0, 0, 0, 0]);
    expect(guess('mei', 'a')).toBe(1);
    pass(15 * 60);
    expect(times(5, () => guess('mei', 'a'))).toEqual([0, 0, 0, 0, 0]);
  });
});
