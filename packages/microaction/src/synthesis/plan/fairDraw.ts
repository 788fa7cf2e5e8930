import type { Dice } from '../../dice.ts';

/**
 * Draws items by their shares so evenly that counts follow them from the start: an item is drawn by what it is behind,
 * `share * (drawn + horizon) - its draws`, and never while it is ahead. A long horizon looks random and strays by about
 * the root of half of its share of the horizon, whatever the number of draws; with a horizon of 1 and equal shares no
 * item is ever two draws ahead of another.
 */
export class FairDraw {
  readonly #shares: readonly number[];
  readonly #horizon: number;
  readonly #taken: Int32Array;
  #drawn = 0;

  /** `weights` need not sum to 1; an item of weight 0 is never drawn. */
  constructor(weights: readonly number[], horizon: number) {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    this.#shares = weights.map((weight) => weight / total);
    this.#horizon = horizon;
    this.#taken = new Int32Array(weights.length);
  }

  /** The position of an item, or -1 where all that are behind are refused. Takes nothing. */
  draw(dice: Dice, refused?: ReadonlySet<number>): number {
    const weightOf = (item: number) =>
      refused?.has(item) ? 0 : Math.max(0, this.#shares[item] * (this.#drawn + this.#horizon) - this.#taken[item]);
    let total = 0;
    for (let item = 0; item < this.#shares.length; item++) total += weightOf(item);
    let left = dice.uniform(0, total);
    let last = -1;
    for (let item = 0; item < this.#shares.length; item++) {
      const weight = weightOf(item);
      if (weight < 1e-9) continue;
      last = item;
      if ((left -= weight) < 0) break;
    }
    return last;
  }

  take(item: number): void {
    this.#taken[item] += 1;
    this.#drawn += 1;
  }

  putBack(item: number): void {
    this.#taken[item] -= 1;
    this.#drawn -= 1;
  }
}
