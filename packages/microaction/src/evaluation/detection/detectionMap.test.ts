import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { detectionMap, type Level, levelMap } from './detectionMap.ts';
import { predictionsOfOpenTad, truthOfOpenTad } from './openTad.ts';

// Outputs of OpenTAD's and the challenge baseline's own code, none of a port; see the README beside them.
const golden = new URL('../../../../../../shared/golden/metrics/', import.meta.url);
const edgeCases = new URL('../../../test/golden/detectionEdgeCases.json', import.meta.url);
const within = 1e-12;

describe('detection mAP in the edge cases of the reference', () => {
  it.each(JSON.parse(readFileSync(edgeCases, 'utf8')) as EdgeCase[])('$name', (edge) => {
    const video = (id: string) => !edge.blocked_videos?.includes(id);
    const truth = truthOfOpenTad(JSON.stringify(edge.ground_truth), 'truth', { subset: edge.subset, video });
    const predictions = predictionsOfOpenTad(JSON.stringify(edge.prediction), 'predictions', { video });
    const found = levelMap(truth, predictions, microActions52, 'action', { tiou: edge.tiou_thresholds });
    expectLevel(found, edge.expected);
    expect(predictions.label.length).toBe(edge.expected.num_predictions);
  });
});

const cases = ['full', 'official', 'unique_scores', 'weak_detector', 'oracle', 'ties', 'messy'];

describe.skipIf(!existsSync(golden))('detection mAP of whole prediction files (golden expected_map)', () => {
  it.each(cases)('agrees with OpenTAD on %s, every class and threshold, ties included', (name) => {
    const { truth, predictions, expected } = load(name);
    const found = detectionMap(truth, predictions, microActions52);
    for (const level of ['action', 'body'] as const) expectLevel(found[level], expected.levels[level]);
    expect(Math.abs(found.average - expected.AVG)).toBeLessThan(within);
    expect(found.counts.predictions).toBe(expected.levels.action.num_predictions);
  });

  it('agrees with the evaluator of the challenge baseline', () => {
    const { truth, predictions, expected } = load('official');
    const found = detectionMap(truth, predictions, microActions52, { reference: 'mac2024' });
    for (const level of ['action', 'body'] as const) {
      const { ap_per_class, mAP, average_mAP, tiou_thresholds } = expected.mac2024_baseline_evaluator[level];
      expect(found.tiou).toEqual(tiou_thresholds);
      expect(Object.keys(found[level].perClass).toSorted()).toEqual(Object.keys(ap_per_class).toSorted());
      expectPrecisions(found[level], { ap_per_class, mAP, average_mAP });
    }
  });

  it('ranks equal scores by their place in the file where that is asked', () => {
    const { truth, predictions, expected } = load('ties');
    const found = detectionMap(truth, predictions, microActions52, { ties: 'stable' });
    for (const level of ['action', 'body'] as const) {
      expectPrecisions(found[level], expected.levels[level].tie_order_variants.earlier_first);
    }
  });
});

// ---- helpers

interface Expected {
  ap_per_class: Record<string, number[]>;
  mAP: number[];
  average_mAP: number;
  class_order: string[];
  num_ground_truth: number;
  num_predictions: number;
  num_predictions_with_class_absent_from_ground_truth: number;
  ground_truth_kept_per_class?: Record<string, number>;
}

interface EdgeCase {
  name: string;
  ground_truth: unknown;
  prediction: unknown;
  subset: string;
  tiou_thresholds: number[];
  blocked_videos: string[] | null;
  expected: Expected;
}

type Found = ReturnType<typeof levelMap>;

function expectLevel(found: Found, expected: Expected): void {
  expect(Object.keys(found.perClass)).toEqual(expected.class_order);
  expect(found.instances).toBe(expected.num_ground_truth);
  expect(found.ignoredPredictions).toBe(expected.num_predictions_with_class_absent_from_ground_truth);
  for (const [name, count] of Object.entries(expected.ground_truth_kept_per_class ?? {})) {
    expect(found.perClass[name].instances).toBe(count);
  }
  expectPrecisions(found, expected);
}

function expectPrecisions(found: Found, expected: Pick<Expected, 'ap_per_class' | 'mAP' | 'average_mAP'>): void {
  for (const [name, ap] of Object.entries(expected.ap_per_class)) expectClose(found.perClass[name].ap, ap);
  expectClose(found.map, expected.mAP);
  expectClose([found.average], [expected.average_mAP]);
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((value, i) => {
    expect(Math.abs(value - expected[i])).toBeLessThan(within);
  });
}

function load(name: string) {
  const expected = readJson(`expected_map/${name}.json`);
  const results = readBytes(expected.predictions);
  const predictions = predictionsOfOpenTad(results, expected.predictions);
  const predicted = new Set(predictions.videos);
  const video = expected.restrict_ground_truth_to_predicted_videos ? (id: string) => predicted.has(id) : undefined;
  const subset = expected.levels['action' satisfies Level].subset;
  const truth = truthOfOpenTad(readBytes(expected.ground_truth), expected.ground_truth, { subset, video });
  return { truth, predictions, expected };
}

const readJson = (name: string) => JSON.parse(new TextDecoder().decode(readBytes(name)));

function readBytes(name: string): Uint8Array {
  const bytes = readFileSync(new URL(name, golden));
  return name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}
