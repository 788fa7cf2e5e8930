import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMa52List } from '../../annotation/formats/ma52List.ts';
import { opentad } from '../../annotation/formats/opentad.ts';
import { readDataset } from '../../files/readDataset.ts';
import { bodyPoints } from '../../pose/poseTrack.ts';
import { microActions52 as taxonomy } from '../../taxonomy/microActions52.ts';
import { jointNames } from '../keyPoints/joints.ts';
import { labelsOf } from '../plan/labelsOf.ts';
import type { ClipPlan } from '../plan/plan.ts';
import { planClips } from '../plan/planClips.ts';
import { planVideos } from '../plan/planVideos.ts';
import { layouts, type OutputLayout, type Pictures } from './layouts.ts';

const pictures: Pictures = { widthPixels: 256, heightPixels: 320, videos: true };
const videos = planVideos({ videos: 40, subjects: 8, seed: 7 });
const clips = planClips({ videos: 200, subjects: 12, seed: 7 });

const textOf = (layout: OutputLayout, plans: readonly ClipPlan[], path: string) =>
  layout.textFilesOf(plans, pictures).find((file) => file.path === path)!.content;

describe('the layout of MMA-52', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-layout-'));
    const texts = layouts.mma52.textFilesOf(videos, pictures);
    for (const { path, content } of [...texts, { path: 'synthesis.json', content: '{"videos": 40}\n' }]) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('reads back as the labels of the plans, from the folder of tables', async () => {
    const { dataset } = await readDataset(folder, { taxonomy });
    const read = new Map(dataset.clips.map((clip) => [clip.id, clip]));
    expect(read.size).toBe(40);
    for (const plan of videos) {
      expect(read.get(plan.id)).toMatchObject({ frameRate: 30, durationSeconds: plan.frameCount / 30 });
      expect(read.get(plan.id)!.instances).toEqual(labelsOf(plan));
    }
  });

  it('reads back from its JSON too, with subsets, subjects and files', async () => {
    const { dataset } = await readDataset(join(folder, 'annotations.json'), { taxonomy, format: opentad.name });
    expect(dataset.clips).toHaveLength(40);
    for (const [i, { id, subset, subject }] of videos.entries()) {
      const clip = dataset.clips[i];
      expect(clip.instances).toEqual(labelsOf(videos[i]));
      expect(clip).toMatchObject({ id, subset, file: `videos/${id}.mp4`, widthPixels: 256, heightPixels: 320 });
      expect(clip.subject).toBe(String(subject + 1).padStart(4, '0'));
    }
  });

  it('has a table for each subset that has videos, and no files of videos that are not made', () => {
    const alone = layouts.mma52.textFilesOf(planVideos({ videos: 3, subjects: 1, seed: 1 }), {
      ...pictures,
      videos: false,
    });
    expect(alone.map(({ path }) => path)).toEqual(['train.csv', 'annotations.json', 'keypoints/names.json']);
    expect(alone[1].content).not.toContain('.mp4');
  });

  it('puts each clip where nothing else goes', () => {
    const places = layouts.mma52.placesOf(videos).flatMap(({ video, keyPoints }) => [video, keyPoints]);
    expect(new Set(places).size).toBe(80);
    expect(places[0]).toBe('videos/train0000.mp4');
    expect(places[1]).toBe('keypoints/train0000.npz');
  });

  it('names points and joints with the shapes of their arrays', () => {
    const names = JSON.parse(textOf(layouts.mma52, videos, 'keypoints/names.json'));
    expect(names.points).toEqual(bodyPoints);
    expect(names.joints).toEqual(jointNames);
    expect(names.arrays.joints3d.shape).toEqual(['T', jointNames.length, 3]);
  });
});

describe('the layout of MA-52', () => {
  const places = layouts.ma52.placesOf(clips);

  it('lists each clip in the list of its folder, under its action', () => {
    let listed = 0;
    for (const [subset, prefix] of [
      ['training', 'train'],
      ['validation', 'val'],
      ['test', 'test'],
    ]) {
      const source = `${prefix}_list_videos.txt`;
      const { list } = readMa52List(textOf(layouts.ma52, clips, source), { source, taxonomy });
      const actions = new Map(list.clips.map(({ file, action }) => [`${prefix}/${file}`, action]));
      for (const [i, plan] of clips.entries()) {
        if (plan.subset !== subset) continue;
        expect(actions.get(places[i].video)).toBe(plan.acts[0].action);
        listed += 1;
      }
      expect(actions.size).toBe(clips.filter((plan) => plan.subset === subset).length);
    }
    expect(listed).toBe(200);
  });

  it('names clips by subject, session and clip, those for testing by number alone', () => {
    expect(new Set(places.map(({ video }) => video.toLowerCase())).size).toBe(200);
    for (const [i, { subset, subject }] of clips.entries()) {
      const [folder, name] = places[i].video.split('/');
      if (subset === 'test') expect(`${folder}/${name}`).toMatch(/^test\/test\d{4}\.mp4$/);
      else expect(name).toMatch(new RegExp(`^${String(subject + 1).padStart(4, '0')}_01_\\d{4}\\.mp4$`));
      expect(places[i].keyPoints).toBe(`keypoints/${places[i].video.replace('.mp4', '.npz')}`);
    }
  });

  it('names the labels as MA-52 does', () => {
    const lines = textOf(layouts.ma52, clips, 'label_name.txt').trimEnd().split('\n');
    expect(lines).toHaveLength(52);
    expect(lines[9]).toBe('9\tnodding');
  });

  it('takes plans of one act only', () => {
    const several = videos.filter(({ acts }) => acts.length > 1);
    expect(() => layouts.ma52.textFilesOf(several, pictures)).toThrow('acts in a clip that shows one');
  });
});
