/** A request that is answered with an error: `{ error: { code, message, details? } }`. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: unknown;
  /** Of 429 and 503: when it may be worth trying again. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, code: string, message: string, details?: unknown, retryAfterSeconds?: number) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export const notFound = (what: string) =>
  new Refusal(404, 'not-found', `There is no such ${what}, or it is not open to you. Look at the list again.`);
