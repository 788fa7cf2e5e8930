import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saveState } from 'onnxgrad/nn';
import { saveWeights } from 'onnxgrad/weights/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeVideo, steadyTimes } from '../../../test/testVideo.ts';
import { parseRecipe, type Recipe } from '../../training/recipe.ts';
import { openVideo } from '../../video/node.ts';
import { loadDetector } from '../node.ts';
import { detectWithModel } from './detectWithModel.ts';
import { loadTrainedModel } from './modelDetector.ts';
import { exportDetector, openOnnxDetector } from './onnxDetector.ts';
import { toyModel, toyRecipe } from './toyTesting.ts';
import { detectorOf } from './trainedModel.ts';
import { compiledDetector } from './windowDetector.ts';

describe('a trained network as a detector', () => {
  let folder: string;
  let video: string;
  let checkpoint: string;

  const save = async (name: string, recipe: Recipe | undefined, tensors = saveState(toyModel())) => {
    const path = join(folder, name);
    await saveWeights(path, tensors, { metadata: recipe && { recipe: JSON.stringify(recipe) } });
    return path;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-model-'));
    video = join(folder, 'waves.mp4');
    const wave = (frame: number, x: number, y: number) => 128 + 90 * Math.sin(x / 5 + frame / 4) * Math.cos(y / 7);
    const paint = (frame: number, x: number, y: number): [number, number, number] => [wave(frame, x, y), 110, 140];
    await makeVideo(video, { width: 80, height: 64, timesMs: steadyTimes(130, 25), paint });
    checkpoint = await save('weights.safetensors', toyRecipe);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const found = async (model: string) => {
    await using detector = await loadDetector({ model, threads: 1 });
    const { instances, ...rest } = await detector.detect(video, { minScore: 0 });
    return { detector, instances, ...rest };
  };

  it('finds by the weights in a checkpoint what the model in memory finds', async () => {
    const { instances, model, detector } = await found(checkpoint);
    await using here = compiledDetector(toyModel(), { recipe: toyRecipe, source: checkpoint, threads: 1 });
    await using opened = await openVideo(video);
    const expected = await detectWithModel(opened, here, { minScore: 0 });
    expect(instances.length).toBeGreaterThan(5);
    expect(instances).toEqual(expected.instances);
    expect([model, detector.taxonomy.name]).toEqual(['toy', 'toys']);
    expect(instances[0].reason).toContain('weights.safetensors');
  });

  it('finds the same by the one .onnx file that is exported of it', async () => {
    const path = join(folder, 'detector.onnx');
    const { model, recipe } = await loadTrainedModel(checkpoint);
    await writeFile(path, exportDetector(model, recipe));
    const [there, here] = [await found(path), await found(checkpoint)];
    // Both have windows of 48 steps, the checkpoint's last one as well.
    expect(there.instances.length).toBe(here.instances.length);
    for (const [i, { score, start, end, action }] of here.instances.entries()) {
      expect(there.instances[i].action).toBe(action);
      expect(Math.abs((there.instances[i].score ?? 0) - score)).toBeLessThan(3e-4);
      expect(Math.abs(there.instances[i].start - start) + Math.abs(there.instances[i].end - end)).toBeLessThan(0.021);
    }
  });

  it('exports windows of another length, and refuses those that are no whole clips', async () => {
    const bytes = exportDetector(toyModel(), toyRecipe, 32);
    await using detector = await openOnnxDetector(bytes, { source: 'toy.onnx', threads: 1 });
    expect(detector.recipe.data).toMatchObject({ windowSteps: 32, bucketSteps: [32], sizePixels: 32 });
    const { scores, segments, classes } = await detector.propose(new Uint8Array(3 * 32 * 32 * 32), 20, 32);
    expect([classes, scores.length / 3]).toEqual([3, segments.length / 2]);
    expect(() => exportDetector(toyModel(), toyRecipe, 40)).toThrow('steps: found 40, expected a multiple of 16');
  });

  it('says that a device is not there, or an .onnx file is damaged, and names the file', async () => {
    const missing = { code: 'no-backend', message: expect.stringContaining('The device wasm is not there') };
    await using detector = await loadDetector({ model: checkpoint, device: 'wasm' });
    await expect(detector.detect(video)).rejects.toMatchObject({ name: 'UserError', ...missing });
    const bytes = exportDetector(toyModel(), toyRecipe);
    await expect(openOnnxDetector(bytes, { source: 'toy.onnx', device: 'wasm' })).rejects.toMatchObject(missing);
    bytes.fill(255, 3000, 9000);
    const opening = openOnnxDetector(bytes, { source: 'toy.onnx' });
    await expect(opening).rejects.toMatchObject({ name: 'UserError', message: expect.stringMatching(/^toy\.onnx: /) });
  });

  it('lists all weights that do not fit the recipe', async () => {
    const state = saveState(toyModel());
    const bias = state.get('rpn_head.cls_head.bias')!;
    state.delete('rpn_head.cls_head.bias');
    state.set('rpn_head.cls_head.bais', bias);
    const misspelt = await save('misspelt.safetensors', toyRecipe, state);
    await expect(loadDetector({ model: misspelt })).rejects.toThrow(
      /misspelt\.safetensors: its weights are not those of the recipe it holds, toy:[\s\S]*missing +rpn_head\.cls_head\.bias \[3\][\s\S]*unexpected +rpn_head\.cls_head\.bais/,
    );
    const wider = parseRecipe({ ...toyRecipe, adapter: 'standard' }, 'wider');
    await expect(loadDetector({ model: await save('other.safetensors', wider) })).rejects.toMatchObject({
      code: 'mismatch',
      message: expect.stringMatching(/unexpected +backbone\.model\.backbone\.blocks\.1\.adapter\.dwconv\.weight/),
    });
  });

  it.each<[string, () => Promise<string>, string]>([
    [
      'is not there',
      async () => join(folder, 'no.safetensors'),
      'no.safetensors: cannot be read: there is no such file',
    ],
    ['has no recipe', () => save('bare.safetensors', undefined), 'its metadata holds no recipe'],
    [
      'is another .onnx',
      async () => {
        const path = join(folder, 'foreign.onnx');
        await writeFile(path, Uint8Array.of(8, 9));
        return path;
      },
      'its metadata holds no recipe',
    ],
    [
      'was trained from stored features',
      () => {
        const features = { channels: 16, strideFrames: 4, offsetFrames: 8 };
        const data = { ...toyRecipe.data, features };
        const recipe = { ...toyRecipe, backbone: null, adapter: null, tuned: 'nothing' as const, data };
        return save('snippet.safetensors', recipe, saveState(detectorOf(recipe)));
      },
      'toy was trained from stored features and sees no pictures',
    ],
    ['is no file of a model', async () => 'kinetic', 'There is no detector "kinetic". Known: kinematic, or a file'],
  ])('says what to do where the file %s', async (_, make, message) => {
    await expect(loadDetector({ model: await make() })).rejects.toMatchObject({
      name: expect.stringMatching(/^(User|Usage)Error$/),
      message: expect.stringContaining(message),
    });
  });
});
