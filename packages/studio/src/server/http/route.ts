import type { z } from 'zod';
import type { Caller } from '../accounts/caller.ts';
import type { Gate } from '../accounts/gate.ts';
import type { StudioContext } from '../context.ts';

/**
 * Who may call a route, and on what: looks up what the path names, checks role and project, and hands what it found to
 * the handler. Every route has one; there is no other way to make a route.
 *
 * @throws Refusal 401, 403, or 404 where the asker may not even know that it exists
 */
export type Access<Scope> = (
  studio: StudioContext,
  caller: Caller | null,
  params: Readonly<Record<string, string>>,
) => Scope;

export interface RouteInput<Scope, Query, Body> {
  readonly studio: StudioContext;
  /** What the access check found. */
  readonly scope: Scope;
  /** Path parameters by name. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  /** Checked against the schema; undefined without one (`request` has the bytes then). */
  readonly body: Body;
  readonly request: Request;
  /** Who is signed in, and what lets people in. */
  readonly gate: Gate;
  /** Of the network, from where the request came. */
  readonly address: string;
}

export interface HeaderParameter {
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  readonly schema: z.ZodType;
  readonly required?: boolean;
}

export interface RouteOptions<Scope, Query, Body, Answer> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below `/api`: `/videos/{video}/codings`. */
  readonly path: string;
  /** One sentence for the documentation. */
  readonly summary: string;
  readonly access: Access<Scope>;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
  /** Bytes instead of JSON in the request, at most so many. */
  readonly bodyBytes?: number;
  /** Of `multipart/form-data`, which may be sent instead of the plain bytes; the handler reads it with `readForm`. */
  readonly form?: z.ZodType;
  /** Headers of its own, for the documentation; the handler reads them. */
  readonly headers?: readonly HeaderParameter[];
  /** Schema of the JSON answer; or the media type of another; null for none (204). */
  readonly answer: z.ZodType<Answer> | string | null;
  /** 200 when absent; 204 where `answer` is null. */
  readonly status?: 200 | 201 | 202;
  /** May also be answered while nothing can be saved. Reading always may. */
  readonly whileReadOnly?: boolean;
  readonly handle: (input: RouteInput<Scope, Query, Body>) => Answer | Response | Promise<Answer | Response>;
}

/** A route as the application and the documentation take it. */
// biome-ignore lint/suspicious/noExplicitAny: routes of all types stand in one list.
export type Route = RouteOptions<any, any, any, any>;

/** Types a route: the handler sees what access, query and body give. */
export function route<Scope, Query = undefined, Body = undefined, Answer = undefined>(
  options: RouteOptions<Scope, Query, Body, Answer>,
): Route {
  return options;
}
