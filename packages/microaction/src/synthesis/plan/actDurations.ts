import type { Dice } from '../../dice.ts';
import { countedSeconds } from './counted.ts';
import { durationQuantiles } from './durationQuantiles.ts';
import { evenlySpread } from './evenlySpread.ts';

export interface Offer {
  /** Which of the waiting durations it is; `take` wants it back. */
  readonly slot: number;
  readonly seconds: number;
}

/**
 * How long the acts of one action last: evenly spread over the quantiles of their distribution, so that few draws
 * already have its mean and spread. A few durations wait at a time, for a long one may need a long clip. What is lost
 * to clips that are too short is made up for by later draws.
 */
export class ActDurations {
  readonly #quantiles: Float64Array;
  readonly #mean: number;
  readonly #std: number;
  /** Positions among the quantiles, 0 to 1. */
  readonly #waiting: number[];
  readonly #positions: () => number;
  /** Seconds that were taken beyond the mean. */
  #surplus = 0;

  constructor(dice: Dice, mean: number, std: number) {
    this.#mean = mean;
    this.#std = std;
    this.#quantiles = durationQuantiles({ mean, std, low: countedSeconds.shortest, high: countedSeconds.longest }, 256);
    this.#positions = evenlySpread(dice.uniform());
    this.#waiting = Array.from({ length: 6 }, this.#positions);
  }

  /** One that waits and is at most `most` seconds long; the shortest where all are longer. Takes nothing. */
  offer(dice: Dice, most: number): Offer {
    const seconds = this.#waiting.map((position) => this.#secondsAt(position));
    const fitting = seconds.flatMap((value, slot) => (value <= most ? slot : []));
    const slot = fitting.length > 0 ? dice.oneOf(fitting) : seconds.indexOf(Math.min(...seconds));
    return { slot, seconds: seconds[slot] };
  }

  /** `labelSeconds`: what became of it, cut to the clip. */
  take({ slot }: Offer, labelSeconds: number): void {
    this.#waiting[slot] = this.#positions();
    this.#surplus += labelSeconds - this.#mean;
  }

  // ---- below: internals ----

  /** A surplus bends later draws towards the short end, a deficit towards the long one. */
  #secondsAt(position: number): number {
    const bend = Math.max(-1, Math.min(1, (correction * this.#surplus) / this.#std));
    return this.#quantiles[Math.floor(position ** (2 ** bend) * this.#quantiles.length)];
  }
}

/** Bends of a factor of two for each standard deviation of surplus. */
const correction = 0.1;
