import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { microActions52 as taxonomy } from '../taxonomy/microActions52.ts';
import { featuresIn, readDataFolder, readTrainingFolder } from './readDataFolder.ts';

describe('the folder of a data set', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-data-'));
    await mkdir(join(folder, 'videos'));
    for (const name of ['a.mp4', 'b.webm', 'notes.txt']) await writeFile(join(folder, 'videos', name), 'x');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const put = (name: string, text: string) => writeFile(join(folder, name), text);
  const found = async (split?: string) => {
    const { dataset } = await readDataFolder(folder, { taxonomy, split });
    return dataset.clips.map(({ id, file, instances }) => [id, file?.slice(folder.length + 1), instances.length]);
  };
  const table = (...ids: string[]) =>
    `id,video_id,start_frame,end_frame,class,total_frames,fps\n${ids.map((id) => `0,${id},0,9,1,60,30\n`).join('')}`;

  it('is tables by subset, with videos beside them or in a folder', async () => {
    await put('train.csv', table('a', 'c'));
    await put('val.csv', table('b'));
    await put('c.mp4', 'x');
    expect(await found('training')).toEqual([
      ['a', 'videos/a.mp4', 1],
      ['c', 'c.mp4', 1],
    ]);
    expect(await found('validation')).toEqual([['b', 'videos/b.webm', 1]]);
    expect(await found()).toHaveLength(3);
    await expect(found('test')).rejects.toThrow('there is no subset "test"; there are train, val');
  });

  it('is annotations.json, if there is one, with subsets by any of their names; other JSON is passed over then', async () => {
    const video = (subset: string) => ({ subset, duration: 2, annotations: [{ segment: [0, 1], label: 'nodding' }] });
    await put('annotations.json', JSON.stringify({ database: { a: video('validation'), gone: video('test') } }));
    await put('synthesis.json', '{"seed":1}');
    expect(await found('val')).toEqual([['a', 'videos/a.mp4', 1]]);
    expect(await found('test')).toEqual([['gone', undefined, 1]]);
    await expect(found('train')).rejects.toThrow('there is no subset "train"; there are validation, test');
  });

  it('is its videos where nothing is annotated', async () => {
    expect(await found()).toEqual([
      ['a', 'videos/a.mp4', 0],
      ['b', 'videos/b.webm', 0],
    ]);
    await rm(join(folder, 'videos'), { recursive: true });
    await expect(found()).rejects.toThrow('found no annotations and no videos in it');
    await expect(readDataFolder(join(folder, 'no'), { taxonomy })).rejects.toMatchObject({ code: 'no-such-file' });
  });

  const trained = async () => {
    const { training, validation } = await readTrainingFolder(folder, { taxonomy });
    return [training, validation].map(({ clips }) => clips.map(({ id }) => id));
  };

  it('trains on one subset and is judged by another; tables of others are not looked at', async () => {
    await put('train.csv', table('a', 'c'));
    expect(await trained()).toEqual([['a', 'c'], []]);
    await put('valid.csv', table('b'));
    await put('test.csv', 'no table');
    expect(await trained()).toEqual([['a', 'c'], ['b']]);
    const video = (subset?: string) => ({ subset, duration: 2, annotations: [] });
    await put('annotations.json', JSON.stringify({ database: { a: video(), b: video('val'), c: video('test') } }));
    expect(await trained()).toEqual([['a'], ['b']]);
  });

  it('trains on all that a single file says of no subset', async () => {
    await put('coded.csv', table('a', 'b'));
    expect(await trained()).toEqual([['a', 'b'], []]);
  });

  it('says what is there where nothing is to train on', async () => {
    await expect(trained()).rejects.toMatchObject({
      code: 'no-videos',
      message: `${folder}: found no annotated video; expected videos of the subset training`,
    });
    await put('test.csv', table('a'));
    await expect(trained()).rejects.toThrow('found the subsets test; expected videos of the subset training');
    await put('val.csv', table('b'));
    await expect(trained()).rejects.toThrow('found the subsets test, val; expected');
    await expect(readTrainingFolder(join(folder, 'no'), { taxonomy })).rejects.toMatchObject({ code: 'no-such-file' });
  });

  it('holds stored features beside the videos, or in a folder', async () => {
    await mkdir(join(folder, 'features'));
    await put('a.npy', 'x');
    await put(join('features', 'b.npz'), 'x');
    await put(join('features', 'features.json'), 'x');
    const features = await featuresIn(folder);
    expect([...features]).toEqual([
      ['a', join(folder, 'a.npy')],
      ['b', join(folder, 'features', 'b.npz')],
    ]);
  });
});
