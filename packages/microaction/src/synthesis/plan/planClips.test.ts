import { describe, expect, it } from 'vitest';
import { countedActions } from './counted.ts';
import { labelsOf } from './labelsOf.ts';
import { planClips } from './planClips.ts';

describe('planClips', () => {
  const plans = planClips({ videos: 11250, subjects: 186, seed: 1 });

  it('shows one act a clip, from its first frame to its last', () => {
    for (const plan of plans) {
      const end = (plan.frameCount - 1) / plan.frameRate;
      expect(labelsOf(plan)).toEqual([{ action: plan.acts[0].action, start: 0, end }]);
      expect(plan.acts[0]).toMatchObject({ start: 0, end });
    }
  });

  it('is as long as the clips of MA-52 are, 1.97 s on average', () => {
    const seconds = plans.map(({ frameCount, frameRate }) => frameCount / frameRate);
    expect(Math.min(...seconds)).toBeGreaterThanOrEqual(0.5);
    expect(Math.max(...seconds)).toBeLessThanOrEqual(8);
    expect(seconds.reduce((sum, value) => sum + value, 0) / plans.length).toBeCloseTo(1.97, 1);
  });

  it('shows as many clips of each action as the training list of MA-52', () => {
    const found = Map.groupBy(plans, ({ acts }) => acts[0].action);
    for (const [action, [, , , clips]] of Object.entries(countedActions)) {
      expect(Math.abs((found.get(action)?.length ?? 0) - clips), action).toBeLessThanOrEqual(4 + clips / 50);
    }
  });

  it('gives all of a few actions the same share where that is asked for', () => {
    const few = planClips({ videos: 31, subjects: 2, seed: 4, balance: 'uniform', only: ['nodding', 'waving', 'B2'] });
    const counts = [...Map.groupBy(few, ({ acts }) => acts[0].action)].map(([action, some]) => [action, some.length]);
    expect(counts.map(([, count]) => count).sort()).toEqual([10, 10, 11]);
    expect(counts.map(([action]) => action)).toContain('shaking head');
    expect(new Set(few.map(({ subset }) => subset))).toEqual(new Set(['training']));
  });
});
