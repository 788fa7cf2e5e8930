import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { anyone } from '../accounts/access.ts';
import { allRoutes } from '../app.ts';
import { openApi } from './openApi.ts';
import { route } from './route.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document is looked into freely.
const document = openApi(allRoutes, '1.2.3') as any;
// biome-ignore lint/suspicious/noExplicitAny: as above.
const operations: [path: string, method: string, operation: any][] = Object.entries(document.paths).flatMap(
  ([path, methods]) =>
    Object.entries(methods as object).map(([method, operation]): [string, string, unknown] => [
      path,
      method,
      operation,
    ]),
);

describe('the document of the interface', () => {
  it('has every route, and nothing else', () => {
    const told = operations.map(([path, method]) => `${method} ${path}`).sort();
    expect(told).toEqual(allRoutes.map(({ method, path }) => `${method} /api${path}`).sort());
    expect(told.length).toBeGreaterThan(15);
  });

  it('gives every operation a name of its own, a sentence, and what is answered', () => {
    const names = operations.map(([, , { operationId }]) => operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const [, , { summary, responses }] of operations) {
      expect(summary).toMatch(/\.$/);
      expect(Object.keys(responses)).toContain('default');
      expect(Object.keys(responses).some((status) => /^20[0-6]$/.test(status))).toBe(true);
    }
  });

  it('declares exactly the parameters that a path has', () => {
    for (const [path, , { parameters }] of operations) {
      const inPath = parameters.filter((parameter: { in: string }) => parameter.in === 'path');
      expect(inPath.map(({ name }: { name: string }) => name)).toEqual(
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
      );
    }
  });

  it('declares headers, and forms beside plain bytes', () => {
    const { parameters } = document.paths['/api/uploads/{upload}'].patch;
    const offset = { in: 'header', name: 'Upload-Offset', required: true, schema: { type: 'integer', minimum: 0 } };
    expect(parameters).toContainEqual(expect.objectContaining(offset));
    const { content } = document.paths['/api/projects/{project}/imports'].post.requestBody;
    expect(Object.keys(content)).toEqual(['application/octet-stream', 'multipart/form-data']);
    const { properties, required } = content['multipart/form-data'].schema;
    expect(required).toEqual(['file']);
    expect(properties).toMatchObject({ file: { type: 'string', format: 'binary' }, clips: { type: 'object' } });
  });

  it('refers only to what is there', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path);
    expect(references).toContain('components/schemas/Session');
    for (const path of references) {
      // biome-ignore lint/suspicious/noExplicitAny: walks down the document.
      const found = path.split('/').reduce((at: any, key) => at?.[key], document);
      expect(found, path).toBeDefined();
    }
    expect(JSON.stringify(document)).not.toContain('$defs');
    expect(document.components.schemas.StudioEvent.oneOf.length).toBeGreaterThan(3);
  });

  it('has only patterns that all readers of such documents know', () => {
    const patterns = [...JSON.stringify(document).matchAll(/"pattern":"(.*?[^\\\\])"/g)].map(([, pattern]) => pattern);
    expect(patterns.length).toBeGreaterThan(0);
    expect(patterns.filter((pattern) => pattern.includes('p{'))).toEqual([]);
  });

  it('says who may come in how', () => {
    expect(document.paths['/api/session'].get.security).toEqual([]);
    expect(document.paths['/api/tokens'].get.security).toEqual([{ cookie: [] }]);
    expect(document.paths['/api/projects'].get.security).toEqual([{ cookie: [] }, { token: [] }]);
  });

  it('is refused for two schemas of one name', () => {
    const answering = (path: string, answer: z.ZodType) =>
      route({ method: 'get', path, summary: 'One.', access: anyone, answer, handle: () => ({}) });
    const one = z.object({ a: z.string() }).meta({ id: 'Twice' });
    const other = z.object({ b: z.string() }).meta({ id: 'Twice' });
    expect(() => openApi([answering('/a', one), answering('/b', other)], '1')).toThrow(
      'Two schemas have the name Twice',
    );
  });
});
