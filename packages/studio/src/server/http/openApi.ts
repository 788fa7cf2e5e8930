import { z } from 'zod';
import { idSchema, problemSchema } from '../../contract/common.ts';
import { studioEventSchema } from '../../contract/event.ts';
import { administrator, anyone, choosesMembers, person } from '../accounts/access.ts';
import { type Route, route } from './route.ts';

type Json = { [key: string]: unknown };

/**
 * The interface as an OpenAPI 3.1 document, made of the routes themselves.
 *
 * @throws Error where two schemas of one name differ
 */
export function openApi(routes: readonly Route[], version: string): Json {
  const schemas: Json = {};
  const paths: Record<string, Json> = {};
  // What the stream of events carries, which OpenAPI has no place for.
  schemaOf(studioEventSchema, 'output', schemas);
  const problem = jsonContent(schemaOf(problemSchema, 'output', schemas));
  for (const route of routes) {
    (paths[`/api${route.path}`] ??= {})[route.method] = operation(route, schemas);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'The studio of microaction', version, description },
    paths,
    components: {
      schemas,
      securitySchemes: {
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: 'microaction',
          description:
            'Of a browser, after signing in; its name ends with - and the port, if any. Requests that change something also carry the header X-CSRF-Token, which GET /api/session tells.',
        },
        token: { type: 'http', scheme: 'bearer', description: 'Of a program; made in the settings.' },
      },
      responses: { Problem: { description: 'What is wrong, and what to do.', content: problem } },
    },
  };
}

/** `GET /openapi.json`, about all routes and itself. */
export function openApiRoute(routes: () => readonly Route[]): Route {
  let document: Json | undefined;
  return route({
    method: 'get',
    path: '/openapi.json',
    summary: 'This document.',
    access: anyone,
    answer: z.record(z.string(), z.unknown()),
    handle: ({ studio }) => (document ??= openApi(routes(), studio.version)),
  });
}

// ---- below: internals ----

const description =
  'Refused requests answer a Problem: its code is for programs, its message for people. Times inside a video are seconds from its start.';

const byCookieOnly: ReadonlySet<Route['access']> = new Set([person, administrator, choosesMembers]);

function operation(route: Route, schemas: Json): Json {
  const { method, path, summary, access, query, body, bodyBytes, form, headers = [] } = route;
  const { answer, status = answer === null ? 204 : 200 } = route;
  const security =
    access === anyone ? [] : byCookieOnly.has(access) ? [{ cookie: [] }] : [{ cookie: [] }, { token: [] }];
  return {
    operationId: operationId(method, path),
    summary,
    tags: [path.split('/')[1]],
    security,
    parameters: [
      ...pathParameters(path),
      ...(query ? queryParameters(query, schemas) : []),
      ...headers.map(({ schema, ...header }) => ({
        in: 'header',
        ...header,
        schema: schemaOf(schema, 'input', schemas),
      })),
    ],
    ...(body && { requestBody: { required: true, content: jsonContent(schemaOf(body, 'input', schemas)) } }),
    ...(bodyBytes && {
      requestBody: {
        required: true,
        content: {
          'application/octet-stream': {},
          ...(form && { 'multipart/form-data': { schema: schemaOf(form, 'input', schemas) } }),
        },
        description: `At most ${bodyBytes} bytes.`,
      },
    }),
    responses: {
      [status]: {
        description: status === 204 ? 'Done.' : 'The answer.',
        ...(answer && { content: content(answer, schemas) }),
      },
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

/** `get /videos/{video}/codings` is `getVideosVideoCodings`. */
function operationId(method: string, path: string): string {
  const words = path.match(/[a-z]+/gi) ?? [];
  return method + words.map((word) => word[0].toUpperCase() + word.slice(1)).join('');
}

const pathParameters = (path: string) =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: schemaOf(idSchema, 'input', {}),
  }));

function queryParameters(query: z.ZodType, schemas: Json): Json[] {
  const { properties = {}, required = [] } = schemaOf(query, 'input', schemas) as {
    properties?: Json;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    ...(required.includes(name) && { required: true }),
    schema,
  }));
}

const jsonContent = (schema: Json) => ({ 'application/json': { schema } });

const content = (answer: z.ZodType | string, schemas: Json): Json =>
  typeof answer === 'string' ? { [answer]: {} } : jsonContent(schemaOf(answer, 'output', schemas));

/** A schema as JSON Schema; those with a name go to the components and are referred to. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', schemas: Json): Json {
  const { $schema: _, $defs = {}, ...root } = z.toJSONSchema(schema, { io, unrepresentable: 'any', override: plainer });
  for (const [name, definition] of Object.entries($defs)) {
    const found = referringToComponents(definition);
    const known = (schemas[name] ??= found);
    if (JSON.stringify(known) !== JSON.stringify(found)) throw new Error(`Two schemas have the name ${name}.`);
  }
  return referringToComponents(root);
}

/**
 * Without what says nothing (bounds of exact integers), what later versions may break (that there are no more fields),
 * and what Python's and Go's readers of such documents do not know (Unicode classes in patterns).
 */
function plainer({ jsonSchema }: { jsonSchema: Json }): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (String(jsonSchema.pattern).includes('\\p{')) delete jsonSchema.pattern;
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
}

const referringToComponents = (schema: unknown): Json =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'));
