import fc from 'fast-check';
import { type Clip, type Instance, microActions52 } from 'microaction';
import { describe, expect, it } from 'vitest';
import { sharedTime } from './cooccurrence.ts';
import { labelsAt } from './labels.ts';
import { secondsOf, timeBudget, unionSeconds } from './timeBudget.ts';
import { transitionsOf } from './transitions.ts';

const one = (action: string, start: number, end: number): Instance => ({ action, start, end });
const clip = (durationSeconds: number | undefined, ...instances: Instance[]): Clip => ({
  id: 'a',
  ...(durationSeconds && { durationSeconds }),
  instances,
});
const actions = labelsAt(microActions52, 'action');
const parts = labelsAt(microActions52, 'body');

/** Clips of a minute with instances of a few actions, also past the end. */
const someClips = fc.array(
  fc
    .array(
      fc.record({
        action: fc.constantFrom('nodding', 'turning head', 'waving', 'shaking legs', 'touching nose'),
        start: fc.integer({ min: 0, max: 64 }),
        length: fc.integer({ min: 1, max: 20 }),
      }),
      { maxLength: 12 },
    )
    .map((made) => clip(60, ...made.map(({ action, start, length }) => one(action, start, start + length)))),
  { minLength: 1, maxLength: 3 },
);

describe('the time budget', () => {
  it('counts time in which a part moves twice at once a single time', () => {
    const rows = timeBudget(
      [clip(60, one('nodding', 0, 10), one('nodding', 8, 12), one('turning head', 11, 20))],
      microActions52,
    );
    const head = rows.find(({ bodyPart, action }) => bodyPart === 'head' && action === null);
    expect(head).toEqual({
      ...{ bodyPart: 'head', action: null, count: 3, perMinute: 3, totalSeconds: 20, shareOfTime: 1 / 3 },
      ...{ meanSeconds: 23 / 3, medianSeconds: 9, longestSeconds: 10 },
    });
    const nodding = rows.find(({ action }) => action === 'nodding');
    expect([nodding?.totalSeconds, nodding?.meanSeconds, nodding?.count]).toEqual([12, 7, 2]);
  });

  it('has a row for every body part, and for the actions that occur', () => {
    const rows = timeBudget([clip(60, one('waving', 1, 2))], microActions52);
    expect(rows.filter(({ action }) => action === null)).toHaveLength(7);
    expect(rows.flatMap(({ action }) => action ?? [])).toEqual(['waving']);
    expect(rows[0]).toMatchObject({
      bodyPart: 'body',
      count: 0,
      totalSeconds: 0,
      meanSeconds: null,
      longestSeconds: null,
    });
  });

  it('takes a video of unknown length to end with its last instance', () => {
    expect(secondsOf([clip(undefined, one('waving', 1, 4), one('waving', 2, 3)), clip(10)])).toBe(14);
  });

  it('has parts that take no longer than their actions together, and nothing longer than the videos', () => {
    fc.assert(
      fc.property(someClips, (clips) => {
        const rows = timeBudget(clips, microActions52);
        for (const { bodyPart, totalSeconds, shareOfTime } of rows) {
          const together = rows
            .filter((row) => row.bodyPart === bodyPart && row.action !== null)
            .reduce((sum, row) => sum + row.totalSeconds, 0);
          expect(totalSeconds).toBeLessThanOrEqual(together + 1e-9);
          expect(totalSeconds).toBeLessThanOrEqual(secondsOf(clips));
          expect(shareOfTime).toBeLessThanOrEqual(1);
        }
      }),
      { seed: 1 },
    );
  });

  it('agrees with counting second by second', () => {
    fc.assert(
      fc.property(someClips, ([{ instances }]) => {
        let seconds = 0;
        for (let second = 0; second < 60; second++) {
          if (instances.some(({ start, end }) => start <= second && second < end)) seconds += 1;
        }
        expect(unionSeconds(instances, 60)).toBe(seconds);
      }),
      { seed: 1 },
    );
  });
});

describe('transitions', () => {
  it('count what starts next, video by video, a label after itself too', () => {
    const first = clip(
      60,
      one('waving', 5, 9),
      one('nodding', 0, 10),
      one('turning head', 11, 20),
      one('nodding', 8, 12),
    );
    const second = clip(60, one('nodding', 0, 1), one('nodding', 2, 3));
    expect(transitionsOf([first, second], actions.labels, actions.labelOf)).toEqual({
      labels: ['turning head', 'nodding', 'waving'],
      counts: [
        [0, 0, 0],
        [1, 1, 1],
        [0, 1, 0],
      ],
    });
    expect(transitionsOf([first], parts.labels, parts.labelOf)).toEqual({
      labels: ['head', 'upper limb'],
      counts: [
        [1, 1],
        [1, 0],
      ],
    });
  });

  it('are one fewer than instances in each video that has any', () => {
    fc.assert(
      fc.property(someClips, (clips) => {
        const { counts } = transitionsOf(clips, actions.labels, actions.labelOf);
        const total = counts.flat().reduce((sum, count) => sum + count, 0);
        expect(total).toBe(clips.reduce((sum, { instances }) => sum + Math.max(0, instances.length - 1), 0));
      }),
      { seed: 1 },
    );
  });
});

describe('shared time', () => {
  it('is that in which both happen, and on the diagonal that of the one', () => {
    const some = clip(
      60,
      one('nodding', 0, 10),
      one('nodding', 8, 12),
      one('waving', 5, 9),
      one('turning head', 11, 70),
    );
    expect(sharedTime([some, clip(60, one('waving', 1, 4))], actions.labels, actions.labelOf)).toEqual({
      labels: ['turning head', 'nodding', 'waving'],
      seconds: [
        [49, 1, 0],
        [1, 12, 4],
        [0, 4, 7],
      ],
    });
  });

  it('is symmetric, never above either label alone, and alone what the budget says', () => {
    fc.assert(
      fc.property(someClips, (clips) => {
        const { labels, seconds } = sharedTime(clips, actions.labels, actions.labelOf);
        const budget = timeBudget(clips, microActions52);
        labels.forEach((label, a) => {
          const alone = budget.find(({ action }) => action === label)?.totalSeconds;
          expect(seconds[a][a]).toBe(alone);
          labels.forEach((_, b) => {
            expect(seconds[a][b]).toBe(seconds[b][a]);
            expect(seconds[a][b]).toBeLessThanOrEqual(Math.min(seconds[a][a], seconds[b][b]));
          });
        });
      }),
      { seed: 1 },
    );
  });
});
