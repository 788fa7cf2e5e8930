/** Reads the fields of a case's JSON, and says which one is not as it should be. */
export class Fields {
  readonly #record: Record<string, unknown>;
  readonly #where: string;

  constructor(record: unknown, where = 'case.json') {
    if (typeof record !== 'object' || record === null || Array.isArray(record)) {
      throw new Error(`${where} is ${kindOf(record)}; expected an object`);
    }
    this.#record = record as Record<string, unknown>;
    this.#where = where;
  }

  get names(): string[] {
    return Object.keys(this.#record);
  }

  has(name: string): boolean {
    return this.#record[name] !== undefined && this.#record[name] !== null;
  }

  fields(name: string): Fields {
    return new Fields(this.#record[name], this.#path(name));
  }

  /** Objects of a list, or values by name. */
  each(name: string): Fields[] {
    const list = this.#record[name];
    if (!Array.isArray(list)) throw this.#unlike(name, 'a list');
    return list.map((item, i) => new Fields(item, `${this.#path(name)}.${i}`));
  }

  number(name: string, fallback?: number): number {
    if (!this.has(name) && fallback !== undefined) return fallback;
    const value = this.#record[name];
    if (typeof value !== 'number') throw this.#unlike(name, 'a number');
    return value;
  }

  numbers(name: string, fallback?: readonly number[]): readonly number[] {
    if (!this.has(name) && fallback !== undefined) return fallback;
    const value = this.#record[name];
    if (!Array.isArray(value) || !value.every((item) => typeof item === 'number')) {
      throw this.#unlike(name, 'a list of numbers');
    }
    return value;
  }

  flag(name: string, fallback?: boolean): boolean {
    if (!this.has(name) && fallback !== undefined) return fallback;
    const value = this.#record[name];
    if (typeof value !== 'boolean') throw this.#unlike(name, 'true or false');
    return value;
  }

  text(name: string, fallback?: string): string {
    if (!this.has(name) && fallback !== undefined) return fallback;
    const value = this.#record[name];
    if (typeof value !== 'string') throw this.#unlike(name, 'text');
    return value;
  }

  texts(name: string): readonly string[] {
    const value = this.#record[name];
    if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
      throw this.#unlike(name, 'a list of texts');
    }
    return value;
  }

  /** As it is. */
  raw(name: string): unknown {
    return this.#record[name];
  }

  #path(name: string): string {
    return this.#where === 'case.json' ? `case.json: ${name}` : `${this.#where}.${name}`;
  }

  #unlike(name: string, expected: string): Error {
    return new Error(`${this.#path(name)} is ${kindOf(this.#record[name])}; expected ${expected}`);
  }
}

// ---- below: internals ----

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
