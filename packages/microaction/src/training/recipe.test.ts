import { describe, expect, it } from 'vitest';
import { detectionRecipes } from './detection/recipes.ts';
import { differences, parseRecipe, type Recipe, requireTask, withSettings } from './recipe.ts';
import { type RecognitionRecipeName, recognitionRecipes } from './recognition/recipes.ts';

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

describe('recipes of recognition', () => {
  const set = (name: RecognitionRecipeName, ...settings: string[]) =>
    parseRecipe(withSettings(recognitionRecipes[name], settings, name), name);

  it.each(Object.entries(recognitionRecipes))(
    'has the built-in recipe %s, and takes what it made of it again',
    (name, source) => {
      const recipe = parseRecipe(source, name);
      expect(recipe).toMatchObject({ task: 'recognition', version: 1, name });
      expect(parseRecipe(JSON.parse(JSON.stringify(recipe)), name)).toEqual(recipe);
    },
  );

  it('trains MANet as its authors do', () => {
    const { training, data, loss } = parseRecipe(recognitionRecipes.manet, 'manet');
    expect(training).toMatchObject({
      epochs: 80,
      learningRate: { head: 0.00125, backbone: 0.00125 },
      optimizer: { kind: 'sgd', momentum: 0.9, nesterov: false },
      schedule: { kind: 'step', epochs: [30, 60], factor: 0.1 },
      weightDecay: 1e-4,
      clipNorm: 20,
      emaDecay: null,
      grouping: 'tsm',
    });
    expect(data).toMatchObject({ batchSize: 10, sampling: { segments: 8 }, sizePixels: 224, shortSidePixels: 256 });
    expect(loss.embeddingWeight).toBe(50);
  });

  it('names what is wrong by the keys of its own task', () => {
    expect(() => set('tsm', 'data.frameStride=2')).toThrow('no key data.frameStride in a recipe; did you mean data.');
    expect(() => set('tsm', 'training.optimiser.kind=sgd')).toThrow('did you mean training.optimizer.kind?');
    expect(() => set('tsm', 'training.optimizer.kind=adam')).toThrow('training.optimizer.kind: found "adam"');
    expect(() => set('tsm', 'model.hidden=3')).toThrow('no key model.hidden with this kind');
    expect(() => parseRecipe({ ...tiny, task: 'segmentation' }, 'mine.json')).toThrow(
      'mine.json: task: found "segmentation", expected "detection" or "recognition"',
    );
  });

  it.each([
    ['tsm', 'loss.embeddingWeight=50', 'loss.embeddingWeight: tsm learns no meaning of labels'],
    ['manet', 'data.sizePixels=300', 'data.sizePixels: found 300, expected at most data.shortSidePixels, 256'],
    ['manet', 'training.learningRate.head=1', 'expected one rate for both where training.grouping is "tsm"'],
    ['manet', 'training.schedule.epochs=[30,30]', 'training.schedule.epochs: found [30,30], expected rising numbers'],
    ['manet', 'training.scheduleEpochs=90', 'steps of training.schedule have epochs of their own'],
    ['slowfast', 'data.sampling.frames=30', 'data.sampling: found 30 frames, expected a multiple of model.ratio, 8'],
  ] as const)('refuses for %s what keys allow and training cannot do: %s', (name, setting, message) => {
    expect(() => set(name, setting)).toThrow(message);
  });

  it('are told apart from those of detection', () => {
    const recipe: Recipe = parseRecipe(recognitionRecipes['tiny-tsm'], 'run');
    expect(requireTask(recipe, 'recognition', 'run').model.kind).toBe('tsm');
    expect(() => requireTask(recipe, 'detection', 'run')).toThrow(
      'run: tiny-tsm tells which one action a clip shows; expected a model that finds several actions in a video',
    );
  });
});
