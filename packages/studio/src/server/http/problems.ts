import { UserError } from 'microaction';
import type { z } from 'zod';
import type { Problem } from '../../contract/common.ts';
import type { StudioContext } from '../context.ts';
import { explainStoreError } from '../store/storeErrors.ts';
import { Refusal } from './refusal.ts';

/** Answers anything thrown. What is our own fault goes to the terminal; the client learns only that it happened. */
export function problemResponse(thrown: unknown, studio: Pick<StudioContext, 'log'>, what: string): Response {
  const error = isDiskFull(thrown) ? diskFull(thrown) : explainStoreError(thrown);
  if (error instanceof Refusal) {
    const headers = error.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(error.retryAfterSeconds) };
    return problem(error.status, error.code, error.message, error.details, headers);
  }
  if (error instanceof UserError) {
    const status = statusOf[error.code] ?? 422;
    if (status >= 500) studio.log(`${what} failed: ${error.message}`);
    return problem(status, error.code, error.message);
  }
  studio.log(`${what} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  const message =
    'Something went wrong in the studio itself; what was saved before is safe. The terminal that runs the studio says more. Try again, and report it if it stays.';
  return problem(500, 'bug', message);
}

/** What a schema makes of a value from outside. @throws Refusal 400 `bad-request`, naming field, found and expected */
export function checked<T>(schema: z.ZodType<T>, value: unknown, where: 'body' | 'query'): T {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const details = result.error.issues.map((issue) => ({ field: fieldName(issue.path), problem: sentence(issue) }));
  const [{ field, problem: first }] = details;
  const more = details.length > 1 ? ` (and ${details.length - 1} more)` : '';
  const message = `The ${where} of the request does not fit${field && `, field ${field}`}: ${first}${more}. Nothing was changed.`;
  throw new Refusal(400, 'bad-request', message, details);
}

// ---- below: internals ----

/** Of errors that are not of what was asked, by code; 422 for all others. */
const statusOf: Readonly<Record<string, number>> = {
  'no-file': 404,
  'not-allowed': 503,
  'database-busy': 503,
  'damaged-database': 503,
  'disk-failed': 503,
  'disk-full': 507,
};

function problem(status: number, code: string, message: string, details?: unknown, headers = {}): Response {
  const body: Problem = { error: { code, message, ...(details !== undefined && { details }) } };
  return Response.json(body, { status, headers: { 'Cache-Control': 'no-store', ...headers } });
}

/** Of the file system; the database has words of its own for it. */
const isDiskFull = (error: unknown) =>
  error instanceof Error && 'code' in error && /^(ENOSPC|EDQUOT)$/.test(`${error.code}`);

const diskFull = (cause: unknown) =>
  new UserError(
    'disk-full',
    'The disk is full, so this could not be saved. What was saved before is safe. Free some space on the disk of the data folder and try again.',
    { cause },
  );

/** `changes[0].base` */
function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>((name, key) => {
    if (typeof key === 'number') return `${name}[${key}]`;
    return name ? `${name}.${String(key)}` : String(key);
  }, '');
}

function sentence(issue: z.core.$ZodIssue): string {
  const isChoice = issue.code === 'invalid_value';
  return `found ${foundText(issue.input, isChoice)}, expected ${expectedText(issue)}`;
}

/** Texts only by their length, since they may be a password; except where there is a choice. */
function foundText(value: unknown, shows: boolean): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string')
    return shows ? JSON.stringify(value.slice(0, 40)) : `a text of ${value.length} characters`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}

function expectedText(issue: z.core.$ZodIssue): string {
  const limit = (sign: string, value: number | bigint, kind: string) =>
    `${sign} ${value}${kind === 'string' ? ' characters' : kind === 'array' ? ' entries' : ''}`;
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected;
    case 'too_small':
      return limit(issue.inclusive === false ? 'more than' : 'at least', issue.minimum, issue.origin);
    case 'too_big':
      return limit(issue.inclusive === false ? 'less than' : 'at most', issue.maximum, issue.origin);
    case 'invalid_value':
      return issue.values.map(String).join(', ');
    default:
      return issue.message.replace(/^expected /, '');
  }
}
