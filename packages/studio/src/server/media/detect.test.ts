import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bodyPoints, microActions52 } from 'microaction';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodePoints } from '../../contract/points.ts';
import { detectInstances } from './detect.ts';
import { makeVideo, movingSquare, shorten } from './mediaTesting.ts';

const demonstration = fileURLToPath(new URL('../../../../microaction/assets/demonstration.mp4', import.meta.url));

let folder: string;
/** Three seconds of the demonstration, in which the figure nods. */
let nodding: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'microaction-detect-'));
  nodding = join(folder, 'nodding.mp4');
  await shorten(demonstration, nodding, 3);
});
afterAll(() => rm(folder, { recursive: true }));

describe('detecting for the studio', () => {
  it('gives plain data: instances, their taxonomy, and key points as bytes', async () => {
    const stages = new Set<string>();
    const found = await detectInstances(nodding, { minScore: 0.2, onProgress: ({ stage }) => stages.add(stage) });
    expect(structuredClone(found)).toEqual(found);
    expect(found.model).toBe('kinematic');
    expect(found.instances.map(({ action }) => action)).toContain('nodding');
    for (const { action, start, end, score, reason } of found.instances) {
      expect(microActions52.find(action)?.name).toBe(action);
      expect(found.taxonomy.actions.some(({ name }) => name === action)).toBe(true);
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeGreaterThan(start);
      expect(score).toBeGreaterThanOrEqual(0.2);
      expect(reason).not.toBe('');
    }
    const pose = decodePoints(found.pose!);
    expect(pose.points).toEqual(bodyPoints);
    expect(pose).toMatchObject({ widthPixels: 720, heightPixels: 864 });
    const nose = pose.points.indexOf('nose');
    expect(pose.y[nose]).toBeLessThan(pose.heightPixels / 2);
    expect([...stages]).toEqual(['opening', 'finding the person', 'following the person', 'reading the motion']);
  });

  it('says that there is nobody', async () => {
    const path = join(folder, 'nobody.mp4');
    await makeVideo(path, movingSquare(10));
    await expect(detectInstances(path)).rejects.toMatchObject({ code: 'no-person' });
  });

  it('says that there is no such model, and that a file is none', async () => {
    await expect(detectInstances(nodding, { model: 'clairvoyant' })).rejects.toThrow(/no detector "clairvoyant"/);
    await writeFile(join(folder, 'weights.safetensors'), 'nothing of the kind');
    const broken = { model: join(folder, 'weights.safetensors') };
    await expect(detectInstances(nodding, broken)).rejects.toMatchObject({ name: 'UserError' });
  });

  it('stops when told', async () => {
    const stop = new AbortController();
    const onProgress = () => stop.abort(new Error('enough'));
    await expect(detectInstances(nodding, { signal: stop.signal, onProgress })).rejects.toThrow('enough');
  });
});
