/** Compiled programs by the shape that they are for; of more than a few, those not used for longest are let go. */
export class ProgramCache<P extends AsyncDisposable> implements AsyncDisposable {
  readonly #most: number;
  readonly #programs = new Map<string, P>();

  constructor(most: number) {
    this.#most = most;
  }

  async get(shape: string, compile: () => Promise<P>): Promise<P> {
    const known = this.#programs.get(shape);
    const program = known ?? (await compile());
    this.#programs.delete(shape);
    this.#programs.set(shape, program); // last in the order of use
    for (const [oldest, unused] of this.#programs) {
      if (this.#programs.size <= this.#most) break;
      this.#programs.delete(oldest);
      await unused[Symbol.asyncDispose]();
    }
    return program;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const program of this.#programs.values()) await program[Symbol.asyncDispose]();
    this.#programs.clear();
  }
}
