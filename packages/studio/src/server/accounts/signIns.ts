import type { StudioContext } from '../context.ts';
import { newSecret, secretHash } from './secrets.ts';

/** A browser in which somebody is signed in. */
export interface SignIn {
  readonly tokenHash: string;
  /** Id of the account. */
  readonly account: string;
  readonly csrfToken: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** Days until somebody has to sign in again. */
export const signInDays = 30;

/**
 * Who is signed in, in the database; only the hash of a cookie's secret is stored. While nothing can be saved, new
 * ones are kept in memory, so that people can still come in and take out what is there.
 */
export class SignIns {
  readonly #studio: StudioContext;
  readonly #inMemory = new Map<string, SignIn>();
  readonly #endedInMemory = new Set<string>();

  constructor(studio: StudioContext) {
    this.#studio = studio;
  }

  /** @returns the new cookie's secret, and what is kept of it */
  begin(account: string): { secret: string; signIn: SignIn } {
    const { store, now } = this.#studio;
    const secret = newSecret();
    const createdAt = now();
    const expiresAt = new Date(Date.parse(createdAt) + signInDays * 86_400_000).toISOString();
    const signIn = { tokenHash: secretHash(secret), account, csrfToken: newSecret(), expiresAt };
    if (store.readOnly) this.#inMemory.set(signIn.tokenHash, signIn);
    else {
      store.run(store.sql.deleteFrom('signIn').where('expiresAt', '<=', createdAt));
      store.run(store.sql.insertInto('signIn').values({ ...signIn, createdAt }));
    }
    return { secret, signIn };
  }

  /** Undefined for a secret that never was one, whose time is over, or that was ended. */
  find(secret: string): SignIn | undefined {
    const { store, now } = this.#studio;
    const tokenHash = secretHash(secret);
    if (this.#endedInMemory.has(tokenHash)) return undefined;
    const found =
      this.#inMemory.get(tokenHash) ??
      store.first(
        store.sql
          .selectFrom('signIn')
          .select(['tokenHash', 'account', 'csrfToken', 'expiresAt'])
          .where('tokenHash', '=', tokenHash),
      );
    return found && found.expiresAt > now() ? found : undefined;
  }

  end(tokenHash: string): void {
    const { store } = this.#studio;
    if (store.readOnly) this.#endedInMemory.add(tokenHash);
    else store.run(store.sql.deleteFrom('signIn').where('tokenHash', '=', tokenHash));
  }

  /** In all browsers of an account. */
  endAll(account: string): void {
    const { store } = this.#studio;
    store.run(store.sql.deleteFrom('signIn').where('account', '=', account));
  }
}
