import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** A request that is answered with an error: `{ error: { code, message, details? } }`. */
export class Refusal extends Error {
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly details: unknown;

  constructor(status: ContentfulStatusCode, code: string, message: string, details?: unknown) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export const notFound = (what: string) =>
  new Refusal(404, 'not-found', `There is no such ${what}, or it is not open to you. Look at the list again.`);
