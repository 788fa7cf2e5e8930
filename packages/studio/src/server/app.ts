import { getConnInfo } from '@hono/node-server/conninfo';
import { type Context, Hono } from 'hono';
import { accountRoutes } from './accounts/accountRoutes.ts';
import { Gate, type GateOptions } from './accounts/gate.ts';
import { openPage } from './accounts/openPage.ts';
import { codingRoutes } from './codings/codingRoutes.ts';
import type { StudioContext } from './context.ts';
import { eventRoutes } from './events/eventRoutes.ts';
import { exchangeRoutes } from './exchange/exchangeRoutes.ts';
import { dispatch } from './http/dispatch.ts';
import { checkHost } from './http/hostCheck.ts';
import { openApiRoute } from './http/openApi.ts';
import { checkOrigin } from './http/originCheck.ts';
import { problemResponse } from './http/problems.ts';
import { notFound } from './http/refusal.ts';
import type { Route } from './http/route.ts';
import { addSecurityHeaders } from './http/securityHeaders.ts';
import { jobRoutes } from './jobs/jobRoutes.ts';
import { projectRoutes } from './projects/projectRoutes.ts';
import { resultRoutes } from './results/resultRoutes.ts';
import { reviewRoutes } from './review/reviewRoutes.ts';
import { videoRoutes } from './videos/videoRoutes.ts';

export interface AppOptions extends GateOptions {
  /** What the server listens on; 127.0.0.1 when absent. */
  readonly host?: string;
  /** Other names under which people reach it, for example of a proxy before it. */
  readonly publicNames?: readonly string[];
  /** The pages: what lies at a path that is not of the interface; null for nothing. */
  readonly pages?: (request: Request) => Response | null | Promise<Response | null>;
  /** Whether an answer that is not as its route declares is an error: for tests. */
  readonly checksAnswers?: boolean;
}

/** All of the HTTP interface below `/api`. */
export const allRoutes: readonly Route[] = [
  ...accountRoutes,
  ...projectRoutes,
  ...videoRoutes,
  ...eventRoutes,
  ...jobRoutes,
  ...codingRoutes,
  ...reviewRoutes,
  ...resultRoutes,
  ...exchangeRoutes,
  openApiRoute(() => allRoutes),
];

/** What answers the requests of a studio. */
export function makeApp(studio: StudioContext, options: AppOptions = {}): Hono {
  const { host = '127.0.0.1', publicNames, pages, checksAnswers = false } = options;
  const gate = new Gate(studio, options);
  const app = new Hono();

  app.use(async (context, next) => {
    checkHost(context.req.raw.headers.get('Host'), host, publicNames);
    await next();
    addSecurityHeaders(context.res.headers);
  });
  app.use('/api/*', async (context, next) => {
    checkOrigin(context.req.raw);
    await next();
  });
  for (const route of allRoutes) {
    app.on(route.method.toUpperCase(), honoPath(route.path), (context) => {
      const arrival = { request: context.req.raw, params: context.req.param(), address: addressOf(context) };
      return dispatch(route, arrival, { studio, gate, checksAnswers });
    });
  }
  app.all('/api/*', () => {
    throw notFound('address in the interface');
  });
  app.get('/open', (context) => openPage(context.req.raw, studio, gate));
  app.get('*', async (context) => {
    const page = await pages?.(context.req.raw);
    return page ?? new Response('There is nothing here. Open / to see the studio.\n', { status: 404 });
  });
  app.onError((error, context) => {
    const response = problemResponse(error, studio, `${context.req.method} ${context.req.path}`);
    addSecurityHeaders(response.headers);
    return response;
  });
  return app;
}

// ---- below: internals ----

const honoPath = (path: string) => `/api${path.replace(/\{(\w+)\}/g, ':$1')}`;

/** Of who is at the other end of the connection. */
function addressOf(context: Context): string {
  return getConnInfo(context).remote.address ?? 'unknown';
}
