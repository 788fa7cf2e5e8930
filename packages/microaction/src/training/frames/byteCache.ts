/** Things that are being made or are there, by key, of which those that were asked for last are kept, up to some bytes. */
export class ByteCache<Value> {
  readonly #most: number;
  readonly #bytesOf: (value: Value) => number;
  /** In the order in which they were last asked for. Bytes are 0 until a thing is there. */
  readonly #entries = new Map<string, { readonly value: Promise<Value>; bytes: number }>();
  #bytes = 0;

  constructor(mostBytes: number, bytesOf: (value: Value) => number) {
    this.#most = mostBytes;
    this.#bytesOf = bytesOf;
  }

  /** Of all that is kept. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): Promise<Value> | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Whoever asks while it is made gets the same. What fails is forgotten. */
  put(key: string, value: Promise<Value>): void {
    const entry = { value, bytes: 0 };
    this.#entries.set(key, entry);
    value.then(
      (made) => {
        entry.bytes = this.#bytesOf(made);
        this.#bytes += entry.bytes;
        this.#shrink();
      },
      () => this.#entries.delete(key),
    );
  }

  #shrink(): void {
    for (const [key, { bytes }] of this.#entries) {
      if (this.#bytes <= this.#most) return;
      if (bytes === 0) continue;
      this.#entries.delete(key);
      this.#bytes -= bytes;
    }
  }
}
