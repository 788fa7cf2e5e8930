import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { predictionsOfOpenTad, truthOfOpenTad } from './openTad.ts';
import { averageRecall, topRecall } from './recall.ts';
import { madeDetections } from './testing.ts';

const golden = new URL('../../../../../../shared/golden/metrics/', import.meta.url);
const edgeCases = new URL('../../../test/golden/detectionEdgeCases.json', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, golden), 'utf8');

describe('topRecall', () => {
  it('agrees with the edge case of the reference', () => {
    const edge = JSON.parse(readFileSync(edgeCases, 'utf8')).find(
      ({ name }: { name: string }) => name === 'recall_topk',
    );
    const truth = truthOfOpenTad(JSON.stringify(edge.ground_truth), 'truth', { subset: edge.subset });
    const predictions = predictionsOfOpenTad(JSON.stringify(edge.prediction), 'predictions');
    const found = topRecall(truth, predictions, microActions52, 'action', { multiples: edge.top_k });
    expect(found.mean).toEqual(edge.expected.mean_recall);
    expect(found.perClass).toEqual(edge.expected.recall_per_class);
  });

  it.skipIf(!existsSync(golden))('agrees with OpenTAD on a whole prediction file (golden unique_scores)', () => {
    const truth = truthOfOpenTad(read('ground_truth/unique_scores.json'), 'truth', { subset: 'training' });
    const predictions = predictionsOfOpenTad(read('predictions/unique_scores.json'), 'predictions');
    const { levels } = JSON.parse(read('expected_map/unique_scores.json'));
    for (const level of ['action', 'body'] as const) {
      const found = topRecall(truth, predictions, microActions52, level);
      expect(found.perClass).toEqual(levels[level].recall_per_class);
      found.mean.flat().forEach((value, i) => {
        expect(Math.abs(value - levels[level].mean_recall.flat()[i])).toBeLessThan(1e-12);
      });
    }
  });
});

describe('averageRecall', () => {
  const table = (videos: Record<string, [start: number, end: number, score: number][]>) => {
    const results = Object.entries(videos).map(([id, rows]) => [
      id,
      rows.map(([start, end, score]) => ({ label: 'nodding', segment: [start, end], score })),
    ]);
    return predictionsOfOpenTad(JSON.stringify({ results: Object.fromEntries(results) }), 'made');
  };
  const truth = truthOfOpenTad(
    JSON.stringify({
      database: {
        a: {
          annotations: [
            { label: 'waving', segment: [0, 2] },
            { label: 'nodding', segment: [5, 8] },
          ],
        },
        b: { annotations: [{ label: 'nodding', segment: [1, 3] }] },
      },
    }),
    'made',
  );

  it('finds instances whatever the class, among the best of each video', () => {
    const predictions = table({
      a: [
        [5, 8, 0.9],
        [0, 2, 0.8],
      ],
      b: [
        [6, 9, 0.9],
        [1, 2, 0.1],
      ],
    });
    const found = averageRecall(truth, predictions, { proposals: [1, 2], per: 'each', tiou: [0.5, 0.6] });
    expect(found.recall).toEqual([
      [1 / 3, 1],
      [1 / 3, 2 / 3],
    ]);
    expect(found.average).toEqual([1 / 3, (1 + 2 / 3) / 2]);
  });

  it('gives each video the same share of its proposals, as ActivityNet does', () => {
    // Three a video on average are all six; one is a third of each video's, rounded down: one of four, none of two.
    const a: [number, number, number][] = [
      [5, 8, 0.9],
      [0, 2, 0.8],
      [9, 10, 0.7],
      [9, 10, 0.6],
    ];
    const predictions = table({
      a,
      b: [
        [6, 9, 0.9],
        [1, 3, 0.1],
      ],
    });
    const found = averageRecall(truth, predictions, { proposals: [1, 2, 3], tiou: [0.5] });
    expect(found.recall).toEqual([[1 / 3, 2 / 3, 1]]);
  });

  it('never falls as proposals are added, nor rises with the threshold', () => {
    const made = madeDetections({ videos: 30, predictions: 2000, seed: 7 });
    for (const per of ['average', 'each'] as const) {
      const { recall } = averageRecall(made.truth, made.predictions, { per });
      expect(recall[0][4]).toBeGreaterThan(0.9);
      recall.forEach((row, t) => {
        row.forEach((value, n) => {
          expect(value).toBeGreaterThanOrEqual(row[n - 1] ?? 0);
          expect(value).toBeLessThanOrEqual(recall[t - 1]?.[n] ?? 1);
        });
      });
    }
  });
});
