import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { idSchema } from '../../contract/common.ts';
import { anyone } from '../accounts/access.ts';
import type { Gate } from '../accounts/gate.ts';
import type { StudioContext } from '../context.ts';
import { callerOf, checkCsrf } from './callerOf.ts';
import { isSafe } from './originCheck.ts';
import { checked } from './problems.ts';
import { checkBodySize, mostBytesOfStrangers, mostJsonBytes, readJson } from './readBody.ts';
import { notFound, Refusal } from './refusal.ts';
import type { Route } from './route.ts';

export interface Arrival {
  readonly request: Request;
  /** Path parameters by name. */
  readonly params: Readonly<Record<string, string>>;
  /** Of the network, for limits. */
  readonly address: string;
}

/** Who answers. */
export interface Host {
  readonly studio: StudioContext;
  readonly gate: Gate;
  /** Whether an answer that is not as its route declares is an error: for tests. */
  readonly checksAnswers: boolean;
}

/**
 * One request through one route: who it is, whether they may, and only then what they want.
 *
 * @throws Refusal, or what the handler throws
 */
export async function dispatch(route: Route, arrival: Arrival, host: Host): Promise<Response> {
  const { request, params, address } = arrival;
  const { studio, gate } = host;
  const early = admit(route, arrival, host);
  const query = route.query && checked(route.query, queryOf(request), 'query');
  checkBodySize(request, route.bodyBytes ?? (route.access === anyone ? mostBytesOfStrangers : mostJsonBytes));
  const body = route.body && checked(route.body, await readJson(request), 'body');
  // Somebody may have been turned out while the body came in slowly.
  const scope = route.body ? admit(route, arrival, host) : early;
  const answer = await route.handle({ studio, gate, address, scope, params, query, body, request });
  if (answer instanceof Response) return answer;
  if (route.answer === null) return new Response(null, { status: 204 });
  if (host.checksAnswers) checkAnswer(route, answer);
  return Response.json(answer, { status: route.status ?? 200, headers: { 'Cache-Control': 'no-store' } });
}

// ---- below: internals ----

/** What the route's access check finds, for whoever sends the request. */
function admit(route: Route, { request, params }: Arrival, { studio, gate }: Host): unknown {
  const caller = callerOf(request, studio, gate);
  for (const [name, value] of Object.entries(params)) if (!isId(value)) throw notFound(name);
  const scope = route.access(studio, caller, params);
  if (caller?.by === 'cookie' && route.access !== anyone) checkCsrf(request, gate);
  if (studio.store.readOnly && !isSafe(request.method) && !route.whileReadOnly) throw readOnly(studio.store.readOnly);
  return scope;
}

/** No path parameter is anything else: `../x` never gets farther than here. */
const isId = (value: string) => idSchema.safeParse(value).success;

/** The last one counts where a name comes twice. */
const queryOf = (request: Request) => Object.fromEntries(new URL(request.url).searchParams);

function readOnly({ reason, advice }: { reason: string; advice: string }): Refusal {
  return new Refusal(503, 'read-only', `Nothing can be saved: ${reason} What is there can be read. ${advice}`);
}

/** An answer has all that its schema tells, and nothing else. */
function checkAnswer({ method, path, answer: schema }: Route, answer: unknown): void {
  if (!(schema instanceof z.ZodType)) return;
  const sent = JSON.parse(JSON.stringify(answer));
  const result = schema.safeParse(sent);
  const problem = result.error ? z.prettifyError(result.error) : 'it has fields that the schema does not tell of';
  if (result.success && isDeepStrictEqual(result.data, sent)) return;
  throw new Error(`The answer of ${method} ${path} is not as declared: ${problem}\n${JSON.stringify(sent)}`);
}
