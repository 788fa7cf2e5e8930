import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statisticsOf } from '../../annotation/dataset/statistics.ts';
import type { Dataset } from '../../annotation/dataset.ts';
import { UserError } from '../../errors.ts';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import {
  countedActions,
  countedConcurrency,
  countedEdges,
  countedMaxima,
  countedOverlapping,
  countedPartPairs,
  countedVideos,
} from './counted.ts';
import { labelsOf } from './labelsOf.ts';
import { waysOf } from './limbsOfActions.ts';
import type { ClipPlan } from './plan.ts';
import type { PlanOptions } from './planOptions.ts';
import { planVideos } from './planVideos.ts';

const names = microActions52.actions.map(({ name }) => name);
const counted = countedVideos.reduce(
  (sum, [instances, videos]) => ({ instances: sum.instances + instances * videos, videos: sum.videos + videos }),
  { instances: 0, videos: 0 },
);

const anyOptions: fc.Arbitrary<PlanOptions> = fc
  .record({
    videos: fc.integer({ min: 1, max: 40 }),
    people: fc.integer({ min: 1, max: 40 }),
    seed: fc.integer(),
    frameRate: fc.constantFrom(5, 24, 30, 29.97, 120),
    balance: fc.constantFrom('counted', 'uniform'),
    only: fc.option(fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 6 }), { nil: undefined }),
  })
  .map(({ people, ...options }) => ({ ...options, subjects: Math.min(people, options.videos) }));

const eachPlan = (check: (plans: readonly ClipPlan[], options: PlanOptions) => void) =>
  fc.assert(
    fc.property(anyOptions, (options) => check(planVideos(options), options)),
    { seed: 52, numRuns: 80 },
  );

describe('planVideos', () => {
  it('gives no limb to two acts, and a limb 0.3 s between two', () => {
    eachPlan((plans) => {
      for (const { acts } of plans) {
        acts.forEach((one, i) => {
          for (const other of acts.slice(i + 1)) {
            if (one.action !== other.action && !one.limbs.some((limb) => other.limbs.includes(limb))) continue;
            expect(Math.max(other.start - one.end, one.start - other.end)).toBeGreaterThan(0.3 - 1e-9);
          }
        });
      }
    });
  });

  it('uses only what was asked for, each action in one of its ways, in order of start', () => {
    eachPlan((plans, { only = names }) => {
      for (const { acts } of plans) {
        expect(acts.length).toBeGreaterThan(0);
        expect(acts.map(({ start }) => start)).toEqual(acts.map(({ start }) => start).sort((a, b) => a - b));
        for (const { action, limbs } of acts) {
          expect(only).toContain(action);
          expect(waysOf(action)).toContainEqual(limbs);
        }
      }
    });
  });

  it('labels whole frames of the clip, at least 0.27 s long; what touches an end goes on behind it', () => {
    eachPlan((plans) => {
      for (const plan of plans) {
        const { acts, frameCount, frameRate } = plan;
        expect(frameCount / frameRate).toBeGreaterThan(146 / 30 - 0.5 / frameRate - 1e-9);
        expect(frameCount / frameRate).toBeLessThan(451 / 30 + 0.5 / frameRate + 1e-9);
        const last = (frameCount - 1) / frameRate;
        const labels = labelsOf(plan);
        expect(labels).toHaveLength(acts.length);
        for (const { start, end } of labels) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(last);
          expect(end - start).toBeGreaterThan(0.27 - 1e-9);
          for (const time of [start, end]) expect(time * frameRate).toBeCloseTo(Math.round(time * frameRate), 6);
        }
        for (const { start, end } of acts) {
          expect(Math.abs(start)).toBeGreaterThan(0.5 / frameRate); // never just at the edge
          expect(Math.abs(end - last)).toBeGreaterThan(0.5 / frameRate);
        }
      }
    });
  });

  it('keeps everybody in one subset, uses everybody, and numbers videos inside their subset', () => {
    eachPlan((plans, { videos, subjects }) => {
      expect(plans).toHaveLength(videos);
      const subsetsOf = Map.groupBy(plans, ({ subject }) => subject);
      expect([...subsetsOf.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: subjects }, (_, i) => i));
      for (const theirs of subsetsOf.values()) expect(new Set(theirs.map(({ subset }) => subset)).size).toBe(1);
      const expected = subjects < 3 ? ['training'] : ['training', 'validation', 'test'];
      expect([...new Set(plans.map(({ subset }) => subset))]).toEqual(expected);
      const prefixes: Record<string, string> = { training: 'train', validation: 'val', test: 'test' };
      for (const [subset, some] of Map.groupBy(plans, (plan) => plan.subset)) {
        expect(some.map(({ id }) => id)).toEqual(
          some.map((_, i) => prefixes[subset] + (i < 1000 ? `000${i}`.slice(-4) : i)),
        );
      }
    });
  });

  it('splits as many subjects as MMA-52 has as MMA-52 does', () => {
    const plans = planVideos({ videos: 2030, subjects: 203, seed: 1 });
    const bySubset = Map.groupBy(plans, ({ subset }) => subset);
    expect([...bySubset.values()].map((some) => some.length)).toEqual([1400, 370, 260]);
    expect([...bySubset.values()].map((some) => new Set(some.map(({ subject }) => subject)).size)).toEqual([
      140, 37, 26,
    ]);
  });

  it('makes the same plan of the same seed and another one of another', () => {
    const options = { videos: 12, subjects: 4, seed: 7 };
    expect(planVideos(options)).toEqual(planVideos(options));
    const shape = (plans: readonly ClipPlan[]) => plans.map((plan) => labelsOf(plan));
    expect(shape(planVideos(options))).not.toEqual(shape(planVideos({ ...options, seed: 8 })));
    const seeds = planVideos(options).flatMap(({ seed, acts }) => [seed, ...acts.map((act) => act.seed)]);
    expect(new Set(seeds).size).toBe(seeds.length);
  });

  it('gives every action the same share, to within one instance, where that is asked for', () => {
    eachPlan((plans, { balance, only = names }) => {
      if (balance !== 'uniform') return;
      const acts = plans.flatMap((plan) => plan.acts);
      const counts = only.map((name) => acts.filter(({ action }) => action === name).length);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    });
  });

  it('shows 2 to 10 instances a video unless few actions are asked for', () => {
    for (const balance of ['counted', 'uniform'] as const) {
      const sizes = planVideos({ videos: 300, subjects: 10, seed: 3, balance }).map(({ acts }) => acts.length);
      expect(Math.min(...sizes)).toBe(2);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(10);
    }
  });

  it.each([
    [{ videos: 0 }, /^videos: found 0, expected a whole number from 1/],
    [{ videos: 2.5 }, /^videos: found 2.5/],
    [{ subjects: 0 }, /^subjects: found 0/],
    [{ subjects: 9 }, /^subjects: found 9 for 8 videos/],
    [{ seed: Number.NaN }, /^seed: found NaN/],
    [{ frameRate: 0 }, /^frameRate: found 0/],
    [{ only: [] }, /^only: found no action/],
    [{ only: ['noding'] }, /Did you mean "nodding"/],
  ])('refuses %o', (wrong, message) => {
    const plan = () => planVideos({ videos: 8, subjects: 3, seed: 1, ...wrong });
    expect(plan).toThrow(UserError);
    expect(plan).toThrow(message);
  });

  it.each([1, 2026])('comes within 10 % of what was counted in MMA-52 (seed %i)', (seed) => {
    const plans = planVideos({ videos: 4500, subjects: 203, seed });
    const { all } = statisticsOf(datasetOf(plans));
    const near = (what: string, found: number | null, expected: number) => {
      expect(Math.abs(found! / expected - 1), `${what}: ${found} against ${expected}`).toBeLessThan(0.1);
    };
    near('instances per video', all.instancesPerVideo, counted.instances / counted.videos);
    near('seconds per video', all.meanVideoSeconds, 10.25);
    near('seconds per instance', all.instanceSeconds.meanSeconds, 4.119);
    near('spread of seconds', all.instanceSeconds.stdSeconds, 3.68);
    near('overlapping', all.concurrency.overlappingShare, countedOverlapping);
    expect(all.concurrency.levels).toHaveLength(countedConcurrency.length);
    for (const { instances, share, videosWithThisMaximum } of all.concurrency.levels) {
      near(`${instances} at once`, share, countedConcurrency[instances]);
      if (instances === 0) expect(videosWithThisMaximum).toBe(0);
      else near(`at most ${instances}`, videosWithThisMaximum / 4500, countedMaxima[instances - 1] / counted.videos);
    }
    for (const [instances, videos] of countedVideos.slice(0, 5)) {
      near(`videos of ${instances}`, all.videosByInstances[instances].videos / 4500, videos / counted.videos);
    }
    const frequent = all.actions.filter(({ action }) => countedActions[action][0] > counted.instances / 100);
    expect(frequent).toHaveLength(21);
    for (const { action, share, meanSeconds } of frequent) {
      near(`share of ${action}`, share, countedActions[action][0] / counted.instances);
      near(`mean of ${action}`, meanSeconds, countedActions[action][1]);
    }
    const edges = plans.flatMap((plan) => plan.acts.map((act) => edgesOf(plan, act)));
    const shareOf = (which: (edge: (typeof edges)[number]) => boolean) => edges.filter(which).length / edges.length;
    near(
      'cut at the start',
      shareOf(({ start }) => start),
      countedEdges.start,
    );
    near(
      'cut at the end',
      shareOf(({ end }) => end),
      countedEdges.end,
    );
    near(
      'cut at both',
      shareOf(({ start, end }) => start && end),
      countedEdges.both,
    );
    const nameOf = (code: string) => microActions52.bodyParts.find((part) => part.code === code)!.name;
    for (const [[a, b], count] of Object.entries(countedPartPairs).filter(([, count]) => count > 200)) {
      const pair = [nameOf(a), nameOf(b)].join();
      const found = all.cooccurrence.bodyParts.overlapping.find(({ labels }) => labels.join() === pair)?.count;
      near(pair, (found ?? 0) / 4500, count / counted.videos);
    }
  });
});

function datasetOf(plans: readonly ClipPlan[]): Dataset {
  return {
    taxonomy: microActions52,
    clips: plans.map((plan) => ({
      id: plan.id,
      durationSeconds: plan.frameCount / plan.frameRate,
      frameRate: plan.frameRate,
      instances: labelsOf(plan),
    })),
  };
}

function edgesOf({ frameCount, frameRate }: ClipPlan, { start, end }: { start: number; end: number }) {
  return { start: start < 0, end: end > (frameCount - 1) / frameRate };
}
