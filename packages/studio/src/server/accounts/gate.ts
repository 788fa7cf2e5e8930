import type { StudioContext } from '../context.ts';
import { cookieSecret } from './cookie.ts';
import { GuessLimit } from './guessLimit.ts';
import { Passwords, type ScryptCost } from './passwords.ts';
import { sameSecret } from './secrets.ts';
import { type SignIn, SignIns } from './signIns.ts';

export interface GateOptions {
  /** Of the link that the terminal prints: lets the solo person in. */
  readonly launchKey?: string;
  /** Served behind TLS: cookies are then for TLS only. */
  readonly isHttps?: boolean;
  readonly passwordCost?: ScryptCost;
}

/** What lets people into a studio: one for each running server. */
export class Gate {
  readonly signIns: SignIns;
  readonly passwords: Passwords;
  readonly guesses = new GuessLimit();
  readonly isHttps: boolean;
  readonly #launchKey: string | undefined;

  constructor(studio: StudioContext, options: GateOptions) {
    this.signIns = new SignIns(studio);
    this.passwords = new Passwords(options.passwordCost);
    this.isHttps = options.isHttps ?? false;
    this.#launchKey = options.launchKey;
  }

  /** Of the browser that sends a request. */
  signInOf(request: Request): SignIn | undefined {
    const secret = cookieSecret(request);
    return secret ? this.signIns.find(secret) : undefined;
  }

  opensWith(launchKey: string | null): boolean {
    return !!launchKey && this.#launchKey !== undefined && sameSecret(launchKey, this.#launchKey);
  }
}
