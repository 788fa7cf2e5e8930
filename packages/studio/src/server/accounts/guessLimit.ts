import { Refusal } from '../http/refusal.ts';

/**
 * Slows down the guessing of passwords: after a few wrong ones, each further one has to wait longer than the one before,
 * up to half a minute. Counted for the name (from anywhere) and for the address (with any name).
 *
 * Nobody can be locked out by others: a person at an address from which the account has signed in before is counted on
 * their own, attempts while waiting do not lengthen the wait, and a quarter of an hour of quiet forgets all. Times are of
 * a monotonic clock, so that setting the machine's clock changes nothing.
 */
export class GuessLimit {
  readonly #clockSeconds: () => number;
  readonly #failures = new Map<string, Failures>();
  /** `name@address` pairs that have signed in. */
  readonly #familiar = new Set<string>();

  constructor(clockSeconds: () => number = () => performance.now() / 1000) {
    this.#clockSeconds = clockSeconds;
  }

  /**
   * To be called before a password is checked. It counts at once as wrong, so that many at the same moment gain nothing;
   * `succeeded` takes that back.
   *
   * @throws Refusal 429 `too-many-guesses` with how long to wait
   */
  attempt(name: string, address: string): void {
    const now = this.#clockSeconds();
    const keys = this.#keys(name, address);
    const waitSeconds = Math.max(...keys.map(({ key }) => (this.#failures.get(key)?.openAt ?? 0) - now));
    if (waitSeconds > 0) {
      const seconds = Math.ceil(waitSeconds);
      const message = `Too many wrong passwords. Wait ${seconds} s and try again; nobody is locked out for good.`;
      throw new Refusal(429, 'too-many-guesses', message, { seconds }, seconds);
    }
    for (const { key, free } of keys) this.#count(key, free, now);
  }

  succeeded(name: string, address: string): void {
    for (const { key } of this.#keys(name, address)) this.#failures.delete(key);
    if (this.#familiar.size >= mostKeys) this.#familiar.clear();
    this.#familiar.add(pair(name, address));
  }

  // ---- below: internals ----

  #keys(name: string, address: string): { key: string; free: number }[] {
    const own = this.#familiar.has(pair(name, address));
    return own
      ? [{ key: `pair ${pair(name, address)}`, free: freeOfName }]
      : [
          { key: `name ${folded(name)}`, free: freeOfName },
          { key: `address ${address}`, free: freeOfAddress },
        ];
  }

  #count(key: string, free: number, now: number): void {
    const before = this.#failures.get(key);
    const count = before && now - before.lastAt < forgetsAfterSeconds ? before.count + 1 : 1;
    const delaySeconds = count < free ? 0 : Math.min(longestSeconds, 2 ** (count - free));
    // Deleted first, so that the map is ordered by the last attempt and the oldest is the first to go.
    this.#failures.delete(key);
    this.#failures.set(key, { count, lastAt: now, openAt: now + delaySeconds });
    if (this.#failures.size > mostKeys) this.#failures.delete(this.#failures.keys().next().value ?? '');
  }
}

interface Failures {
  readonly count: number;
  readonly lastAt: number;
  /** No attempt before. */
  readonly openAt: number;
}

const freeOfName = 5;
const freeOfAddress = 20;
const longestSeconds = 30;
const forgetsAfterSeconds = 15 * 60;
const mostKeys = 10_000;

/** As the database compares names. */
const folded = (name: string) => name.toLowerCase();
const pair = (name: string, address: string) => `${folded(name)}@${address}`;
