import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SynthesisOptions, type SynthesisProgress, type SynthesisRequest, synthesize } from './synthesizeNode.ts';

const clips: SynthesisRequest = { videos: 6, subjects: 3, seed: 1, layout: 'ma52', keyPointsOnly: true };

describe('making a data set', () => {
  let folder: string;
  let out: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-synthesis-'));
    out = join(folder, 'out');
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function make(request: SynthesisRequest, options?: SynthesisOptions): Promise<SynthesisProgress[]> {
    const progress = [];
    for await (const one of synthesize(out, request, options)) progress.push(one);
    return progress;
  }
  const filesThere = async () => (await readdir(out, { recursive: true })).sort();
  const lists = async () => (await filesThere()).filter((path) => path.endsWith('.txt'));

  it('tells how far it has come, clip by clip, and at once when all is there', async () => {
    const progress = await make(clips, { threads: 2 });
    expect(progress.map(({ doneClips }) => doneClips)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const frames = progress[0].leftFrames;
    expect(frames).toBeGreaterThan(6 * 15);
    for (const { totalClips, madeFrames, leftFrames } of progress) {
      expect(totalClips).toBe(6);
      expect(madeFrames + leftFrames).toBe(frames);
    }
    expect(progress[6].leftFrames).toBe(0);
    expect(await make(clips)).toEqual([{ doneClips: 6, totalClips: 6, madeFrames: 0, leftFrames: 0 }]);
  });

  it('makes again only what is missing', async () => {
    await make(clips, { threads: 2 });
    const before = await filesThere();
    const [lost, ...kept] = before.filter((path) => path.endsWith('.npz'));
    const bytes = await readFile(join(out, lost));
    const times = await Promise.all(kept.map(async (path) => (await stat(join(out, path))).mtimeMs));
    await rm(join(out, lost));
    const progress = await make(clips);
    expect(progress.map(({ doneClips }) => doneClips)).toEqual([5, 6]);
    expect(await filesThere()).toEqual(before);
    expect(await readFile(join(out, lost))).toEqual(bytes);
    expect(await Promise.all(kept.map(async (path) => (await stat(join(out, path))).mtimeMs))).toEqual(times);
  });

  it('stops when its caller goes on, with whole files, no labels and no thread left', async () => {
    // In a process of its own: one that still had threads would not end.
    const door = new URL('./node.ts', import.meta.url).href;
    const request = { ...clips, videos: 40, keyPointsOnly: false, sizePixels: 64 };
    const script = `import { synthesize } from ${JSON.stringify(door)};
for await (const { doneClips } of synthesize(${JSON.stringify(out)}, ${JSON.stringify(request)}, { threads: 2 })) {
  if (doneClips === 1) break;
}`;
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { timeout: 60_000 });
    const there = await filesThere();
    const videos = there.filter((path) => path.endsWith('.mp4'));
    expect(videos.length).toBeGreaterThanOrEqual(1);
    expect(videos.length).toBeLessThan(40);
    expect(there.filter((path) => /\.tmp$|\.txt$/.test(path))).toEqual([]);
  });

  it("throws the signal's reason, writes no labels, and goes on where it was", async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const stopped = async () => {
      for await (const { doneClips } of synthesize(out, clips, { threads: 1, signal: abort.signal })) {
        if (doneClips === 2) abort.abort(reason);
      }
    };
    await expect(stopped()).rejects.toBe(reason);
    expect(await lists()).toEqual([]);
    const progress = await make(clips);
    expect(progress[0].doneClips).toBeGreaterThanOrEqual(2);
    expect(await lists()).toHaveLength(4);
  });

  it('writes no labels of files that somebody takes away meanwhile, and makes them next time', async () => {
    const robbed = async () => {
      for await (const { doneClips } of synthesize(out, clips, { threads: 1 })) {
        if (doneClips === 6) await rm(join(out, 'keypoints'), { recursive: true });
      }
    };
    await expect(robbed()).rejects.toMatchObject({ code: 'files-gone', message: expect.stringContaining('.npz') });
    expect(await lists()).toEqual([]);
    await make(clips);
    expect((await filesThere()).filter((path) => path.endsWith('.npz'))).toHaveLength(6);
  });

  it('tells what a thread was refused as if there were no threads', async () => {
    await make(clips, { threads: 2 });
    const [path] = (await filesThere()).filter((path) => path.endsWith('.npz'));
    await rm(join(out, path));
    await mkdir(join(out, path));
    await expect(make(clips)).rejects.toMatchObject({
      name: 'UserError',
      code: 'is-folder',
      message: expect.stringContaining(path.split('/').at(-1)!),
    });
  });

  it.each([
    [{ videos: 0 }, 'videos: found 0'],
    [{ videos: Number.NaN }, 'videos: found NaN'],
    [{ videos: 1.5 }, 'videos: found 1.5'],
    [{ subjects: 0 }, 'subjects: found 0'],
    [{ subjects: 7 }, 'subjects: found 7 for 6 videos'],
    [{ only: [] }, 'only: found no action'],
    [{ only: ['noding'] }, 'Did you mean "nodding"?'],
    [{ sizePixels: 33 }, 'sizePixels: found 33'],
    [{ sizePixels: 4096 }, 'sizePixels: found 4096'],
    [{ videos: 900_000_000 }, 'out: 900000000 clips take about'],
  ])('refuses %j before it makes anything', async (wrong, message) => {
    await expect(make({ ...clips, ...wrong })).rejects.toMatchObject({
      name: expect.stringMatching(/^(UsageError|UserError)$/),
      message: expect.stringContaining(message),
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses a folder without a name', async () => {
    const nameless = synthesize('', clips);
    await expect(nameless.next()).rejects.toMatchObject({ name: 'UsageError' });
  });
});
