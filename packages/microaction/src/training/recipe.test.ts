import { describe, expect, it } from 'vitest';
import { detectionRecipes } from './detection/recipes.ts';
import { differences, parseRecipe, requireTask, withSettings } from './recipe.ts';

const { tiny } = detectionRecipes;
const withSet = (...settings: string[]) =>
  requireTask(parseRecipe(withSettings(tiny, settings, 'tiny'), 'tiny'), 'detection', 'tiny');

describe('parseRecipe', () => {
  it.each(Object.entries(detectionRecipes))(
    'takes the built-in recipe %s, and what it made of it again',
    (name, source) => {
      const recipe = parseRecipe(source, name);
      expect(recipe.name).toBe(name);
      expect(parseRecipe(JSON.parse(JSON.stringify(recipe)), name)).toEqual(recipe);
    },
  );

  it('has the rates, windows and suppression of AdaTAD on MultiTHUMOS', () => {
    const { training, detector, data, evaluation } = parseRecipe(detectionRecipes['adatad-s'], 'adatad-s');
    expect(training).toMatchObject({
      epochs: 80,
      scheduleEpochs: 100,
      warmUpEpochs: 5,
      learningRate: { head: 1e-4, backbone: 4e-4 },
      weightDecay: 0.05,
      clipNorm: 1,
      emaDecay: 0.999,
    });
    expect(detector).toMatchObject({ convolutions: 3, stemBlocks: 0, levels: 6, window: null, dropPath: 0.1 });
    expect(data).toMatchObject({ windowSteps: 768, frameStride: 4, sizePixels: 160, leastPart: 0.75, batchSize: 2 });
    expect(evaluation).toMatchObject({ overlap: 0.5, sigma: 0.5, maxCandidates: 8000, maxInstances: 8000 });
  });

  it('names every key that is wrong, unknown or missing', () => {
    const { training: _, ...rest } = tiny;
    const wrong = { ...rest, tuned: 'some', backbone: { ...tiny.backbone, width: 0, widht: 3 } };
    for (const part of [
      'mine.json has 4 problems:',
      'backbone.width: found 0, expected number to be >=1',
      'no key backbone.widht in a recipe; did you mean backbone.width?',
      'tuned: found "some"',
      'training: found nothing',
    ]) {
      expect(() => parseRecipe(wrong, 'mine.json')).toThrow(part);
    }
  });

  it('takes recipes without a version as the first, and refuses those to come', () => {
    expect(parseRecipe(tiny, 'tiny').version).toBe(1);
    expect(withSet('version=1').version).toBe(1);
    const later = { ...tiny, version: 2, whatever: true };
    expect(() => parseRecipe(later, 'mine.json')).toThrow(/^mine\.json: found version 2, .* update microaction$/);
    expect(() => parseRecipe({ ...tiny, version: 'one' }, 'mine.json')).toThrow('version: found "one"');
  });

  it('refuses what keys allow and a model cannot do', () => {
    expect(() => withSet('data.windowSteps=100')).toThrow('data.bucketSteps: found [48,80,128]');
    expect(() => withSet('data.sizePixels=100')).toThrow('data.sizePixels: found 100, expected a multiple of 16');
    expect(() => withSet('tuned=adapters')).toThrow('there is no adapter');
    expect(() => withSet('backbone=null')).toThrow('backbone: found null');
    expect(() => withSet('training.epochs=2')).toThrow(
      'training.warmUpEpochs: found 3, expected less than the 2 epochs',
    );
  });
});

describe('withSettings', () => {
  it('sets numbers, lists, null and names; the source stays', () => {
    const recipe = withSet('training.learningRate.head=3e-4', 'data.cropRatio=null', 'adapter=dsta-table4', 'name=x y');
    expect(recipe.training.learningRate.head).toBe(3e-4);
    expect(recipe.data.cropRatio).toBeNull();
    expect(recipe.adapter).toMatchObject({ kind: 'dsta', spatial: { kernel: 1, depthwise: false } });
    expect(recipe.name).toBe('x y');
    expect(parseRecipe(tiny, 'tiny').data.cropRatio).toEqual([0.9, 1]);
    expect(withSet('backbone=small', 'backbone.depth=3').backbone).toMatchObject({ width: 384, depth: 3 });
  });

  it.each([
    ['training.epoch=3', 'did you mean training.epochs?'],
    ['epochs=3', 'did you mean training.epochs?'],
    ['evaluation.sigmaa=1', 'did you mean evaluation.sigma?'],
    ['adapter.spatial.kernl=1', 'did you mean adapter.spatial.kernel?'],
    ['training.epochs', 'expected key.path=value'],
    ['adapter=dstaa', 'expected an object or one of standard, tia, dsta'],
    ['training.epochs=many', 'training.epochs: found "many", expected number'],
  ])('refuses %s', (setting, message) => {
    expect(() => withSet(setting)).toThrow(message);
  });
});

describe('differences', () => {
  it('names the keys with both values', () => {
    expect(differences(withSet(), withSet('training.seed=4', 'data.batchSize=1'))).toEqual([
      'data.batchSize: 2 and 1',
      'training.seed: 0 and 4',
    ]);
  });
});
