/**
 * Compiled programs by the shape that they are for. What a program holds in memory grows with its shape: where all sizes
 * together are too much, those not used for longest are let go, before another is made.
 */
export class ProgramCache<P extends AsyncDisposable> implements AsyncDisposable {
  readonly #mostSize: number;
  readonly #programs = new Map<string, { readonly program: P; readonly size: number }>();

  /** @param mostSize - of all programs that are kept; one alone may be larger */
  constructor(mostSize: number) {
    this.#mostSize = mostSize;
  }

  /** @param size - of a program of this shape, in any unit; 1 unless given */
  async get(shape: string, compile: () => Promise<P>, size = 1): Promise<P> {
    const known = this.#programs.get(shape);
    if (!known) await this.#makeRoom(size);
    const program = known?.program ?? (await compile());
    this.#programs.delete(shape);
    this.#programs.set(shape, { program, size }); // last in the order of use
    return program;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#makeRoom(Number.POSITIVE_INFINITY);
  }

  async #makeRoom(size: number): Promise<void> {
    let total = [...this.#programs.values()].reduce((sum, kept) => sum + kept.size, size);
    for (const [oldest, unused] of this.#programs) {
      if (total <= this.#mostSize) return;
      total -= unused.size;
      this.#programs.delete(oldest);
      await unused.program[Symbol.asyncDispose]();
    }
  }
}
