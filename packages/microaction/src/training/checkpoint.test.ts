import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TensorData } from 'onnxgrad';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Checkpoint, loadCheckpoint, loadTrainedWeights, saveCheckpoint } from './checkpoint.ts';
import { detectionRecipes } from './detection/recipes.ts';
import { parseRecipe } from './recipe.ts';

let run: string;
beforeEach(async () => {
  run = await mkdtemp(join(tmpdir(), 'checkpoint-'));
});
afterEach(() => rm(run, { recursive: true, force: true }));

const tensor = (value: number): TensorData => ({ dtype: 'float32', shape: [2], data: Float32Array.of(value, 1) });

const after = (steps: number): Checkpoint => ({
  position: { epoch: 1, batches: 2, steps, best: { epoch: 1, value: 0.5 }, validated: 1 },
  recipe: parseRecipe(detectionRecipes.tiny, 'tiny'),
  weights: new Map([['head.weight', tensor(steps)]]),
  training: new Map([['model.head.weight', tensor(-steps)]]),
});

describe('checkpoints', () => {
  it('come back as they were, and replace the one before', async () => {
    expect(await loadCheckpoint(run, 'last')).toBeUndefined();
    await saveCheckpoint(run, 'last', after(3));
    await saveCheckpoint(run, 'last', after(4));
    expect(await loadCheckpoint(run, 'last')).toEqual(after(4));
    expect(await readdir(run)).toEqual(['last']);
  });

  it('can be used by their weights alone', async () => {
    await saveCheckpoint(run, 'best', after(3));
    const { recipe, tensors } = await loadTrainedWeights(join(run, 'best', 'weights.safetensors'));
    expect(recipe).toEqual(after(3).recipe);
    expect(tensors).toEqual(after(3).weights);
    await expect(loadTrainedWeights(join(run, 'best', 'training.safetensors'))).rejects.toThrow('holds no recipe');
  });

  it('are whole wherever saving was stopped', async () => {
    await saveCheckpoint(run, 'last', after(3));
    // While the next was written:
    await mkdir(join(run, '.last.next'));
    await writeFile(join(run, '.last.next', 'weights.safetensors'), 'half');
    expect((await loadCheckpoint(run, 'last'))?.position.steps).toBe(3);
    await saveCheckpoint(run, 'last', after(4));
    // Between the two renamings, the next being whole, or gone:
    for (const next of [true, false]) {
      await rename(join(run, 'last'), join(run, '.last.previous'));
      if (next) {
        await saveCheckpoint(run, 'best', after(5));
        await rename(join(run, 'best'), join(run, '.last.next'));
      }
      expect((await loadCheckpoint(run, 'last'))?.position.steps).toBe(next ? 5 : 4);
      await rm(join(run, 'last'), { recursive: true });
      await rm(join(run, '.last.previous'), { recursive: true, force: true });
      await saveCheckpoint(run, 'last', after(4));
    }
  });

  it('survive a disk that takes no more', async () => {
    await saveCheckpoint(run, 'last', after(3));
    const bad = { ...after(4), training: new Map([['model.head.weight', { ...tensor(1), shape: [3] }]]) };
    await expect(saveCheckpoint(run, 'last', bad)).rejects.toThrow('model.head.weight');
    expect(await loadCheckpoint(run, 'last')).toEqual(after(3));
    expect(await readdir(run)).toEqual(['last']);
    if (process.getuid?.() === 0) return; // who may do anything is refused nothing
    await chmod(run, 0o500);
    await expect(saveCheckpoint(run, 'last', after(4))).rejects.toThrow('permission');
    await chmod(run, 0o700);
    expect(await loadCheckpoint(run, 'last')).toEqual(after(3));
  });
});
