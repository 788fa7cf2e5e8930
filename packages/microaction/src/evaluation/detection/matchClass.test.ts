import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numpyArgsort } from '../sorting/numpyArgsort.ts';
import { groupByClass } from './classRows.ts';
import { TableBuilder } from './detectionTable.ts';
import { type MatchRules, matchClass, temporalIou } from './matchClass.ts';

type Span = readonly [video: number, start: number, length: number];

const span = fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 4 }));
const tiou = Array.from({ length: 40 }, (_, i) => (i + 1) / 40);

describe('matchClass', () => {
  it.each(['clip', 'add'] as const)('does what the reference does threshold by threshold (%s)', (union) => {
    const rules: MatchRules = { tiou, ties: 'numpy', union };
    const truths = fc.array(span, { minLength: 1, maxLength: 60 });
    const predicted = fc.array(fc.tuple(span, fc.integer({ min: 0, max: 5 })), { maxLength: 60 });
    fc.assert(
      fc.property(truths, predicted, (instances, scored) => {
        const data = groupByClass(
          tableOf(instances),
          tableOf(
            scored.map(([one]) => one),
            scored.map(([, score]) => score),
          ),
          { classes: ['a'] },
        );
        const { hits } = matchClass(data, 0, rules);
        expect(hits.map((ranks) => [...ranks])).toEqual(
          tiou.map((threshold) => plainHits(instances, scored, threshold, rules)),
        );
      }),
      { seed: 7, numRuns: 150 },
    );
  });
});

// ---- helpers

function tableOf(spans: readonly Span[], scores?: readonly number[]) {
  const builder = new TableBuilder('made', scores ? 'predictions' : 'truth');
  spans.forEach(([video, start, length], i) => {
    builder.add(builder.video(`v${video}`), 'a', start, start + length, scores?.[i] ?? 0, i);
  });
  return builder.finish();
}

/** The ranks of true positives, by the plainest reading of the reference. */
function plainHits(
  instances: readonly Span[],
  scored: readonly (readonly [Span, number])[],
  threshold: number,
  { union }: MatchRules,
): number[] {
  const order = [...numpyArgsort(Float64Array.from(scored, ([, score]) => score)).reverse()];
  const taken = new Set<Span>();
  return order.flatMap((row, rank) => {
    const [video, start, length] = scored[row][0];
    const here = instances.filter((instance) => instance[0] === video);
    const overlaps = Float64Array.from(here, ([, s, l]) => temporalIou(s, s + l, start, start + length, union));
    for (const g of numpyArgsort(overlaps).reverse()) {
      if (overlaps[g] < threshold) return [];
      if (taken.has(here[g])) continue;
      taken.add(here[g]);
      return [rank];
    }
    return [];
  });
}
