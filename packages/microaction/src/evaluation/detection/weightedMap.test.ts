import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { groupLevel, levelMap, rulesOf } from './detectionMap.ts';
import { type DetectionTable, type PredictionTable, TableBuilder } from './detectionTable.ts';
import { madeDetections } from './testing.ts';
import { matchedClasses, weightedMap } from './weightedMap.ts';

const ties = 'stable'; // keeps the copies of a prediction side by side
const rules = rulesOf({ ties });

describe('weightedMap', () => {
  it('scores as if a video of weight n were there n times under other names', () => {
    const { truth, predictions } = madeDetections({ videos: 12, predictions: 300, seed: 7 });
    const matched = matchedClasses(groupLevel(truth, predictions, microActions52, 'action', { ties }), rules);
    const weights = fc
      .array(fc.integer({ min: 0, max: 3 }), { minLength: 12, maxLength: 12 })
      .filter((list) => list.some((weight) => weight > 0));
    fc.assert(
      fc.property(weights, (list) => {
        const copies = repeated(truth, 'truth', truth.videos, list);
        const predicted = repeated(predictions, 'predictions', truth.videos, list, predictions);
        const expected = levelMap(copies, predicted, microActions52, 'action', { ties }).map;
        weightedMap(matched, Float64Array.from(list), rules, false).forEach((value, t) => {
          expect(value).toBeCloseTo(expected[t], 12);
        });
      }),
      { seed: 7, numRuns: 60 },
    );
  });
});

// ---- helpers

/** Each video as often as its weight says. */
function repeated(
  table: DetectionTable,
  kind: 'truth' | 'predictions',
  videos: readonly string[],
  weights: readonly number[],
  scored?: PredictionTable,
): PredictionTable {
  const builder = new TableBuilder(table.source, kind);
  for (let row = 0; row < table.label.length; row++) {
    const id = table.videos[table.video[row]];
    for (let copy = 0; copy < weights[videos.indexOf(id)]; copy++) {
      const label = table.labels[table.label[row]];
      const score = scored?.score[row] ?? 0;
      builder.add(builder.video(`${id}.${copy}`), label, table.start[row], table.end[row], score, row);
    }
  }
  return builder.finish();
}
