import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nms } from './nms.ts';
import type { Proposals } from './proposals.ts';
import { type Decay, softNms } from './softNms.ts';
import { type SuppressionOptions, suppress } from './suppress.ts';

// Written by OpenTAD's nms.py and its compiled nms_1d_cpu on made-up segments.
interface ReferenceCase {
  name: string;
  compare?: 'as_set' | 'informational';
  params: ReferenceParameters;
  input: Segments;
  output: Segments;
}
interface ReferenceParameters {
  iou_threshold: number;
  min_score: number;
  max_seg_num: number;
  use_soft_nms: boolean;
  multiclass: boolean;
  sigma: number;
  voting_thresh: number;
  method?: number;
  t1?: number;
  t2?: number;
}
interface Segments {
  segments: [number, number][];
  scores: number[];
  labels: number[];
}

const golden = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../../test/golden/nms/${name}`, import.meta.url), 'utf8'));

describe('suppress', () => {
  const cases = golden<ReferenceCase[]>('batched_nms.json').filter(({ compare }) => compare !== 'informational');

  it.each(cases)('gives what OpenTAD gives: $name', ({ params, input, output, compare }) => {
    const result = rowsOf(suppress(proposalsOf(input), optionsOf(params)));
    const expected = rowsOf(proposalsOf(output));
    if (compare === 'as_set') for (const rows of [result, expected]) rows.sort(byAll);
    const voted = !params.multiclass && params.voting_thresh > 0;
    expect(result.map(({ label }) => label)).toEqual(expected.map(({ label }) => label));
    result.forEach((row, i) => {
      // exp in single precision may differ in its last bit.
      expect(Math.abs(row.score - expected[i].score)).toBeLessThanOrEqual(1e-6 * expected[i].score);
      for (const side of ['start', 'end'] as const) {
        if (voted) expect(Math.abs(row[side] - expected[i][side])).toBeLessThanOrEqual(5e-6);
        else expect(row[side]).toBe(expected[i][side]);
      }
    });
  });

  it('refuses to keep none, which the reference takes for a count from the end', () => {
    const method = { kind: 'hard', overlapThreshold: 0.5 } as const;
    expect(() => suppress(proposalsOf({ segments: [], scores: [], labels: [] }), { method, maxCount: 0 })).toThrow(
      'maxCount is 0, expected 1 or more',
    );
  });

  it('leaves a segment without length where it is when it comes to vote', () => {
    const input = proposalsOf({ segments: [[2, 2]], scores: [0.5], labels: [3] });
    const method = { kind: 'gaussian', sigma: 0.5 } as const;
    expect(rowsOf(suppress(input, { method, classWise: false, votingOverlap: 0.5 }))).toEqual(rowsOf(input));
  });

  it('keeps a subset of each class, best first, within the cap', () => {
    fc.assert(
      fc.property(someProposals(), fc.integer({ min: 1, max: 12 }), (input, maxCount) => {
        const method = { kind: 'hard', overlapThreshold: 0.4 } as const;
        const known = new Set(rowsOf(input).map((row) => JSON.stringify(row)));
        const rows = rowsOf(suppress(input, { method, maxCount }));
        expect(rows.length).toBeLessThanOrEqual(maxCount);
        for (const row of rows) expect(known).toContain(JSON.stringify(row));
        for (let i = 1; i < rows.length; i++) expect(rows[i].score).toBeLessThanOrEqual(rows[i - 1].score);
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});

describe('nms and softNms alone', () => {
  const { input, results } = golden<{
    input: Omit<Segments, 'labels'>;
    results: (ReferenceParameters & { op: string; method: number; kept_indices: number[]; dets?: number[][] })[];
  }>('raw_ops.json');
  const proposals = proposalsOf({ ...input, labels: input.scores.map(() => 0) });

  it('keep the positions that the compiled operators keep', () => {
    for (const result of results) {
      if (result.op === 'nms') {
        expect([...nms(proposals, { overlapThreshold: result.iou_threshold })]).toEqual(result.kept_indices);
        continue;
      }
      const { positions, scores } = softNms(proposals, { decay: decayOf(result), minScore: result.min_score });
      expect([...positions]).toEqual(result.kept_indices);
      scores.forEach((score, i) => {
        expect(Math.abs(score / result.dets![i][2] - 1)).toBeLessThan(1e-6);
      });
    }
    expect(results.length).toBe(8);
  });

  it('pick the same first proposals whether or not they may stop early', () => {
    fc.assert(
      fc.property(someProposals(), fc.integer({ min: 0, max: 9 }), (input, maxCount) => {
        const decay = { kind: 'gaussian', sigma: 0.5 } as const;
        const all = softNms(input, { decay, minScore: 0.01 });
        const first = softNms(input, { decay, minScore: 0.01, maxCount });
        expect(first.positions).toEqual(all.positions.slice(0, maxCount));
        expect(first.scores).toEqual(all.scores.slice(0, maxCount));
      }),
      { seed: 4, numRuns: 200 },
    );
  });
});

// ---- below: internals ----

function proposalsOf({ segments, scores, labels }: Segments): Proposals {
  return {
    starts: Float32Array.from(segments, ([start]) => start),
    ends: Float32Array.from(segments, ([, end]) => end),
    scores: Float32Array.from(scores),
    classes: Int32Array.from(labels),
  };
}

function rowsOf({ starts, ends, scores, classes }: Proposals) {
  return Array.from(scores, (score, i) => ({ start: starts[i], end: ends[i], score, label: classes[i] }));
}
type Row = ReturnType<typeof rowsOf>[number];

const byAll = (a: Row, b: Row) => b.score - a.score || a.label - b.label || a.start - b.start || a.end - b.end;

function decayOf({ method = 2, iou_threshold, sigma, t1 = 0, t2 = 0 }: ReferenceParameters): Decay {
  if (method === 0) return { kind: 'zero', overlapThreshold: iou_threshold };
  if (method === 1) return { kind: 'linear', overlapThreshold: iou_threshold };
  if (method === 2) return { kind: 'gaussian', sigma };
  return { kind: 'gaussianByLength', sigma, base: t1, perLength: t2 };
}

function optionsOf(params: ReferenceParameters): SuppressionOptions {
  return {
    method: params.use_soft_nms ? decayOf(params) : { kind: 'hard', overlapThreshold: params.iou_threshold },
    minScore: params.min_score,
    maxCount: params.max_seg_num,
    classWise: params.multiclass,
    votingOverlap: params.voting_thresh,
  };
}

function someProposals(): fc.Arbitrary<Proposals> {
  const row = fc.record({
    start: fc.integer({ min: 0, max: 40 }),
    length: fc.integer({ min: 0, max: 12 }),
    score: fc.integer({ min: 1, max: 20 }),
    label: fc.integer({ min: 0, max: 3 }),
  });
  return fc.array(row, { maxLength: 40 }).map((rows) =>
    proposalsOf({
      segments: rows.map(({ start, length }) => [start / 4, (start + length) / 4]),
      scores: rows.map(({ score }) => score / 20),
      labels: rows.map(({ label }) => label),
    }),
  );
}
