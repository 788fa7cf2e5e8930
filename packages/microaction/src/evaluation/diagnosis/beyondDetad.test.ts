import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dataset, Instance } from '../../annotation/dataset.ts';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { predictionsOfDataset, truthOfDataset } from '../detection/detectionTable.ts';
import { type Diagnosis, type DiagnosisOptions, diagnose } from './diagnose.ts';

type Row = [action: string, start: number, end: number, score?: number];
type Videos = Readonly<Record<string, readonly Row[]>>;

const seeded = { seed: 11, numRuns: 150 };

const dataset = (videos: Videos, durationSeconds?: number): Dataset => ({
  taxonomy: microActions52,
  clips: Object.entries(videos).map(([id, rows]) => ({
    id,
    ...(durationSeconds && { durationSeconds }),
    instances: rows.map(([action, start, end, score]): Instance => ({ action, start, end, score })),
  })),
});

function run(truth: Videos, predictions: Videos, options?: DiagnosisOptions, durationSeconds = 20): Diagnosis {
  const tables = [
    truthOfDataset(dataset(truth, durationSeconds), 'truth'),
    predictionsOfDataset(dataset(predictions), 'predictions'),
  ] as const;
  return diagnose(...tables, microActions52, options);
}

// Two of the head and one of the leg-hand, as a person would place them.
const truth: Videos = {
  a: [
    ['nodding', 0, 4],
    ['shaking head', 3, 8],
  ],
  b: [['nodding', 0, 2]],
  c: [['touching legs', 10, 14]],
};

describe('the six error types', () => {
  it('are told apart by the most overlapped instance', () => {
    const { action } = run(truth, {
      a: [
        ['nodding', 0, 4, 0.9], // found
        ['nodding', 0, 3.5, 0.8], // again
        ['nodding', 4, 8, 0.7], // on the shaking head
        ['shaking head', 6.5, 9, 0.6], // overlaps its own by 1.5 / 6
      ],
      c: [
        ['nodding', 13, 15, 0.5], // overlaps the touching legs by 1 / 5
        ['touching legs', 0, 2, 0.4], // nothing there
      ],
      unknown: [['nodding', 0, 2, 0.3]],
    });
    expect(action.falsePositives.counts).toEqual([
      { truePositive: 1, doubleDetection: 1, wrongLabel: 1, localization: 1, confusion: 1, background: 2 },
    ]);
    expect(action.confusions.pairs).toEqual([
      { truth: 'shaking head', predicted: 'nodding', wrongLabel: 1, confusion: 0 },
      { truth: 'touching legs', predicted: 'nodding', wrongLabel: 0, confusion: 1 },
    ]);
    expect(action.falsePositives.profile[0]).toMatchObject({ group: '1G', predictions: 4 });
    expect(action.worstVideos.map(({ video, errors }) => [video, errors])).toEqual([
      ['a', 3], // the shaking head missed, nodding seen twice, shaking head elsewhere
      ['c', 2],
      ['b', 1],
    ]);
  });

  it('forgive at body level what stays in one body part', () => {
    const { action, body } = run(truth, { a: [['nodding', 3, 8, 0.9]] });
    expect(action.falsePositives.counts[0].wrongLabel).toBe(1);
    expect(body.falsePositives.counts[0]).toMatchObject({ truePositive: 1, wrongLabel: 0 });
    expect(body.classes).toEqual(['head', 'leg-hand']);
  });
});

describe('instances beside others', () => {
  it('are missed or found apart from those alone', () => {
    const { concurrency } = run(truth, { a: [['nodding', 0, 4, 0.9]], c: [['touching legs', 10, 14, 0.8]] }).action;
    expect(concurrency.concurrent).toEqual({ instances: 2, missed: 1, rate: 0.5 });
    expect(concurrency.alone).toEqual({ instances: 2, missed: 1, rate: 0.5 });
    expect(concurrency.pairs).toEqual([
      { missedClass: 'shaking head', besideClass: 'nodding', instances: 1, missed: 1, rate: 1 },
      { missedClass: 'nodding', besideClass: 'shaking head', instances: 1, missed: 0, rate: 0 },
    ]);
  });
});

describe('calibration', () => {
  it('compares scores with how often they are right', () => {
    const found: Row[] = [['nodding', 0, 2, 0.75]];
    const { calibration } = run(truth, { b: [...found, ['nodding', 10, 12, 0.75]] }, { calibrationBins: 2 }).action;
    expect(calibration.bins).toEqual([
      { from: 0, to: 0.5, predictions: 0, meanScore: null, precision: null },
      { from: 0.5, to: 1, predictions: 2, meanScore: 0.75, precision: 0.5 },
    ]);
    expect(calibration.expectedCalibrationError).toBe(0.25);
  });
});

describe('where DETAD raises or says nothing', () => {
  it('leaves out and counts predictions of a class without instances', () => {
    const predictions: Videos = { a: [['nodding', 0, 4, 0.9]], b: [['nodding', 0, 2, 0.5]] };
    const without = run(truth, predictions).action;
    const withOther = run(truth, { ...predictions, c: [['waving', 10, 14, 0.99]] }).action;
    expect(withOther.counts).toEqual({ ...without.counts, predictionsLeftOut: 1 });
    expect({ ...withOther, counts: 0 }).toEqual({ ...without, counts: 0 });
  });

  it('gives a class without predictions precision 0', () => {
    const { sensitivity } = run(truth, { b: [['nodding', 0, 2, 0.9]] }).action;
    expect(sensitivity.apPerClass['touching legs']).toEqual([0]);
    expect(sensitivity.buckets.length.map(({ map }) => map)).toEqual([1, 0, null, null, null]);
  });

  it('leaves out instances longer than their video, and gives no coverage where its length is unknown', () => {
    const long = run({ ...truth, d: [['waving', 0, 25]] }, {}).action;
    expect(long.counts).toMatchObject({ instances: 4, instancesLeftOut: 1, instancesPerClass: 1 });
    expect(long.falsePositives.apPerClass.waving).toEqual([0]);
    const unknown = run(truth, {}, {}, 0).action;
    expect(unknown.counts.instances).toBe(4);
    expect(unknown.falseNegatives.buckets.coverage.every(({ instances }) => instances === 0)).toBe(true);
  });

  it('says when there is nothing to find', () => {
    expect(() => run({ a: [] }, { a: [['nodding', 0, 1, 0.5]] })).toThrow('truth holds no instance to diagnose');
  });

  it('takes only options that make sense', () => {
    expect(() => run(truth, {}, { tiou: [] })).toThrow('tiou is empty');
    expect(() => run(truth, {}, { tiou: [0.5, 1.5] })).toThrow('found the tiou 1.5');
    expect(() => run(truth, {}, { groups: 0 })).toThrow('found 0 for groups');
    const wrong = { length: { edges: [0, 5, 5], labels: ['short', 'long'] } };
    expect(() => run(truth, {}, { buckets: wrong })).toThrow('found the edges 0, 5, 5');
    const few = { length: { edges: [0, 5], labels: ['short', 'long'] } };
    expect(() => run(truth, {}, { buckets: few })).toThrow('2 labels need 3 edges, found 2');
  });
});

describe('any diagnosis', () => {
  const row = fc
    .tuple(
      fc.constantFrom('nodding', 'shaking head', 'touching legs', 'waving'),
      fc.integer({ min: 0, max: 30 }),
      fc.integer({ min: 1, max: 10 }),
      fc.integer({ min: 0, max: 10 }),
    )
    .map(([action, start, length, score]): Row => [action, start / 2, (start + length) / 2, score / 10]);
  const videos = (maxLength: number) =>
    fc.record({
      a: fc.array(row, { minLength: 1, maxLength }),
      b: fc.array(row, { maxLength }),
      c: fc.array(row, { maxLength }),
    });
  const options = fc.record({
    tiou: fc.constantFrom([0.5], [0.1, 0.5, 0.9], [0.05]),
    ties: fc.constantFrom('numpy' as const, 'stable' as const),
  });

  it('adds up', () => {
    fc.assert(
      fc.property(videos(6), videos(30), options, (someTruth, predictions, some) => {
        const diagnosis = run(someTruth, predictions, some);
        for (const level of [diagnosis.action, diagnosis.body]) {
          const { falsePositives, falseNegatives, confusions, concurrency, calibration, counts } = level;
          const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
          for (const count of falsePositives.counts) expect(sum(Object.values(count))).toBe(falsePositives.predictions);
          expect(sum(falsePositives.profile.map(({ predictions: n }) => n))).toBe(falsePositives.predictions);
          expect(sum(calibration.bins.map(({ predictions: n }) => n))).toBe(counts.predictions);
          const wrong = sum(falsePositives.counts.map(({ wrongLabel, confusion }) => wrongLabel + confusion));
          expect(sum(confusions.matrix.flat())).toBeCloseTo(wrong / some.tiou.length, 9);
          expect(concurrency.alone.instances + concurrency.concurrent.instances).toBe(counts.instances);
          const missed = sum(falseNegatives.buckets.length.map(({ rate, instances }) => (rate ?? 0) * instances));
          expect(concurrency.alone.missed + concurrency.concurrent.missed).toBeCloseTo(missed, 9);
          for (const gain of Object.values(falsePositives.gain)) expect(gain).toBeGreaterThan(-1e-12);
        }
        // Nothing that JSON would lose: no NaN, no Infinity, nothing undefined.
        expect(JSON.parse(JSON.stringify(diagnosis))).toStrictEqual(diagnosis);
      }),
      seeded,
    );
  });

  it('finds no fault with the truth itself', () => {
    fc.assert(
      fc.property(videos(1), (someTruth) => {
        const { action } = run(someTruth, someTruth);
        expect(action.falsePositives.average).toBeCloseTo(1, 12);
        expect(action.sensitivity.buckets.length.every(({ map }) => map === null || map > 1 - 1e-12)).toBe(true);
        expect(action.worstVideos).toEqual([]);
        expect(action.confusions.pairs).toEqual([]);
      }),
      seeded,
    );
  });
});
