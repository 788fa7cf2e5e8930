import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { bodyPartNames } from '../bodyPartNames.ts';
import { predictionsOfOpenTad, truthOfOpenTad } from '../detection/openTad.ts';
import { diagnose, type LevelDiagnosis } from './diagnose.ts';
import { type ErrorType, errorTypes, typePredictions } from './falsePositives.ts';
import { joinTables, levelOf } from './level.ts';

const golden = new URL('../../../../../../shared/golden/metrics/', import.meta.url);
const bytesOf = (path: string): Uint8Array => {
  const bytes = readFileSync(new URL(path, golden));
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
};
const read = (path: string) => JSON.parse(new TextDecoder().decode(bytesOf(path)));
const tables = (expected: { ground_truth: string; predictions: string }) => ({
  truth: truthOfOpenTad(bytesOf(expected.ground_truth), 'truth', { subset: 'training' }),
  predictions: predictionsOfOpenTad(bytesOf(expected.predictions), 'predictions'),
});

// Written by DETAD itself on predictions made from MMA-52 annotations, which may not be published.
describe.skipIf(!existsSync(golden))("DETAD's numbers (skipped where the golden data is absent)", () => {
  const runs = ['detad_small', 'detad', 'full'].flatMap((name) =>
    ['tiou_0.5', 'tiou_0.1_to_0.9']
      .filter((run) => name !== 'full' || run === 'tiou_0.5')
      .map((run) => ({ name, run })),
  );

  it.each(runs)('are reproduced at both levels: $name, $run', ({ name, run }) => {
    const expected = read(`expected_detad/${name}.json`);
    const { truth, predictions } = tables(expected);
    const tiou: number[] = expected.levels.action[run].tiou_thresholds;
    const diagnosis = diagnose(truth, predictions, microActions52, { tiou });
    for (const level of ['action', 'body'] as const) {
      expectClose(asReference(diagnosis[level], tiou), pick(expected.levels[level][run]), `${level}`);
    }
  });

  it('come from the same matches and error types, prediction by prediction', () => {
    const expected = read('expected_detad/detad_small.json');
    const { truth, predictions } = tables(expected);
    const scene = joinTables(truth, predictions);
    for (const name of ['action', 'body'] as const) {
      const level = levelOf(scene, name === 'body' ? bodyPartNames(microActions52) : (label) => label);
      const each = expected.levels[name]['tiou_0.5'].false_positive.per_prediction;
      const typed = typePredictions(level, { tiou: [0.5], minTiou: 0.1, groups: 10, ties: 'numpy' });
      const rows = typed.orders.flatMap((order) => [...order]);
      const matched = typed.matches[0];
      expect(rows.map((row) => level.predictionClass[row])).toEqual(each.label_index);
      expect(rows.map((row) => (matched[row] < 0 ? null : matched[row]))).toEqual(each.matched_gt['0.5']);
      expect(rows.map((row) => typed.types[0][row])).toEqual(each.error_type['0.5']);
    }
  });
});

// ---- below: internals ----

const referenceNames: Readonly<Record<ErrorType, string>> = {
  truePositive: 'True Positive',
  doubleDetection: 'Double Detection Err',
  wrongLabel: 'Wrong Label Err',
  localization: 'Localization Err',
  confusion: 'Confusion Err',
  background: 'Background Err',
};
const characteristics = {
  coverage: 'coverage',
  length: 'length',
  'num-instances': 'numInstances',
  'num-instances-same-class': 'numInstancesSameClass',
} as const;

const mapRecord = <V, W>(record: Readonly<Record<string, V>>, change: (value: V, key: string) => W) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
const renamed = (counts: Readonly<Partial<Record<ErrorType, number>>> | null) =>
  counts &&
  Object.fromEntries(errorTypes.filter((type) => type in counts).map((type) => [referenceNames[type], counts[type]]));

/** Our result in the shape of the reference's, as far as both have it. */
function asReference(level: LevelDiagnosis, tiou: readonly number[]) {
  const { falsePositives, falseNegatives, sensitivity } = level;
  const common = (part: { average: number; map: unknown; apPerClass: unknown; meanRecall: unknown }) => ({
    average_mAP_N: part.average,
    mAP_N: part.map,
    AP_N_per_class: part.apPerClass,
    mRecall: part.meanRecall,
  });
  const perTiou = (list: readonly Parameters<typeof renamed>[0][]) =>
    Object.fromEntries(list.map((counts, t) => [String(tiou[t]), renamed(counts)]));
  return {
    num_ground_truth: level.counts.instances,
    class_order: level.classes,
    average_num_instance_per_class: level.counts.instancesPerClass,
    false_positive: {
      ...common(falsePositives),
      mPrecision: falsePositives.meanPrecision,
      num_predictions_after_limit: falsePositives.predictions,
      overall_error_counts: perTiou(falsePositives.counts),
      overall_error_fraction_avg: renamed(falsePositives.fractions),
      average_mAP_N_gain_after_removing: renamed(falsePositives.gain),
      profile: falsePositives.profile.map(({ group, predictions, counts, fractions }) => ({
        group,
        num_predictions: predictions,
        counts: perTiou(counts),
        fraction_avg: renamed(fractions) ?? mapRecord(renamed(counts[0])!, () => null),
      })),
    },
    false_negative: {
      ...common(falseNegatives),
      mPrecision: falseNegatives.meanPrecision,
      buckets: mapRecord(characteristics, (name) => ({
        num_ground_truth: Object.fromEntries(falseNegatives.buckets[name].map((b) => [b.label, b.instances])),
        avg: Object.fromEntries(
          falseNegatives.buckets[name]
            .filter((b) => b.instances > 0)
            .map((b) => [b.label, { share_of_ground_truth: b.share, false_negative_rate: b.rate }]),
        ),
      })),
    },
    sensitivity: {
      ...common(sensitivity),
      buckets: mapRecord(characteristics, (name) =>
        Object.fromEntries(sensitivity.buckets[name].map((b) => [b.label, b.map])),
      ),
      relative_change: mapRecord(characteristics, (name) => sensitivity.relativeChange[name]),
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a document of the reference
function pick(level: any) {
  const { num_ground_truth, class_order, average_num_instance_per_class } = level;
  const common = ({ average_mAP_N, mAP_N, AP_N_per_class, mRecall }: Record<string, unknown>) => ({
    average_mAP_N,
    mAP_N,
    AP_N_per_class,
    mRecall,
  });
  const { false_positive: fp, false_negative: fn, sensitivity } = level;
  return {
    num_ground_truth,
    class_order,
    average_num_instance_per_class,
    false_positive: {
      ...common(fp),
      mPrecision: fp.mPrecision,
      num_predictions_after_limit: fp.num_predictions_after_limit,
      overall_error_counts: fp.overall_error_counts,
      overall_error_fraction_avg: fp.overall_error_fraction_avg,
      average_mAP_N_gain_after_removing: fp.average_mAP_N_gain_after_removing,
      profile: fp.profile,
    },
    false_negative: {
      ...common(fn),
      mPrecision: fn.mPrecision,
      buckets: mapRecord(characteristics, (_, key) => ({
        num_ground_truth: fn.buckets[key].num_ground_truth,
        avg: fn.buckets[key].by_tiou.avg,
      })),
    },
    sensitivity: {
      ...common(sensitivity),
      buckets: sensitivity.buckets,
      relative_change: sensitivity.relative_change,
    },
  };
}

/** Equal but for 1e-9 in numbers. */
function expectClose(found: unknown, expected: unknown, path: string): void {
  if (typeof expected === 'number' && typeof found === 'number') {
    if (!(Math.abs(found - expected) <= 1e-9)) expect.fail(`${path}: found ${found}, expected ${expected}`);
    return;
  }
  if (typeof expected !== 'object' || expected === null) {
    expect(found, path).toBe(expected);
    return;
  }
  expect(Object.keys(found as object).sort(), path).toEqual(Object.keys(expected).sort());
  for (const [key, value] of Object.entries(expected)) {
    expectClose((found as Record<string, unknown>)[key], value, `${path}.${key}`);
  }
}
