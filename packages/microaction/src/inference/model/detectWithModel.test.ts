import { compile, input, numbersOf } from 'onnxgrad';
import { describe, expect, it } from 'vitest';
import { detectWithModel, proposalsInVideo } from './detectWithModel.ts';
import { noisePicture, pictureVideo, toyModel, toyRecipe } from './toyTesting.ts';
import { taxonomyOf } from './trainedModel.ts';
import { compiledDetector, filledTo, type WindowDetector } from './windowDetector.ts';

const size = toyRecipe.data.sizePixels;
const noise = (frameCount: number) =>
  pictureVideo({ frameCount, frameRate: 25, sizePixels: size, picture: (frame) => noisePicture(frame, size) });

/** Says where white pictures are; what it is asked stays to be looked at. */
function whiteFinder(): WindowDetector & { readonly asked: { steps: number; length: number }[] } {
  const asked: { steps: number; length: number }[] = [];
  return {
    asked,
    recipe: toyRecipe,
    taxonomy: taxonomyOf(toyRecipe),
    source: 'toy.safetensors',
    async propose(frames, steps, length) {
      asked.push({ steps, length });
      const whites = Array.from({ length: steps }, (_, i) => (frames[i * size * size] === 255 ? 1 : 0));
      const starts = whites.flatMap((white, i) => (white && !whites[i - 1] ? [i] : []));
      const ends = whites.flatMap((white, i) => (white && !whites[i + 1] ? [i + 1] : []));
      return {
        segments: Float32Array.from(starts.flatMap((start, i) => [start, ends[i]])),
        scores: Float32Array.from(starts.flatMap((_, i) => [0, 0.9 - i / 10, 0])),
        classes: 3,
      };
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

describe('detectWithModel', () => {
  it('finds once what windows see twice, at its time in the video, and names the model', async () => {
    const isWhite = (frame: number) => (frame >= 50 && frame < 80) || (frame >= 150 && frame < 190);
    const picture = (frame: number) => new Uint8Array(3 * size * size).fill(isWhite(frame) ? 255 : 0);
    const video = pictureVideo({ frameCount: 200, frameRate: 25, sizePixels: size, picture });
    const finder = whiteFinder();
    const stages: number[] = [];
    const onProgress = ({ doneSeconds, totalSeconds }: { doneSeconds: number; totalSeconds: number }) =>
      stages.push(doneSeconds / totalSeconds);
    const { instances, model, pose, curves } = await detectWithModel(video, finder, { onProgress });
    // 100 samples in windows of 48, half of each seen again; the last is moved back.
    expect(finder.asked).toEqual(Array(4).fill({ steps: 48, length: 48 }));
    expect(stages.at(-1)).toBe(1);
    const reason = 'found by the network toy, toy.safetensors';
    // Parts of an action at the edges of windows overlap with all of it: soft suppression lowers them.
    expect(instances.filter(({ score }) => score > 0.75)).toEqual([
      { action: 'hopping', start: 2, end: 3.2, score: 0.9, reason },
      { action: 'hopping', start: 6, end: 7.6, score: 0.9, reason },
    ]);
    expect([model, pose, curves]).toEqual(['toy', undefined, []]);
  });

  it('fills short videos only as far as the smallest bucket that holds them', async () => {
    const finder = whiteFinder();
    await proposalsInVideo(noise(20), finder);
    await proposalsInVideo(noise(64), finder);
    await proposalsInVideo(noise(66), finder);
    expect(finder.asked).toEqual([
      { steps: 10, length: 16 },
      { steps: 32, length: 32 },
      { steps: 33, length: 48 },
    ]);
    expect([1, 16, 17, 48, 90].map((steps) => filledTo(toyRecipe, steps))).toEqual([16, 16, 32, 48, 48]);
  });

  it('gives the numbers of the graph run by hand', async () => {
    const model = toyModel();
    const frameCount = 40; // 20 samples, filled up to 32
    const frames = new Uint8Array(3 * 32 * size * size);
    for (let step = 0; step < 32; step++) {
      const picture = noisePicture(2 * Math.min(step, 19), size);
      for (let i = 0; i < picture.length; i++) {
        frames[(i % 3) * 32 * size * size + step * size * size + Math.floor(i / 3)] = picture[i];
      }
    }
    const mask = Float32Array.from({ length: 32 }, (_, step) => (step < 20 ? 1 : 0));
    const given = input('x', [1, 3, 32, size, size], 'uint8');
    await using program = await compile({ ...model.propose(given, input('mask', [1, 32])) }, { threads: 1 });
    const { segments, scores, valid } = await program.run({ x: frames, mask });
    const [bounds, probabilities, isValid] = [segments, scores, valid].map(numbersOf);
    const best = Array.from(probabilities, (score, pair) => ({ score, pair }))
      .filter(({ pair }) => isValid[Math.floor(pair / 3)] !== 0)
      .sort((a, b) => b.score - a.score)[0];
    const point = Math.floor(best.pair / 3);
    const seconds = (steps: number) => Math.min(Math.max((steps * 2) / 25, 0), frameCount / 25);

    await using detector = compiledDetector(model, { recipe: toyRecipe, source: 'toy', threads: 1 });
    const found = await proposalsInVideo(noise(frameCount), detector);
    expect(found.scores[0]).toBeCloseTo(best.score, 4);
    expect(found.classes[0]).toBe(best.pair % 3);
    expect(found.starts[0]).toBeCloseTo(seconds(bounds[2 * point]), 2);
    expect(found.ends[0]).toBeCloseTo(seconds(bounds[2 * point + 1]), 2);
    expect(found.scores.length).toBe(60);
    expect(new Set(found.scores).size).toBeGreaterThan(20);
  });

  it('leaves out what is less sure than is asked for, and all below 0.2 unless told', async () => {
    await using detector = compiledDetector(toyModel(), { recipe: toyRecipe, source: 'toy', threads: 1 });
    const counts = await Promise.all(
      [undefined, 0, 0.2, 0.99].map(async (minScore) => {
        const { instances } = await detectWithModel(noise(150), detector, { minScore });
        expect(instances.every(({ start, end, score }) => end > start && score >= (minScore ?? 0.2))).toBe(true);
        return instances.length;
      }),
    );
    const { instances, warnings } = await detectWithModel(noise(150), detector, { minScore: 1 });
    expect(instances).toEqual([]);
    expect(warnings?.[0]).toMatch(/^nothing scores 1; the surest is (spinning|hopping|tipping) with 0\.\d+$/);
    expect(counts[0]).toBe(counts[2]);
    expect(counts[1]).toBeGreaterThan(counts[3]);
  });
});
