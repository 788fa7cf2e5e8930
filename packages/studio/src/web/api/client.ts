import type { Problem } from '../../contract/common.ts';
import { reachability } from './reachability.ts';

/** A request that was refused, or that nobody answered (`status` 0, `code` `unreachable`). */
export class ApiProblem extends Error {
  override name = 'ApiProblem';
  readonly status: number;
  /** Stable; `t.problem(code)` says it in the person's language. */
  readonly code: string;
  readonly details: unknown;

  constructor(status: number, { code, message, details }: Problem['error']) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Requests to the studio; paths are those below `/api`. @throws ApiProblem */
export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) => send<T>('GET', path, { query, signal }),
  post: <T>(path: string, body?: unknown, query?: Query) => send<T>('POST', path, { body, query }),
  put: <T>(path: string, body?: unknown) => send<T>('PUT', path, { body }),
  patch: <T>(path: string, body?: unknown) => send<T>('PATCH', path, { body }),
  delete: <T>(path: string) => send<T>('DELETE', path, {}),
  /** Sends bytes as they are. */
  bytes: <T>(method: 'POST' | 'PATCH', path: string, bytes: Blob, options: BytesOptions = {}) =>
    send<T>(method, path, { ...options, bytes }),
  /** Sends files with what belongs to them. */
  form: <T>(path: string, form: FormData, query?: Query) => send<T>('POST', path, { form, query }),
  /** An array of little-endian numbers or other binary: `GET /videos/{video}/motion`. */
  binary: async (path: string, query?: Query, signal?: AbortSignal): Promise<ArrayBuffer> =>
    (await answerTo('GET', path, { query, signal })).arrayBuffer(),
};

/** Address of something below `/api`, for `<video src>`, `<img src>` and downloads. */
export function apiUrl(path: string, query: Query = {}): string {
  const parameters = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const search = new URLSearchParams(parameters.map(([name, value]) => [name, String(value)])).toString();
  return `/api${path}${search && `?${search}`}`;
}

/** To be sent with everything that changes something; comes with the session. */
export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

/** Who hears that the studio does not know the person any more; asks for the session anew. */
export function onSessionLost(ask: () => Promise<unknown>): void {
  askForSession = ask;
}

// ---- below: internals ----

interface BytesOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Query;
  readonly signal?: AbortSignal;
}

interface SendOptions extends BytesOptions {
  readonly body?: unknown;
  readonly bytes?: Blob;
  readonly form?: FormData;
}

let csrfToken: string | null = null;
let askForSession: () => Promise<unknown> = async () => {};

async function send<T>(method: string, path: string, options: SendOptions): Promise<T> {
  const response = await answerTo(method, path, options);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function answerTo(method: string, path: string, options: SendOptions, isSecondTry = false): Promise<Response> {
  const { body, bytes, form, query, signal } = options;
  const headers: Record<string, string> = { ...options.headers };
  if (method !== 'GET' && csrfToken) headers['X-CSRF-Token'] = csrfToken;
  if (bytes) headers['Content-Type'] = 'application/octet-stream';
  else if (body !== undefined) headers['Content-Type'] = 'application/json';
  const response = await fetch(apiUrl(path, query), {
    method,
    headers,
    body: bytes ?? form ?? (body === undefined ? undefined : JSON.stringify(body)),
    signal,
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    reachability.lost();
    const message = 'The studio does not answer: is it still running? Nothing was changed; try again.';
    throw new ApiProblem(0, { code: 'unreachable', message });
  });
  reachability.found();
  if (response.ok) return response;
  const problem = await problemIn(response);
  if (path !== '/session' && (problem.code === 'signed-out' || problem.code === 'csrf')) {
    await askForSession();
    // Signed in again in another tab: this one had an old token.
    if (problem.code === 'csrf' && !isSecondTry) return answerTo(method, path, options, true);
  }
  throw problem;
}

async function problemIn(response: Response): Promise<ApiProblem> {
  try {
    return new ApiProblem(response.status, ((await response.json()) as Problem).error);
  } catch {
    const message = `The studio answered ${response.status} ${response.statusText}. Nothing is lost; try again.`;
    return new ApiProblem(response.status, { code: 'unexpected', message });
  }
}
