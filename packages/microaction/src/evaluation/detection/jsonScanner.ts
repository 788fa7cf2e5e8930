import { UserError } from '../../errors.ts';

/**
 * Walks through JSON in bytes without building it: for files of millions of rows, whose parsed form would not fit in
 * memory, and whose text not in one string. Keeps what `JSON.parse` loses: the order of keys that look like numbers,
 * and keys that occur twice. Takes NaN and Infinity, which Python writes, as numbers, so that a caller can say where
 * they are. What is skipped is checked for its strings and brackets only.
 */
export class JsonScanner {
  readonly #bytes: Uint8Array;
  readonly #source: string;
  readonly #known = new Map<number, Known>();
  readonly #decoder = new TextDecoder('utf-8');
  #at = 0;

  /** `source` names the document in messages. */
  constructor(bytes: Uint8Array, source: string) {
    this.#bytes = bytes;
    this.#source = source;
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.#at = 3; // A byte order mark.
  }

  /** Where the next value begins; `position = before` goes back. */
  get position(): number {
    this.#blanks();
    return this.#at;
  }
  set position(at: number) {
    this.#at = at;
  }

  nextIsObject(): boolean {
    return this.#bytes[this.position] === code('{');
  }

  nextIsArray(): boolean {
    return this.#bytes[this.position] === code('[');
  }

  /** Reads an object; `member` must read or skip the value of each key. */
  object(member: (key: string) => void): void {
    this.#take('{', 'an object');
    if (this.#tryTake('}')) return;
    do {
      const key = this.string();
      this.#take(':', '":" after a key');
      member(key);
    } while (this.#tryTake(','));
    this.#take('}', '"," or "}"');
  }

  /** Reads an array; `item` must read or skip each value. */
  array(item: (index: number) => void): void {
    this.#take('[', 'an array');
    if (this.#tryTake(']')) return;
    let index = 0;
    do item(index++);
    while (this.#tryTake(','));
    this.#take(']', '"," or "]"');
  }

  string(): string {
    this.#take('"', 'a string');
    const bytes = this.#bytes;
    const start = this.#at;
    let hash = 0;
    let escaped = false;
    let at = start;
    for (; at < bytes.length && bytes[at] !== code('"'); at++) {
      if (bytes[at] === code('\\')) {
        escaped = true;
        at++;
      }
      hash = (Math.imul(hash, 31) + bytes[at]) | 0;
    }
    if (at >= bytes.length) this.#fail('the closing quote of a string');
    this.#at = at + 1;
    return this.#text(start, at, hash, escaped);
  }

  /** A string, number, boolean or null as it is; an object or array as its raw text, cut short. */
  value(): unknown {
    const begin = this.position;
    const first = this.#bytes[begin];
    if (first === code('"')) return this.string();
    if (first === code('{') || first === code('[')) {
      this.skip();
      return this.#decoder.decode(this.#bytes.subarray(begin, Math.min(this.#at, begin + 60)));
    }
    return this.#word();
  }

  /** Goes past the next value. */
  skip(): void {
    let depth = 0;
    do {
      const next = this.#bytes[this.position];
      if (next === code('"')) this.string();
      else if (next === code('{') || next === code('[')) {
        depth += 1;
        this.#at += 1;
      } else if (next === code('}') || next === code(']')) {
        if (depth === 0) this.#fail('a value');
        depth -= 1;
        this.#at += 1;
      } else if (depth > 0 && (next === code(',') || next === code(':'))) this.#at += 1;
      else this.#word();
    } while (depth > 0);
  }

  /** That nothing but blanks is left. */
  end(): void {
    if (this.position < this.#bytes.length) this.#fail('the end of the document');
  }

  #blanks(): void {
    const bytes = this.#bytes;
    while (this.#at < bytes.length && bytes[this.#at] <= 32) this.#at++;
  }

  #take(wanted: string, expected: string): void {
    if (!this.#tryTake(wanted)) this.#fail(expected);
  }

  #tryTake(wanted: string): boolean {
    this.#blanks();
    if (this.#bytes[this.#at] !== code(wanted)) return false;
    this.#at += 1;
    return true;
  }

  /** The same few strings come again and again: each is decoded once. */
  #text(start: number, end: number, hash: number, escaped: boolean): string {
    const known = this.#known.get(hash);
    if (known && known.end - known.start === end - start) {
      let i = 0;
      while (i < end - start && this.#bytes[known.start + i] === this.#bytes[start + i]) i++;
      if (i === end - start) return known.text;
    }
    let text = this.#decoder.decode(this.#bytes.subarray(start, end));
    if (escaped) {
      try {
        text = JSON.parse(`"${text}"`) as string;
      } catch {
        this.#at = start;
        this.#fail('a string with valid escapes');
      }
    }
    if (this.#known.size < mostKnown) this.#known.set(hash, { start, end, text });
    return text;
  }

  #word(): unknown {
    const bytes = this.#bytes;
    const start = this.#at;
    const quick = this.#number();
    if (quick !== undefined) return quick;
    this.#at = start;
    while (this.#at < bytes.length && !endsWord(bytes[this.#at])) this.#at++;
    const text = this.#decoder.decode(bytes.subarray(start, this.#at));
    if (/^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(text)) return Number(text);
    if (words.has(text)) return words.get(text);
    this.#at = start;
    return this.#fail('a value');
  }

  /** Numbers of up to 15 digits without exponent: digits and power of ten are exact, so one division rounds right. */
  #number(): number | undefined {
    const bytes = this.#bytes;
    let at = this.#at;
    const negative = bytes[at] === code('-');
    if (negative) at++;
    const start = at;
    let digits = 0;
    let point = -1;
    for (; at < bytes.length; at++) {
      const digit = bytes[at] - code('0');
      if (digit >= 0 && digit <= 9) digits = digits * 10 + digit;
      else if (bytes[at] === code('.') && point < 0) point = at;
      else break;
    }
    const isPlain = at < bytes.length && endsWord(bytes[at]) && at > start && point !== start && point !== at - 1;
    if (!isPlain || at - start - (point < 0 ? 0 : 1) > 15) return undefined;
    this.#at = at;
    const value = point < 0 ? digits : digits / 10 ** (at - point - 1);
    return negative ? -value : value;
  }

  #fail(expected: string): never {
    const bytes = this.#bytes;
    let line = 1;
    for (let i = 0; i < Math.min(this.#at, bytes.length); i++) if (bytes[i] === 10) line += 1;
    const rest = this.#decoder.decode(bytes.subarray(this.#at, this.#at + 20)).split('\n')[0];
    const found = this.#at >= bytes.length ? 'its end' : JSON.stringify(rest);
    const where = `${this.#source}: line ${line}, byte ${this.#at}`;
    throw new UserError('bad-annotations', `${where}: found ${found}, expected ${expected}; is it whole JSON?`);
  }
}

// ---- below: internals ----

interface Known {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const mostKnown = 50_000;

const words = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

const code = (character: string): number => character.charCodeAt(0);

/** Blank, comma or closing bracket. */
const endsWord = (byte: number): boolean => byte <= 32 || byte === 0x2c || byte === 0x5d || byte === 0x7d;
