import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { readTrainingClips } from './labelledClips.ts';

/** Ids with a gap: classes are positions. */
const taxonomy = new Taxonomy({
  name: 'three',
  bodyParts: [{ code: 'A', name: 'head' }],
  actions: [0, 2, 5].map((id) => ({ id, code: `A${id}`, name: `act ${id}`, description: '', bodyPart: 'A' })),
});

describe('clips to train a recogniser on', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-clips-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const put = async (path: string, text = 'x') => {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  const read = () => readTrainingClips(folder, { taxonomy });

  it('are those of the lists of MA-52, with videos in the folder of each list', async () => {
    await put('train_list_videos.txt', 'a.mp4 5\nb.mp4 0\nc.mp4 2\n');
    await put('val_list_videos.txt', 'a.mp4 2\n');
    await put('test_list_videos.txt', 'd.mp4 77\n');
    for (const path of ['train/a.mp4', 'train/b.mp4', 'c.mp4', 'val/a.mp4']) await put(path);
    const found = await read();
    expect(found.training).toEqual([
      { id: 'a.mp4', path: join(folder, 'train', 'a.mp4'), classId: 2 },
      { id: 'b.mp4', path: join(folder, 'train', 'b.mp4'), classId: 0 },
      { id: 'c.mp4', path: join(folder, 'c.mp4'), classId: 1 },
    ]);
    expect(found.validation).toEqual([{ id: 'a.mp4', path: join(folder, 'val', 'a.mp4'), classId: 1 }]);
    expect([found.missing, found.warnings]).toEqual([[], []]);
  });

  it('are counted where a video is missing, and actions told of which there is no clip', async () => {
    await put('train_list_videos.txt', 'a.mp4 5\nb.mp4 0\n');
    await put('train/b.mp4');
    const { training, validation, missing, warnings } = await read();
    expect([training.length, validation.length]).toEqual([1, 0]);
    expect(missing).toEqual([{ video: 'a.mp4', reason: expect.stringContaining('there is no video called a.mp4') }]);
    expect(warnings).toEqual([expect.stringContaining('2 of 3 actions have no clip to learn from (act 2, act 5)')]);
  });

  it('are refused with every label that the taxonomy does not have', async () => {
    await put('train_list_videos.txt', 'a.mp4 5\nb.mp4 1\nc.mp4 nodding\n');
    const error = await read().catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'bad-annotations' });
    expect(error.message).toMatch(/line 2.*"1"[\s\S]*line 3.*"nodding"/);
  });

  it('are refused where none is left, and why', async () => {
    await put('train_list_videos.txt', 'a.mp4 5\n');
    await expect(read()).rejects.toMatchObject({
      code: 'no-videos',
      message: expect.stringMatching(/found no clip to train on; the first of 1 problems: .*no video called a\.mp4/),
    });
    await expect(readTrainingClips(join(folder, 'nowhere'), { taxonomy })).rejects.toMatchObject({
      code: 'no-such-file',
    });
  });

  it('are those of annotations that show one action', async () => {
    const video = (subset: string, ...labels: string[]) => ({
      subset,
      duration: 2,
      annotations: labels.map((label, i) => ({ segment: [i / 2, i / 2 + 1], label })),
    });
    const database = {
      one: video('training', 'act 2', 'act 2'),
      several: video('training', 'act 2', 'act 5'),
      none: video('training'),
      other: video('validation', 'act 5'),
    };
    await put('annotations.json', JSON.stringify({ database }));
    for (const name of Object.keys(database)) await put(`videos/${name}.mp4`);
    const { training, validation, missing } = await read();
    expect(training).toEqual([{ id: 'one', path: join(folder, 'videos', 'one.mp4'), classId: 1 }]);
    expect(validation).toEqual([{ id: 'other', path: join(folder, 'videos', 'other.mp4'), classId: 2 }]);
    expect(missing.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('several shows 2 actions'),
      expect.stringContaining('none shows 0 actions'),
    ]);
  });
});
