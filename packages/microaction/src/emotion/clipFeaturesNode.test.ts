import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeNpy } from 'onnxgrad/weights';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readClipFeatures } from './clipFeaturesNode.ts';

describe('stored clip features', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-clip-features-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const write = (id: string, shape: number[], data: number[]) =>
    writeFile(join(folder, `${id}.npy`), writeNpy({ dtype: 'float32', shape, data: Float32Array.from(data) }));

  it('are averaged over time, channels first unless features.json says otherwise', async () => {
    await write('a', [2, 3], [1, 2, 3, 4, 5, 6]);
    await write('b', [2], [7, 8]);
    const read = await readClipFeatures(folder, ['a', 'b']);
    expect([...read].map(([id, values]) => [id, ...values])).toEqual([
      ['a', 2, 5],
      ['b', 7, 8],
    ]);
    await writeFile(join(folder, 'features.json'), '{"channels":3}');
    expect((await readClipFeatures(folder, ['a'])).get('a')).toEqual(Float64Array.of(2.5, 3.5, 4.5));
    await expect(readClipFeatures(folder, ['b'])).rejects.toThrow(/b\.npy: found shape \[2\]; expected \[3, steps\]/);
  });

  it('must be there, whole and finite', async () => {
    await expect(readClipFeatures(folder, ['lost'])).rejects.toThrow(/lost\.npy: there is no such file, nor \.npz/);
    await write('hole', [2, 1], [1, Number.NaN]);
    await expect(readClipFeatures(folder, ['hole'])).rejects.toThrow(/channel 1 has a value that is not finite/);
    await writeFile(join(folder, 'broken.npy'), 'no array');
    await expect(readClipFeatures(folder, ['broken'])).rejects.toThrow(/broken\.npy/);
  });
});
