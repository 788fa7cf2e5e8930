import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Refusal } from '../http/refusal.ts';

/** Parameters of scrypt (RFC 7914): it takes 128 · N · r bytes and time in proportion to N · r · p. */
export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** What OWASP recommends: 128 MB and about a third of a second for each guess. */
export const defaultCost: ScryptCost = { N: 2 ** 17, r: 8, p: 1 };

/** Hashes and checks passwords, a few at a time, since each takes much memory. */
export class Passwords {
  readonly #cost: ScryptCost;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(cost: ScryptCost = defaultCost) {
    this.#cost = cost;
  }

  /** For storage: `scrypt$N$r$p$salt$key`, so that the cost can be raised later. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(16);
    const { N, r, p } = this.#cost;
    const key = await this.#derive(password, salt, this.#cost);
    return ['scrypt', N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$');
  }

  /**
   * Whether it is the password of the hash. Where there is none (no such account) it takes just as long and says no, so
   * that the time does not tell which names exist.
   *
   * @throws Refusal 503 `busy` where too many wait already
   */
  async verify(password: string, stored: string | null): Promise<boolean> {
    const [scheme, N, r, p, salt, key] = stored?.split('$') ?? [];
    if (scheme !== 'scrypt') {
      await this.#derive(password, randomBytes(16), this.#cost);
      return false;
    }
    const cost = { N: Number(N), r: Number(r), p: Number(p) };
    const expected = Buffer.from(key, 'base64url');
    return timingSafeEqual(await this.#derive(password, Buffer.from(salt, 'base64url'), cost), expected);
  }

  // ---- below: internals ----

  async #derive(password: string, salt: Buffer, { N, r, p }: ScryptCost): Promise<Buffer> {
    await this.#turn();
    try {
      // The same characters can be typed as different code points on different keyboards.
      return await derive(password.normalize('NFKC'), salt, keyBytes, { N, r, p, maxmem: 256 * N * r + 2 ** 20 });
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }

  /** A finished one hands its place on, so `#running` stays. */
  async #turn(): Promise<void> {
    if (this.#running < atOnce) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= mostWaiting) {
      const message = 'Too many people sign in at this moment. Wait a few seconds and try again.';
      throw new Refusal(503, 'busy', message, undefined, 5);
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

const keyBytes = 32;
const atOnce = 2;
const mostWaiting = 50;

const derive = promisify(scrypt) as (
  password: string,
  salt: Buffer,
  length: number,
  options: ScryptOptions,
) => Promise<Buffer>;
