import { describe, expect, it } from 'vitest';
import { parseRecipe } from '../../training/recipe.ts';
import type { Video } from '../../video/video.ts';
import { pictureVideo } from '../model/toyTesting.ts';
import { taxonomyOf } from '../model/trainedModel.ts';
import type { ClipRecogniser } from './clipRecogniser.ts';
import { detectWithRecogniser, slidingProposals } from './detectWithRecogniser.ts';
import { toyRecognition } from './toyRecogniserTesting.ts';

const frameRate = 24;
const side = 40;

/** White while class 1 acts, grey while class 2 does, else black. Frames that do not decode are undefined. */
const painted = (frameCount: number, levelOf: (seconds: number) => number, lost: (frame: number) => boolean): Video => {
  const picture = (frame: number) =>
    lost(frame) ? undefined : new Uint8Array(3 * side * side).fill(levelOf(frame / frameRate));
  return pictureVideo({ frameCount, frameRate, sizePixels: side, picture });
};

/** Is as sure of a class as it sees of its colour; always half sure of class 0, which nothing shows. */
function lookout(recipe = toyRecognition): ClipRecogniser & { readonly asked: number[][] } {
  const asked: number[][] = [];
  return {
    asked,
    recipe,
    taxonomy: taxonomyOf(recipe),
    source: 'toy.safetensors',
    async logits(frames, pixels) {
      const count = frames.length / 3 / pixels ** 2;
      const levels = Array.from({ length: count }, (_, frame) => frames[frame * pixels ** 2]);
      asked.push(levels);
      const part = (level: number) => levels.filter((one) => one === level).length / count;
      return Float64Array.of(0.5, 0.001 + part(255) / 2, 0.001 + part(128) / 2).map(Math.log);
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

const within = (seconds: number, start: number, end: number) => seconds >= start && seconds < end;
const level = (seconds: number) => (within(seconds, 3, 7) ? 255 : within(seconds, 12, 15) ? 128 : 0);

describe('detectWithRecogniser', () => {
  it('finds what rises above the background, where it is, and not what is likely all the time', async () => {
    const video = painted(20 * frameRate, level, () => false);
    const stages: number[] = [];
    const { instances, model } = await detectWithRecogniser(video, lookout(), {
      onProgress: ({ doneSeconds, totalSeconds }) => stages.push(doneSeconds / totalSeconds),
    });
    const reason = 'found by the recogniser toy-manet, toy.safetensors, in windows';
    expect(instances.map(({ action }) => action)).toEqual(['hopping', 'tipping']);
    const bounds = [
      [3, 7],
      [12, 15],
    ];
    for (const [i, { start, end, score, reason: own }] of instances.entries()) {
      // Probabilities are no straight lines of what is seen; they cross the half within a stride.
      expect(Math.abs(start - bounds[i][0])).toBeLessThan(0.5);
      expect(Math.abs(end - bounds[i][1])).toBeLessThan(0.5);
      expect(score).toBeCloseTo(0.5, 1);
      expect(own).toBe(reason);
    }
    expect(model).toBe('toy-manet');
    expect(stages.at(-1)).toBe(1);
    expect(stages.toSorted((a, b) => a - b)).toEqual(stages);
  });

  it('says what came closest where nothing is sure enough', async () => {
    const video = painted(20 * frameRate, level, () => false);
    const { instances, warnings } = await detectWithRecogniser(video, lookout(), { minScore: 0.9 });
    expect([instances, warnings]).toEqual([
      [],
      [expect.stringMatching(/^nothing scores 0\.9; the surest is (hop|tip)/)],
    ]);
  });

  it('shows each window the frames that the recipe samples, those lost as players show them', async () => {
    // Frame f is f bright; frame 11 is lost. Windows of 1 s begin at frames 0, 12, 24 ... the last at 60 - 24.
    const video = painted(
      60,
      (seconds) => Math.round(seconds * frameRate),
      (frame) => frame === 10,
    );
    const recogniser = lookout();
    await slidingProposals(video, recogniser, { windowSeconds: [1], strideSeconds: 0.5 });
    const middles = [1, 4, 7, 10, 13, 16, 19, 22];
    const starts = [0, 12, 24, 36];
    expect(recogniser.asked).toEqual(
      starts.map((start) => middles.map((middle) => (start + middle === 10 ? 9 : start + middle))),
    );
  });

  it('makes windows no shorter than what a recogniser looks at, and one of a video that is shorter', async () => {
    const data = { ...toyRecognition.data, sampling: { kind: 'dense', frames: 4, strideFrames: 10 } };
    const dense = parseRecipe({ ...toyRecognition, data }, 'dense') as typeof toyRecognition;
    const recogniser = lookout(dense);
    const ramp = (frames: number) =>
      painted(
        frames,
        (seconds) => Math.round(seconds * frameRate),
        () => false,
      );
    await slidingProposals(ramp(64), recogniser, { windowSeconds: [0.5], strideSeconds: 0.5 });
    expect(recogniser.asked).toEqual([0, 12, 24].map((start) => [0, 10, 20, 30].map((frame) => start + frame)));
    const short = lookout(dense);
    await slidingProposals(ramp(15), short);
    expect(short.asked).toEqual([[0, 10, 5, 0]]);
  });

  it('joins what windows of two lengths find', async () => {
    const video = painted(20 * frameRate, level, () => false);
    const one = await slidingProposals(video, lookout());
    const two = await slidingProposals(video, lookout(), { windowSeconds: [1, 2] });
    expect(two.scores.length).toBeGreaterThan(one.scores.length);
    const sure = [...two.scores].filter((score) => score > 0.4);
    expect(sure).toHaveLength(2); // the second of each is suppressed
    await expect(slidingProposals(video, lookout(), { windowSeconds: [0] })).rejects.toThrow('found 0 s');
  });
});
