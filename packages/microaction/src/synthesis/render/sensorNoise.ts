import type { Dice } from '../../dice.ts';

/** The grain of a sensor: drawn once, laid over each frame from another place on. */
export class SensorNoise {
  readonly #dice: Dice;
  readonly #grain: Int8Array;

  constructor(dice: Dice, levels: number) {
    this.#dice = dice.fork('offsets');
    const draw = dice.fork('grain');
    this.#grain = new Int8Array(3 * grainPixels);
    if (levels === 0) return;
    for (let i = 0; i < grainPixels; i++) {
      // Most of it is alike in all colours.
      const grey = draw.normal(0, 0.9 * levels);
      for (let channel = 0; channel < 3; channel++)
        this.#grain[3 * i + channel] = Math.round(grey + draw.normal(0, 0.44 * levels));
    }
  }

  /** Adds grain to RGBA pixels, row by row from another place, so that no two frames have it alike. */
  addTo(pixels: Uint8ClampedArray, widthPixels: number) {
    const grain = this.#grain;
    const rowBytes = 4 * widthPixels;
    for (let row = 0; row < pixels.length; row += rowBytes) {
      let at = 3 * this.#dice.integer(0, grainPixels - 1);
      for (let i = row; i < row + rowBytes; i += 4) {
        if (at >= grain.length) at = 0;
        pixels[i] += grain[at];
        pixels[i + 1] += grain[at + 1];
        pixels[i + 2] += grain[at + 2];
        at += 3;
      }
    }
  }
}

// ---- below: internals ----

const grainPixels = 1 << 15;
