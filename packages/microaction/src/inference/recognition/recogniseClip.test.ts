import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile, input, numbersOf } from 'onnxgrad';
import { saveState } from 'onnxgrad/nn';
import { saveWeights } from 'onnxgrad/weights/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeVideo, steadyTimes } from '../../../test/testVideo.ts';
import { parseRecipe, type Recipe } from '../../training/recipe.ts';
import { openVideo } from '../../video/node.ts';
import type { Video } from '../../video/video.ts';
import { toyModel, toyRecipe } from '../model/toyTesting.ts';
import { softmax } from './averageViews.ts';
import { type ClipRecogniser, compiledRecogniser } from './clipRecogniser.ts';
import { loadClipRecogniser } from './modelRecogniser.ts';
import { exportRecogniser } from './onnxRecogniser.ts';
import { recogniseClip } from './recogniseClip.ts';
import { toyRecogniser, toyRecognition } from './toyRecogniserTesting.ts';

/** Answers whether the first pixel of a view is bright; what it was shown stays to be looked at. */
function spy(recipe = toyRecognition): ClipRecogniser & { readonly shown: { side: number; firsts: number[] }[] } {
  const shown: { side: number; firsts: number[] }[] = [];
  return {
    shown,
    recipe,
    taxonomy: compiledRecogniser(toyRecogniser(recipe), { recipe, source: 'spy' }).taxonomy,
    source: 'spy',
    async logits(frames, side) {
      const count = frames.length / (3 * side * side);
      const firsts = Array.from({ length: count }, (_, frame) => frames[frame * side * side]);
      shown.push({ side, firsts });
      return Float64Array.of(firsts[0] / 50, 0, 0);
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

/** A grey that tells the frame, brighter to the right. */
const grey = (frame: number, x: number) => 40 + 2 * frame + x / 4;

describe('recogniseClip', () => {
  let folder: string;
  let path: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-recognise-'));
    path = join(folder, 'clip.mp4');
    const paint = (frame: number, x: number): [number, number, number] => [grey(frame, x), 128, 128];
    await makeVideo(path, { width: 64, height: 40, timesMs: steadyTimes(48, 24), paint });
  });
  afterAll(() => rm(folder, { recursive: true }));

  const opened = async <T>(work: (video: Video) => Promise<T>) => {
    await using video = await openVideo(path);
    return await work(video);
  };

  it('shows the middles of segments, and the middle of the pictures', async () => {
    const recogniser = spy();
    const { views, warnings, probabilities } = await opened((video) => recogniseClip(video, recogniser));
    expect([views, warnings]).toEqual([1, []]);
    const [{ side, firsts }] = recogniser.shown;
    expect(side).toBe(32);
    // 64 x 40 stays as it is; the middle 32 begin at column 16. Frames 3, 9, 15 ... are those of eight parts of 6.
    const bright = (frame: number) => ((grey(frame, 16) - 16) * 255) / 219;
    for (const [i, first] of firsts.entries()) expect(Math.abs(first - bright(3 + 6 * i))).toBeLessThan(5);
    expect(firsts).toHaveLength(8);
    expect([...probabilities]).toEqual([...softmax(Float64Array.of(firsts[0] / 50, 0, 0))]);
  });

  it.each([
    ['three', 3, 40],
    ['ten', 10, 32],
  ] as const)('averages the probabilities of %s views', async (crops, count, size) => {
    const recogniser = spy();
    const { views, probabilities } = await opened((video) => recogniseClip(video, recogniser, { crops }));
    expect([views, recogniser.shown.length]).toEqual([count, count]);
    expect(new Set(recogniser.shown.map(({ side }) => side))).toEqual(new Set([size]));
    const each = recogniser.shown.map(({ firsts }) => softmax(Float64Array.of(firsts[0] / 50, 0, 0))[0]);
    expect(new Set(each).size).toBeGreaterThan(2);
    expect(probabilities[0]).toBeCloseTo(each.reduce((a, b) => a + b) / count, 12);
    const { probabilities: scored } = await opened((video) =>
      recogniseClip(video, spy(), { crops, averaging: 'score' }),
    );
    expect(scored[0]).not.toBeCloseTo(probabilities[0], 6);
  });

  it('shows stretches, and says where a clip is too short for one', async () => {
    const data = { ...toyRecognition.data, sampling: { kind: 'dense', frames: 16, strideFrames: 2 } };
    const dense = parseRecipe({ ...toyRecognition, data }, 'dense') as typeof toyRecognition;
    const recogniser = spy(dense);
    await opened((video) => recogniseClip(video, recogniser, { samples: 2 }));
    const [first, second] = recogniser.shown.map(({ firsts }) => firsts);
    expect(first).toHaveLength(16);
    expect(second[0] - first[0]).toBeGreaterThan(10);

    const short = join(folder, 'short.mp4');
    await makeVideo(short, { width: 64, height: 40, timesMs: steadyTimes(5, 24), paint: () => [90, 128, 128] });
    await using video = await openVideo(short);
    const { warnings } = await recogniseClip(video, spy(dense));
    expect(warnings).toEqual(['it has 5 frames: 11 of the 16 that the network looks at are shown once more']);
  });

  it('gives by a checkpoint and by an .onnx what the graph gives by hand', async () => {
    const checkpoint = join(folder, 'weights.safetensors');
    await saveWeights(checkpoint, saveState(toyRecogniser()), {
      metadata: { recipe: JSON.stringify(toyRecognition) },
    });
    const exported = join(folder, 'recogniser.onnx');
    await writeFile(exported, exportRecogniser(toyRecogniser(), toyRecognition));

    let seen: Uint8Array | undefined;
    const recorded: ClipRecogniser = {
      ...spy(),
      async logits(frames) {
        seen = frames;
        return Float64Array.of(0, 0, 0);
      },
    };
    await opened((video) => recogniseClip(video, recorded));
    const { logits } = toyRecogniser().recognise(input('frames', [1, 3, 8, 32, 32], 'uint8'));
    await using program = await compile({ logits }, { threads: 1 });
    const expected = softmax(numbersOf((await program.run({ frames: seen as Uint8Array })).logits));
    expect(Math.max(...expected) - Math.min(...expected)).toBeGreaterThan(0.01);

    for (const file of [checkpoint, exported]) {
      await using recogniser = await loadClipRecogniser(file, { threads: 1 });
      const { probabilities } = await opened((video) => recogniseClip(video, recogniser));
      for (const [k, value] of expected.entries()) expect(probabilities[k]).toBeCloseTo(value, 5);
      expect(recogniser.taxonomy.name).toBe('toys');
    }
    await using recogniser = await loadClipRecogniser(exported);
    await expect(opened((video) => recogniseClip(video, recogniser, { crops: 'three' }))).rejects.toThrow(
      'views "three" are pictures of 40 pixels, and it takes 32 only; expected centre or ten',
    );
  });

  it('says what is wrong with a file of weights', async () => {
    const save = async (recipe: Recipe, tensors: ReturnType<typeof saveState>) => {
      const file = join(folder, 'wrong.safetensors');
      await saveWeights(file, tensors, { metadata: { recipe: JSON.stringify(recipe) } });
      return loadClipRecogniser(file);
    };
    await expect(save(toyRecipe, saveState(toyModel()))).rejects.toMatchObject({ code: 'wrong-task' });
    const state = saveState(toyRecogniser());
    state.delete('cls_head.fc_cls.bias');
    await expect(save(toyRecognition, state)).rejects.toThrow(
      /wrong\.safetensors: its weights are not those of the recipe it holds, toy-manet:[\s\S]*missing +cls_head\.fc_cls\.bias/,
    );
  });
});
