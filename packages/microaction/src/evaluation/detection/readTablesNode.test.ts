import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { json } from '../../annotation/formats/json.ts';
import { microActions52 as taxonomy } from '../../taxonomy/microActions52.ts';
import { readPredictionTable, readTruthTable } from './readTablesNode.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'microaction-tables-'));
});
afterAll(() => rm(folder, { recursive: true }));

const write = async (name: string, content: string | Uint8Array) => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};

describe('tables from files', () => {
  it('keep the order of an OpenTAD document, packed or not, and give labels their canonical names', async () => {
    const rows = '[{"label":"nod","segment":[5,6],"score":0.5},{"label":"odd","segment":[1,2],"score":0.5}]';
    const text = `{"version":1,"results":{"7":${rows},"3":[]}}`;
    for (const path of [await write('p.json', text), await write('p.json.gz', gzipSync(text))]) {
      const table = await readPredictionTable(path, { taxonomy });
      expect(table.videos).toEqual(['7', '3']);
      expect(table.labels).toEqual(['nodding', 'odd']);
      expect([...table.start]).toEqual([5, 1]);
    }
  });

  it('read every other format too', async () => {
    const clips = [{ id: 'a', instances: [{ action: 'nodding', start: 1, end: 2, score: 0.5 }] }];
    const path = await write('ours.json', json.write({ taxonomy, clips }));
    expect([...(await readTruthTable(path, { taxonomy })).end]).toEqual([2]);
    expect([...(await readPredictionTable(path, { taxonomy })).score]).toEqual([0.5]);
  });

  it('say what is wrong with a file, by its path', async () => {
    const bad = await write('bad.json', '{"results":{"a":[{"label":"nodding","segment":[1,2]}]}}');
    await expect(readPredictionTable(bad, { taxonomy })).rejects.toThrow(
      `${bad}: video "a", instance 0: score: found nothing, expected a number`,
    );
    await expect(readPredictionTable(join(folder, 'none'), { taxonomy })).rejects.toThrow(/no such file/);
    const torn = await write('torn.json.gz', gzipSync('{"results":{}}').subarray(0, 20));
    await expect(readPredictionTable(torn, { taxonomy })).rejects.toThrow(/not a readable gzip file/);
  });
});
