import { describe, expect, it } from 'vitest';
import { denseProposals } from './denseProposals.ts';
import { suppressWindows, windowCandidates } from './suppression/index.ts';

const tensor = (shape: number[], ...values: number[]) =>
  ({ dtype: 'float32', shape, data: Float32Array.from(values) }) as const;

describe('denseProposals', () => {
  it('takes apart the windows of a batch, and keeps the points that are of the video', () => {
    const found = denseProposals({
      segments: tensor([2, 2, 2], 0, 1, 2, 3, 4, 5, 6, 7),
      scores: tensor([2, 2, 1], 0.5, 0.25, 0.125, 0.75),
      valid: tensor([2, 2], 1, 0, 1, 1),
    });
    expect(found).toEqual([
      { segments: Float32Array.of(0, 1), scores: Float32Array.of(0.5), classes: 1 },
      { segments: Float32Array.of(4, 5, 6, 7), scores: Float32Array.of(0.125, 0.75), classes: 1 },
    ]);
  });

  it('says so when shapes do not belong together', () => {
    const [segments, scores] = [tensor([1, 2, 2], 0, 1, 2, 3), tensor([1, 2, 1], 0.5, 0.25)];
    expect(() => denseProposals({ segments, scores, valid: tensor([1, 1], 1) })).toThrow('expected segments [1,2,2]');
  });
});

describe('suppressWindows', () => {
  it('lets what two windows both found go once, in seconds of the video, and caps all together', () => {
    const window = (startFrame: number, start: number, score: number) =>
      windowCandidates(
        { segments: Float32Array.of(start, start + 8), scores: Float32Array.of(score, 0.1, 0), classes: 3 },
        { grid: { kind: 'strided', frameRate: 8, strideFrames: 4, startFrame }, durationSeconds: 60 },
      );
    const windows = [window(0, 40, 0.75), window(64, 24, 0.5)];
    expect(windows.map(({ starts, ends }) => [...starts, ...ends])).toEqual([
      [20, 20, 24, 24],
      [20, 20, 24, 24],
    ]);
    const suppression = { method: { kind: 'hard', overlapThreshold: 0.6 }, maxCount: 10 } as const;
    const { starts, ends, scores, classes } = suppressWindows(windows, { suppression });
    expect([[...starts], [...ends], [...scores], [...classes]]).toEqual([
      [20, 20],
      [24, 24],
      [0.75, 0.1],
      [0, 1],
    ]);
    expect(suppressWindows([], { suppression }).scores).toHaveLength(0);
  });
});
