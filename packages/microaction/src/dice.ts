import { type Random, seededRandom } from './random.ts';

/** Draws from one seed. Whatever needs draws of its own forks: what it draws then changes nothing elsewhere. */
export class Dice {
  readonly #seed: number;
  readonly #random: Random;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = seededRandom(seed);
  }

  /** Dice of their own for `name`, the same whatever has been drawn before. */
  fork(...name: readonly (string | number)[]): Dice {
    return new Dice(hash(`${this.#seed}/${name.join('/')}`));
  }

  /** A seed of its own for `name`. */
  seedFor(...name: readonly (string | number)[]): number {
    return hash(`${this.#seed}/${name.join('/')}`);
  }

  /** In [low, high). */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * this.#random();
  }

  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.#random() * (high - low + 1));
  }

  /** Normal, cut at three standard deviations. */
  normal(mean = 0, deviation = 1): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.#random()));
    const value = radius * Math.cos(2 * Math.PI * this.#random());
    return mean + deviation * Math.max(-3, Math.min(3, value));
  }

  chance(probability: number): boolean {
    return this.#random() < probability;
  }

  oneOf<T>(items: readonly T[]): T {
    return items[Math.floor(this.#random() * items.length)];
  }

  /** An item by its weight; weights need not sum to 1. */
  weighted<T>(items: readonly (readonly [item: T, weight: number])[]): T {
    let left = this.#random() * items.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [item, weight] of items) {
      left -= weight;
      if (left < 0) return item;
    }
    return items[items.length - 1][0];
  }
}

// ---- below: internals ----

/** FNV-1a of the text's UTF-16 units, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
