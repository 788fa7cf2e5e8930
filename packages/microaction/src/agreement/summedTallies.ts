import type { Random } from '../random.ts';
import type { TallyLayout } from './tallies.ts';

/** Tallies of every label, summed over clips. */
export interface Sums {
  readonly samples: number;
  readonly seconds: number;
  /** `label * layout.size + place` */
  readonly tallies: Float64Array;
}

export interface ClipTallies {
  readonly samples: number;
  readonly seconds: number;
  /** Of the labels that any coder used. */
  readonly tallies: readonly { readonly label: number; readonly tally: Float64Array }[];
}

/** The tallies of all clips, in one piece of memory and label by label, so that drawing clips again is fast. */
export class SummedTallies {
  /** Positions of the labels used in any clip, ascending. */
  readonly used: readonly number[];
  readonly #clips: readonly ClipTallies[];
  readonly #labels: number;
  readonly #size: number;
  /** For each tally its clip and label, and its counts one tally after the other. */
  readonly #clipOf: Int32Array;
  readonly #labelOf: Int32Array;
  readonly #counts: Float64Array;

  constructor(clips: readonly ClipTallies[], labels: number, layout: TallyLayout) {
    const all = clips.flatMap(({ tallies }, clip) => tallies.map((one) => ({ clip, ...one })));
    all.sort((a, b) => a.label - b.label || a.clip - b.clip);
    this.used = [...new Set(all.map(({ label }) => label))];
    this.#clips = clips;
    this.#labels = labels;
    this.#size = layout.size;
    this.#clipOf = Int32Array.from(all, ({ clip }) => clip);
    this.#labelOf = Int32Array.from(all, ({ label }) => label);
    this.#counts = new Float64Array(all.length * layout.size);
    for (let i = 0; i < all.length; i++) this.#counts.set(all[i].tally, i * layout.size);
  }

  sum(): Sums {
    return this.#weighted(new Int32Array(this.#clips.length).fill(1));
  }

  /** As many clips as there are, drawn with replacement. */
  resampled(random: Random): Sums {
    const times = new Int32Array(this.#clips.length);
    for (let i = 0; i < times.length; i++) times[Math.floor(random() * times.length)] += 1;
    return this.#weighted(times);
  }

  #weighted(times: Int32Array): Sums {
    const [size, counts, clipOf, labelOf] = [this.#size, this.#counts, this.#clipOf, this.#labelOf];
    const tallies = new Float64Array(this.#labels * size);
    for (let i = 0; i < clipOf.length; i++) {
      const weight = times[clipOf[i]];
      if (weight === 0) continue;
      const from = i * size;
      const to = labelOf[i] * size;
      for (let j = 0; j < size; j++) tallies[to + j] += weight * counts[from + j];
    }
    let [samples, seconds] = [0, 0];
    this.#clips.forEach((clip, i) => {
      samples += times[i] * clip.samples;
      seconds += times[i] * clip.seconds;
    });
    return { samples, seconds, tallies };
  }
}
