import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type schemas, schemaText } from './schemas.ts';

describe('the published JSON Schemas', () => {
  it.each(['annotations', 'taxonomy'] as (keyof typeof schemas)[])('%s is that of the code', (name) => {
    // Not current? Run scripts/writeSchemas.ts, then biome.
    const published = readFileSync(new URL(`../../schemas/${name}.schema.json`, import.meta.url), 'utf8');
    expect(JSON.parse(published)).toEqual(JSON.parse(schemaText(name)));
  });
});
