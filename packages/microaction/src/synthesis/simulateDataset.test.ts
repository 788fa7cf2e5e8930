import { describe, expect, it } from 'vitest';
import { type DatasetSettings, planDataset, simulateDataset } from './simulateDataset.ts';

async function all(settings: DatasetSettings) {
  const clips = [];
  for await (const clip of simulateDataset(settings)) clips.push(clip);
  return clips;
}

describe('a simulated data set', () => {
  it.each(['mma52', 'ma52'] as const)('goes through all that is planned in the layout %s', async (layout) => {
    const settings = { videos: 12, subjects: 4, seed: 9, layout };
    const clips = await all(settings);
    expect(clips.map(({ plan }) => plan)).toEqual(planDataset(settings));
    expect(clips).toHaveLength(12);
    if (layout === 'ma52') expect(clips.every(({ plan }) => plan.acts.length === 1)).toBe(true);
    else expect(clips.filter(({ plan }) => plan.acts.length > 1).length).toBeGreaterThan(8);
  });

  it('has the same people before the camera whichever clip they are in, and nobody in two subsets', async () => {
    const clips = await all({ videos: 30, subjects: 6, seed: 4 });
    const subsets = new Map<number, string>();
    const subjects = new Map<number, unknown>();
    for (const { plan, subject } of clips) {
      expect(subsets.get(plan.subject) ?? plan.subset).toBe(plan.subset);
      if (subjects.has(plan.subject)) expect(subject).toEqual(subjects.get(plan.subject));
      subjects.set(plan.subject, subject);
      subsets.set(plan.subject, plan.subset);
    }
    expect(new Set([...subjects.values()].map((one) => JSON.stringify(one))).size).toBe(6);
    expect(new Set(subsets.values())).toEqual(new Set(['training', 'validation', 'test']));
  });

  it('is 256 pixels wide, and shows the eyes, unless asked otherwise', async () => {
    const [usual] = await all({ videos: 1, subjects: 1, seed: 1 });
    expect(usual.scene.camera).toMatchObject({ widthPixels: 256, heightPixels: 256 });
    expect(usual.scene.mask).toBeUndefined();
    const [asked] = await all({ videos: 1, subjects: 1, seed: 1, sizePixels: 64, maskEyes: true });
    expect(asked.scene.camera.widthPixels).toBe(64);
    expect(asked.scene.mask).toBeDefined();
  });

  it.each([
    [{ videos: 0 }, 'videos: found 0'],
    [{ subjects: 0 }, 'subjects: found 0'],
    [{ subjects: 9 }, 'subjects: found 9 for 8 videos'],
    [{ seed: 0.5 }, 'seed: found 0.5'],
    [{ frameRate: 1 }, 'frameRate: found 1'],
    [{ only: [] }, 'only: found no action'],
    [{ only: ['noding'] }, 'Did you mean "nodding"?'],
  ])('refuses %j', async (wrong, message) => {
    await expect(all({ videos: 8, subjects: 2, seed: 1, ...wrong })).rejects.toMatchObject({
      name: expect.stringMatching(/^(UsageError|UserError)$/),
      message: expect.stringContaining(message),
    });
  });
});
