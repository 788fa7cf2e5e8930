import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { actionConditional, frameAveragePrecision, frameMap } from './frameMetrics.ts';
import { type FrameScores, framesOfSegments } from './frameScores.ts';
import { predictionsOfOpenTad, truthOfOpenTad } from './openTad.ts';
import { madeDetections } from './testing.ts';

const seeded = { seed: 7, numRuns: 300 };

describe('frameAveragePrecision', () => {
  it('is the mean precision at the positives where no scores are equal', () => {
    // Ranked: hit, miss, hit, miss, hit. 1/1, 2/3, 3/5.
    const scores = Float64Array.of(0.1, 0.5, 0.9, 0.3, 0.7);
    expect(frameAveragePrecision(scores, Uint8Array.of(1, 1, 1, 0, 0))).toBeCloseTo((1 + 2 / 3 + 3 / 5) / 3, 14);
  });

  it('agrees with a sum over every distinct score, zeros and ties included', () => {
    const row = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 1 }));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 60 }), (rows) => {
        const positives = rows.filter(([, truth]) => truth === 1).length;
        fc.pre(positives > 0);
        let expected = 0;
        for (const score of [4, 3, 2, 1, 0]) {
          const above = rows.filter(([s]) => s >= score);
          const gained = rows.filter(([s, truth]) => s === score && truth === 1).length;
          const right = above.filter(([, truth]) => truth === 1).length;
          if (gained > 0) expected += (gained / positives) * (right / above.length);
        }
        const scores = Float64Array.from(rows, ([score]) => score / 4);
        const truth = Uint8Array.from(rows, ([, held]) => held);
        expect(frameAveragePrecision(scores, truth)).toBeCloseTo(expected, 12);
      }),
      seeded,
    );
  });
});

describe('framesOfSegments', () => {
  it('lays out truth and the highest score of each frame, video behind video', () => {
    const truth = truthOfOpenTad(
      '{"database":{"a":{"duration":1,"annotations":[{"label":"nodding","segment":[0.2,0.5]}]},"b":{"duration":0.35,"annotations":[]}}}',
      'made',
    );
    const predictions = predictionsOfOpenTad(
      '{"results":{"a":[{"label":"nodding","segment":[0.3,0.6],"score":0.5},{"label":"nodding","segment":[0.5,2],"score":0.7}],' +
        '"b":[{"label":"nodding","segment":[-1,0.1],"score":0.2}],"elsewhere":[{"label":"nodding","segment":[0,1],"score":1}]}}',
      'made',
    );
    const { from, truth: held, score } = framesOfSegments(truth, predictions, microActions52, 'action');
    expect([...from]).toEqual([0, 10, 14]);
    expect([...held[0]]).toEqual([0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect([...score[0]]).toEqual([0, 0, 0, 0.5, 0.5, 0.7, 0.7, 0.7, 0.7, 0.7, 0.2, 0, 0, 0]);
  });

  it('refuses scores below 0, which a frame without prediction would beat', () => {
    const { truth, predictions } = madeDetections({ videos: 2, predictions: 9, seed: 7 });
    const below = { ...predictions, score: predictions.score.map((score) => score - 2) };
    expect(() => framesOfSegments(truth, below, microActions52, 'action')).toThrow(/row 1: found score -.*expected 0/);
  });
});

describe('frameMap', () => {
  it('is 1 where the truth is predicted, at both levels', () => {
    const { truth } = madeDetections({ videos: 20, predictions: 0, seed: 7 });
    const predictions = { ...truth, score: new Float64Array(truth.label.length).fill(0.5) };
    for (const level of ['action', 'body'] as const) {
      expect(frameMap(framesOfSegments(truth, predictions, microActions52, level)).map).toBe(1);
    }
  });
});

describe('actionConditional', () => {
  /** Two classes in one video of six frames. */
  const frames: FrameScores = {
    classes: ['i', 'j'],
    from: Int32Array.of(0, 6),
    truth: [Uint8Array.of(1, 0, 1, 1, 0, 0), Uint8Array.of(1, 1, 0, 0, 0, 1)],
    score: [Float64Array.of(0.9, 0.6, 0.4, 0.8, 0.7, 0.1), Float64Array.of(0.9, 0.2, 0.3, 0.6, 0.1, 0.5)],
  };

  it('looks at frames where the other action holds', () => {
    // i given j, frames 0, 1, 5: predicted 0, 1; holds 0. j given i, frames 0, 2, 3: predicted 0, 3; holds 0.
    const found = actionConditional(frames);
    expect(found.pairs).toBe(2);
    expect(found.precision).toBeCloseTo(0.5, 12);
    expect(found.recall).toBe(1);
    expect(found.f1).toBeCloseTo(2 / 3, 8);
    expect(found.map).toBe(1);
  });

  it('looks at frames after the other action, within the window', () => {
    // i after j within two frames besides the present: 2 and 3, where i holds and 3 is predicted.
    // j after i: 1 (after 0), 4 and 5 (after 3), where j holds at 1 and 5, and 5 is predicted, rightly.
    const found = actionConditional(frames, { windowFrames: 3 });
    expect(found.pairs).toBe(2);
    expect(found.precision).toBe(1);
    expect(found.recall).toBe(0.5);
    expect(found.map).toBe(1);
  });

  it('does not look back into the video before', () => {
    const divided = { ...frames, from: Int32Array.of(0, 2, 6) };
    const found = actionConditional(divided, { windowFrames: 2 });
    expect(found.pairs).toBe(1); // j at 1, after i at 0; nothing of the first video reaches into the second
  });
});
