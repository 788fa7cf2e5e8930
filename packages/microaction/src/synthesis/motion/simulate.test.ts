import { describe, expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { sides } from '../body/limbs.ts';
import { length, minus } from '../body/vector.ts';
import { waysOf } from '../plan/limbsOfActions.ts';
import type { ClipPlan } from '../plan/plan.ts';
import { planVideos } from '../plan/planVideos.ts';
import { drawSubject } from '../subject.ts';
import { programs } from './programs/programs.ts';
import { simulate } from './simulate.ts';
import { bonesOf, clipOf, furthestApart, jointsOf, moments } from './testing.ts';

const plans = planVideos({ videos: 40, subjects: 12, seed: 11, balance: 'uniform' });
const performed = (plan: ClipPlan) => simulate(plan, drawSubject(4, plan.subject));
const momentsOf = (plan: ClipPlan, perSecond: number) => moments(0, plan.frameCount / plan.frameRate, perSecond);

/** The fastest that is human in a small movement, metres a second. */
const fastest = [
  [/finger's tip/, 12], // of a hand that turns on its way
  [/wrist/, 6],
  [/elbow/, 12], // swings about a hand that passes close to its shoulder; a flip would be 20 and more
  [/ankle|heel|ball|toe|knee/, 6],
  [/head|shoulder|neck/, 2.5],
  [/./, 1.5],
] as const;

describe('a simulated clip', () => {
  it('has a program for each of the 52 actions', () => {
    expect(Object.keys(programs).toSorted()).toEqual(microActions52.actions.map(({ name }) => name).toSorted());
  });

  it('is continuous: no joint moves faster than is human', () => {
    for (const plan of plans) {
      const { figureAt } = performed(plan);
      let before = jointsOf(figureAt(0));
      for (const at of momentsOf(plan, 60).slice(1)) {
        const joints = jointsOf(figureAt(at));
        for (const name of Object.keys(joints)) {
          const speed = length(minus(joints[name], before[name])) * 60;
          const limit = fastest.find(([names]) => names.test(name))![1];
          // Asked so that what is not a number fails.
          if (!(speed < limit)) throw new Error(`${plan.id}: ${name} at ${at} s: ${speed} m/s, ${doneAt(plan, at)}`);
        }
        before = joints;
      }
    }
  });

  it('leaves bones as long as they are', () => {
    for (const plan of plans) {
      const { figureAt } = performed(plan);
      const still = bonesOf(figureAt(0));
      for (const at of momentsOf(plan, 3)) {
        const now = bonesOf(figureAt(at));
        for (const bone of Object.keys(still)) {
          expect(Math.abs(now[bone] - still[bone]), `${plan.id}: ${bone} at ${at} s`).toBeLessThan(1e-6);
        }
      }
    }
  });

  it('keeps everybody above the floor, on a seat, and in front of the camera', () => {
    for (const plan of plans) {
      const { figureAt } = performed(plan);
      for (const at of momentsOf(plan, 3)) {
        const figure = figureAt(at);
        for (const [name, [x, y, z]] of Object.entries(jointsOf(figure))) {
          const where = `${plan.id}: ${name} at ${at} s, ${doneAt(plan, at)}`;
          expect(y, where).toBeGreaterThan(-0.01);
          expect(y, where).toBeLessThan(2.2);
          expect(Math.hypot(x, z - 0.2), where).toBeLessThan(1.2);
        }
        expect(figure.head.origin[1] - figure.pelvis.origin[1]).toBeGreaterThan(0.3);
      }
    }
  });

  it('gives the same figure for the same moment, in whatever order moments are asked for', () => {
    const plan = plans[0];
    const [forwards, backwards] = [performed(plan), performed(plan)];
    const times = momentsOf(plan, 2);
    const there = times.map((at) => forwards.figureAt(at));
    const back = times.toReversed().map((at) => backwards.figureAt(at));
    expect(back.toReversed()).toEqual(there);
  });

  it('changes with its seed, with the person, and with nothing that an act of other limbs draws', () => {
    const act = { action: 'nodding', start: 1, end: 3, limbs: waysOf('nodding')[0], seed: 1 };
    const subject = drawSubject(4, 0);
    const at = (plan: ClipPlan, who = subject) => simulate(plan, who).figureAt(2);
    expect(furthestApart(at(clipOf([], 5, 1)), at(clipOf([], 5, 2)))).toBeGreaterThan(0.005);
    expect(furthestApart(at(clipOf([], 5, 1)), at(clipOf([], 5, 1), drawSubject(4, 1)))).toBeGreaterThan(0.005);
    const [nods, idle] = [at(clipOf([act], 5, 1)), at(clipOf([], 5, 1))];
    for (const side of sides) expect(nods.legs[side]).toEqual(idle.legs[side]);
  });

  it('puts glasses on who pushes them, and takes none away', () => {
    const bare = Array.from({ length: 50 }, (_, index) => drawSubject(4, index)).find(({ look }) => !look.glasses)!;
    const act = { action: 'pushing glasses', start: 1, end: 2, limbs: waysOf('pushing glasses')[0], seed: 1 };
    expect(simulate(clipOf([act], 3, 1), bare).subject.look.glasses).toBeDefined();
    expect(simulate(clipOf([], 3, 1), bare).subject).toBe(bare);
  });

  it('gives hair to who tidies it', () => {
    const bald = Array.from({ length: 50 }, (_, i) => drawSubject(4, i)).find(
      ({ look }) => look.hair.style === 'bald',
    )!;
    const act = { action: 'playing or tidying hair', start: 1, end: 3, limbs: ['leftArm' as const], seed: 1 };
    expect(simulate(clipOf([act], 4, 1), bald).subject.look.hair.style).toBe('short');
    expect(simulate(clipOf([], 4, 1), bald).subject).toBe(bald);
  });
});

describe('postures that acts set out from and leave behind', () => {
  const acts = (gap: number) =>
    [0, 1].map((i) => ({
      action: 'sitting straightly',
      start: 1 + i * (2 + gap),
      end: 3 + i * (2 + gap),
      limbs: waysOf('sitting straightly')[0],
      seed: i,
    }));
  const headHeight = (gap: number, at: number) =>
    simulate(clipOf(acts(gap), 8, 1), drawSubject(4, 0)).figureAt(at).head.origin[1];

  it('stand to the ends of the clip where nothing else needs the limb', () => {
    expect(Math.abs(headHeight(2, 0) - headHeight(2, 0.9))).toBeLessThan(0.01);
    expect(Math.abs(headHeight(2, 7.1) - headHeight(2, 7.9))).toBeLessThan(0.01);
    expect(headHeight(2, 7.9) - headHeight(2, 0)).toBeGreaterThan(0.02);
  });

  it('pass into each other between two acts, in a third of a second if they must', () => {
    for (const gap of [2, 0.3]) {
      const heights = moments(3, 3 + gap, 120).map((at) => headHeight(gap, at));
      expect(heights[0] - heights[heights.length - 1]).toBeGreaterThan(0.02);
      for (let i = 1; i < heights.length; i++) expect(Math.abs(heights[i] - heights[i - 1]) * 120).toBeLessThan(1);
    }
  });
});

/** What is going on, for messages. */
function doneAt(plan: ClipPlan, at: number): string {
  const now = plan.acts.filter(({ start, end }) => start - 0.5 < at && at < end + 0.5);
  return now.map(({ action, start, end }) => `${action} (${start.toFixed(2)} to ${end.toFixed(2)} s)`).join(', ');
}
