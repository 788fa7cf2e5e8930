import type { z } from 'zod';
import { checked } from './problems.ts';
import { Refusal } from './refusal.ts';

/** Of JSON, in bytes. */
export const mostJsonBytes = 4 * 2 ** 20;
/** Of JSON from those who are not signed in, who send a name and a password. */
export const mostBytesOfStrangers = 4096;

/**
 * Refuses a body that says to be larger than allowed, before a byte of it is read. That it is no larger than it says, HTTP
 * itself sees to.
 *
 * @throws Refusal 411 `length-required`, 413 `too-large`
 */
export function checkBodySize(request: Request, mostBytes: number): void {
  const length = request.headers.get('Content-Length');
  if (length === null) {
    if (request.headers.get('Transfer-Encoding') === null) return;
    throw new Refusal(411, 'length-required', 'The request does not say how long it is. Send Content-Length.');
  }
  if (Number(length) <= mostBytes) return;
  const message = `The request has ${length} bytes; at most ${mostBytes} are taken at once. Nothing was changed: send less.`;
  throw new Refusal(413, 'too-large', message, { mostBytes });
}

/** @throws Refusal 415 `not-json`, 400 `bad-json` */
export async function readJson(request: Request): Promise<unknown> {
  const type = request.headers.get('Content-Type') ?? '';
  if (!/^application\/json *(;|$)/i.test(type)) {
    throw new Refusal(415, 'not-json', `Found a body of type "${type.slice(0, 80)}", expected application/json.`);
  }
  const text = await request.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'bad-json', 'The body of the request is not valid JSON. Nothing was changed.');
  }
}

/** Whether a request brings a form instead of plain bytes. */
export const hasForm = (request: Request) =>
  /^multipart\/form-data *(;|$)/i.test(request.headers.get('Content-Type') ?? '');

/**
 * The parts of a form: files as they are, all others as JSON.
 *
 * @throws Refusal 400 `bad-form`, and as `checked`
 */
export async function readForm<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  const form = await request.formData().catch(() => {
    throw new Refusal(400, 'bad-form', 'The form in the request is damaged. Nothing was changed: send it again.');
  });
  const parts = [...form].map(([name, part]) => [name, typeof part === 'string' ? jsonPart(name, part) : part]);
  return checked(schema, Object.fromEntries(parts), 'body');
}

// ---- below: internals ----

function jsonPart(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const message = `The part ${name.slice(0, 80)} of the form is not valid JSON. Nothing was changed.`;
    throw new Refusal(400, 'bad-form', message);
  }
}
