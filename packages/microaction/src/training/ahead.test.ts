import { describe, expect, it } from 'vitest';
import { madeAhead } from './ahead.ts';

describe('what is made ahead', () => {
  it('comes in order, with no more begun than told', async () => {
    let [begun, used] = [0, 0];
    const make = async (item: number) => {
      begun++;
      await new Promise((resolve) => setTimeout(resolve, item % 2 ? 1 : 5));
      return 10 * item;
    };
    const found: number[] = [];
    for await (const made of madeAhead([0, 1, 2, 3, 4, 5], make, 2)) {
      expect(begun - used).toBeLessThanOrEqual(3); // this one and two ahead
      used++;
      found.push(made);
    }
    expect(found).toEqual([0, 10, 20, 30, 40, 50]);
  });

  it('fails when its turn comes, and waits for what is begun', async () => {
    const finished: number[] = [];
    const make = async (item: number) => {
      if (item === 1) throw new Error('one');
      await new Promise((resolve) => setTimeout(resolve, 5));
      finished.push(item);
      return item;
    };
    const found: number[] = [];
    const all = async () => {
      for await (const made of madeAhead([0, 1, 2, 3, 4], make, 2)) found.push(made);
    };
    await expect(all()).rejects.toThrow('one');
    expect(found).toEqual([0]);
    expect(finished).toEqual([0, 2, 3]);
  });
});
