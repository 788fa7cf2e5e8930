/** Cuts texts to the room there is, and measures each of them only once. */
export class TextFitter {
  readonly #measure: (text: string) => number;
  readonly #known = new Map<string, Measured>();

  /** @param measure - width of a text in pixels, in the font it will be drawn in */
  constructor(measure: (text: string) => number) {
    this.#measure = measure;
  }

  width(text: string): number {
    return this.#measured(text).width;
  }

  /**
   * The text, its beginning with an ellipsis, or nothing when fewer than `leastCharacters` would be left.
   *
   * @param roomPixels - how wide it may be
   */
  fit(text: string, roomPixels: number, leastCharacters = 3): string {
    const measured = this.#measured(text);
    if (measured.width <= roomPixels) return text;
    const { cuts } = measured;
    if (cuts.length === 0) cuts.push(...this.#cutsOf(text));
    let low = 0;
    let high = cuts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cuts[middle].width <= roomPixels) low = middle + 1;
      else high = middle;
    }
    return low >= leastCharacters ? cuts[low - 1].text : '';
  }

  #measured(text: string): Measured {
    let measured = this.#known.get(text);
    if (!measured) this.#known.set(text, (measured = { width: this.#measure(text), cuts: [] }));
    return measured;
  }

  /** Its beginnings of one character, two, and so on, with their ellipses. */
  #cutsOf(text: string): Cut[] {
    let widest = 0;
    const characters = [...text];
    return characters.slice(0, -1).map((_, i) => {
      const cut = `${characters
        .slice(0, i + 1)
        .join('')
        .trimEnd()}…`;
      widest = Math.max(widest, this.#measure(cut));
      return { text: cut, width: widest };
    });
  }
}

// ---- below: internals ----

interface Cut {
  readonly text: string;
  readonly width: number;
}

interface Measured {
  readonly width: number;
  readonly cuts: Cut[];
}
