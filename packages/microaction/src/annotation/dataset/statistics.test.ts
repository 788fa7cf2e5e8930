import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import type { Clip, Dataset } from '../dataset.ts';
import { mma52 } from '../formats/mma52.ts';
import * as arbitrary from '../testing.ts';
import { statisticsOf } from './statistics.ts';

const set = (...clips: Clip[]): Dataset => ({ taxonomy: microActions52, clips });

describe('statistics of a data set', () => {
  it('count videos, time, subjects and instances, in all and by subset', () => {
    const { all, subsets } = statisticsOf(
      set(
        {
          id: 'a',
          durationSeconds: 10,
          subset: 'training',
          subject: 'x',
          instances: [
            { action: 'nodding', start: 0, end: 4 },
            { action: 'nodding', start: 4, end: 6 },
            { action: 'waving', start: 5, end: 9 },
          ],
        },
        { id: 'b', durationSeconds: 20, subset: 'test', subject: 'y', instances: [] },
        { id: 'c', subset: 'test', subject: 'y', instances: [] },
      ),
    );
    expect(all).toMatchObject({
      videos: 3,
      instances: 3,
      hours: 30 / 3600,
      meanVideoSeconds: 15,
      videosOfUnknownLength: 1,
      subjects: 2,
      instancesPerVideo: 1,
      videosByInstances: [
        { instances: 0, videos: 2 },
        { instances: 1, videos: 0 },
        { instances: 2, videos: 0 },
        { instances: 3, videos: 1 },
      ],
    });
    expect(subsets.map(({ subset, videos, instances }) => [subset, videos, instances])).toEqual([
      ['training', 1, 3],
      ['test', 2, 0],
    ]);
    expect(all.actions[9]).toEqual({
      id: 9,
      action: 'nodding',
      bodyPart: 'B',
      instances: 2,
      share: 2 / 3,
      videos: 1,
      meanSeconds: 3,
      stdSeconds: 1,
      medianSeconds: 3,
      minSeconds: 2,
      maxSeconds: 4,
    });
    expect(all.bodyParts.map(({ instances }) => instances)).toEqual([0, 2, 1, 0, 0, 0, 0]);
    expect(all.concurrency).toEqual({
      levels: [
        { instances: 0, seconds: 21, share: 0.7, videosWithThisMaximum: 2 },
        { instances: 1, seconds: 8, share: 8 / 30, videosWithThisMaximum: 0 },
        { instances: 2, seconds: 1, share: 1 / 30, videosWithThisMaximum: 1 },
      ],
      overlappingInstances: 2,
      overlappingShare: 2 / 3,
    });
    expect(all.cooccurrence).toEqual({
      actions: {
        overlapping: [{ labels: ['nodding', 'waving'], count: 1 }],
        sameVideo: [{ labels: ['nodding', 'waving'], count: 1 }],
      },
      bodyParts: {
        overlapping: [{ labels: ['head', 'upper limb'], count: 1 }],
        sameVideo: [{ labels: ['head', 'upper limb'], count: 1 }],
      },
    });
  });

  it('of nothing are zeros and nulls, fit for JSON', () => {
    const { all, subsets } = statisticsOf(set());
    expect(subsets).toEqual([]);
    expect(all).toMatchObject({ videos: 0, hours: 0, meanVideoSeconds: null, subjects: null, instancesPerVideo: null });
    expect(JSON.parse(JSON.stringify(all))).toEqual(all);
  });

  it('agree with counting every pair and every moment, on any data set', () => {
    fc.assert(
      fc.property(arbitrary.dataset({ time: fc.integer({ min: 0, max: 12 }) }), (data) => {
        const clips = data.clips.map((clip) => ({ ...clip, durationSeconds: 12 }));
        const { all } = statisticsOf({ ...data, clips });
        let pairs = 0;
        let overlapping = 0;
        const seconds: number[] = [];
        for (const { instances } of clips) {
          const meets = instances.map((a) => instances.filter((b) => a !== b && a.start < b.end && b.start < a.end));
          pairs += meets.flat().length / 2;
          overlapping += meets.filter(({ length }) => length > 0).length;
          for (let t = 0; t < 12; t++) {
            const running = instances.filter(({ start, end }) => start <= t && t < end).length;
            seconds[running] = (seconds[running] ?? 0) + 1;
          }
        }
        expect(all.concurrency.overlappingInstances).toBe(overlapping);
        expect(all.concurrency.levels.map((level) => level.seconds)).toEqual(Array.from(seconds, (n) => n ?? 0));
        const { actions, bodyParts } = all.cooccurrence;
        expect(actions.overlapping.reduce((sum, { count }) => sum + count, 0)).toBe(pairs);
        expect(bodyParts.overlapping.reduce((sum, { count }) => sum + count, 0)).toBe(pairs);
        expect(all.actions.reduce((sum, { instances }) => sum + instances, 0)).toBe(all.instances);
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});

const train = new URL('../../../../../../shared/golden/metrics/annotations/train.csv', import.meta.url);

describe.skipIf(!existsSync(train))('statistics of the MMA-52 training set (skipped without its annotations)', () => {
  const read = () => mma52.read(readFileSync(train, 'utf8'), { source: 'train.csv', taxonomy: microActions52 }).dataset;

  it("are those of the paper's Table 1 when every video counts at 30 frames a second", () => {
    const { all } = statisticsOf(read(), { countAtFrameRate: 30 });
    expect([all.videos, all.instances]).toEqual([4534, 13698]);
    expect(all.hours).toBeCloseTo(12.91, 3);
    expect(all.meanVideoSeconds).toBeCloseTo(10.251, 3);
    expect(all.instanceSeconds.meanSeconds).toBeCloseTo(4.098, 3);
    expect(all.instancesPerVideo).toBeCloseTo(3.021, 3);
  });

  it('follow the true frame rates otherwise', () => {
    const { all } = statisticsOf(read());
    expect(all.hours).toBeCloseTo(12.986, 3);
    expect(all.meanVideoSeconds).toBeCloseTo(10.311, 3);
    const { meanSeconds, stdSeconds, medianSeconds, minSeconds, maxSeconds } = all.instanceSeconds;
    expect([meanSeconds, stdSeconds, medianSeconds, minSeconds, maxSeconds].map((s) => s!.toFixed(2))).toEqual(
      '4.12 3.68 2.59 0.27 14.97'.split(' '),
    );
  });

  it.each([
    ['shaking body', 368, 4.74, 2.95],
    ['turning around', 1, 1.3, 0],
    ['bowing head', 357, 1.68, 1.42],
    ['tilting head', 887, 2.62, 2.35],
    ['turning head', 2039, 2.9, 2.54],
    ['nodding', 1274, 2.19, 1.76],
    ['playing objects', 407, 6.36, 4.19],
    ['retracting arms', 47, 1.08, 0.52],
    ['hands touching fingers', 879, 8.57, 3.83],
    ['shaking legs', 915, 7.8, 3.88],
    ['curling legs', 217, 9.65, 3.83],
    ['tiptoe', 73, 3.84, 3.31],
    ['scratching or touching shoulder', 17, 6, 4.37],
    ['touching nose', 73, 3.47, 3.09],
    ['covering face', 1, 2.7, 0],
    ['scratching feet', 8, 4.12, 2.79],
  ])('have %s %i times, %f s long, give or take %f s', (name, instances, mean, std) => {
    const row = statisticsOf(read()).all.actions.find(({ action }) => action === name)!;
    expect(row.instances).toBe(instances);
    expect(Math.abs(row.meanSeconds! - mean)).toBeLessThanOrEqual(0.00501);
    expect(Math.abs(row.stdSeconds! - std)).toBeLessThanOrEqual(0.00501);
  });

  it('have the known body parts', () => {
    const rows = statisticsOf(read()).all.bodyParts;
    expect(rows.map(({ code, instances }) => `${code} ${instances}`).join(', ')).toBe(
      'A 794, B 5376, C 3720, D 2116, E 215, F 331, G 1146',
    );
    expect(rows.map(({ share }) => (100 * share).toFixed(1)).join(' ')).toBe('5.8 39.2 27.2 15.4 1.6 2.4 8.4');
    expect(rows.map(({ meanSeconds }) => meanSeconds!.toFixed(2)).join(' ')).toBe('3.61 2.49 5.54 5.77 5.76 3.23 4.39');
    expect(rows.map(({ stdSeconds }) => stdSeconds!.toFixed(2)).join(' ')).toBe('2.75 2.23 4.12 4.35 4.33 2.67 3.62');
  });

  it('have two to ten instances a video, up to four at once', () => {
    const { all } = statisticsOf(read(), { countAtFrameRate: 30, countEndFrame: true });
    expect(all.videosByInstances.map(({ videos }) => videos)).toEqual([0, 0, 2037, 1261, 643, 380, 152, 39, 17, 2, 3]);
    const { levels } = all.concurrency;
    expect(levels.map(({ share }) => (100 * share!).toFixed(2)).join(' ')).toBe('15.43 51.81 28.40 4.28 0.08');
    expect(levels.map(({ videosWithThisMaximum }) => videosWithThisMaximum)).toEqual([0, 225, 3160, 1061, 88]);
    expect(statisticsOf(read()).all.concurrency.overlappingInstances).toBe(11_835);
  });

  it('have the known pairs of actions and of body parts', () => {
    const { actions, bodyParts } = statisticsOf(read()).all.cooccurrence;
    const total = (pairs: typeof actions.overlapping) => pairs.reduce((sum, { count }) => sum + count, 0);
    expect(total(actions.overlapping)).toBe(9231);
    expect(total(actions.overlapping.filter(({ labels: [a, b] }) => a === b))).toBe(42);
    expect(actions.overlapping.slice(0, 9).map(({ count }) => count)).toEqual([
      428, 404, 259, 258, 165, 162, 149, 147, 141,
    ]);
    expect(actions.overlapping[0].labels).toEqual(['turning head', 'shaking legs']);
    expect(actions.sameVideo.slice(0, 6).map(({ count }) => count)).toEqual([376, 351, 338, 311, 256, 181]);
    expect(bodyParts.overlapping.slice(0, 10).map(({ labels, count }) => `${labels.join(' + ')} ${count}`)).toEqual([
      'head + upper limb 2909',
      'head + lower limb 1477',
      'upper limb + lower limb 1065',
      'head + leg-hand 761',
      'head + head 424',
      'lower limb + leg-hand 375',
      'body + upper limb 317',
      'body + head 255',
      'body + lower limb 243',
      'upper limb + upper limb 223',
    ]);
  });
});
