import { describe, expect, it } from 'vitest';
import { detectionRecipes } from '../training/detection/recipes.ts';
import { parseRecipe } from '../training/recipe.ts';
import type { LogRecord } from '../training/runLog.ts';
import { trainingPage } from './trainingPage.ts';
import { trainingFigures } from './trainingPageFigures.ts';

const stepsOf = (count: number): LogRecord[] =>
  Array.from({ length: count }, (_, i) => ({
    kind: 'step',
    epoch: 1,
    step: 10 * (i + 1),
    losses: { loss: i, classification: i / 2 },
    gradientNorm: 2,
    learningRates: { head: 1e-3, backbone: 1e-4 },
    stepsPerSecond: 3,
  }));

const validation: LogRecord = {
  kind: 'validation',
  epoch: 4,
  step: 40,
  value: 0.25,
  measures: { average: 0.25, action: 0.2, body: 0.3, 'action at 0.5': 0.22 },
  seconds: 3,
  isBest: true,
};

describe('trainingFigures', () => {
  it('thins long logs to means, and keeps all of short ones', () => {
    const [short] = trainingFigures(stepsOf(4));
    expect(short.rows.filter(({ series }) => series === 'loss').map(({ value }) => value)).toEqual([0, 1, 2, 3]);
    const [long] = trainingFigures(stepsOf(1500));
    const losses = long.rows.filter(({ series }) => series === 'loss');
    expect(losses).toHaveLength(500);
    expect(losses[0]).toEqual({ step: 30, series: 'loss', value: 1 });
  });

  it('shows precision at both levels, in percent', () => {
    const [, precision] = trainingFigures([...stepsOf(4), validation]);
    expect(precision.rows).toEqual([
      { step: 40, series: 'mean of both', value: 25 },
      { step: 40, series: 'actions', value: 20 },
      { step: 40, series: 'body parts', value: 30 },
    ]);
  });
});

describe('trainingFigures of recognition', () => {
  it('shows accuracy and F1, in percent', () => {
    const measures = { 'F1 mean': 0.5, 'action top-1': 0.25, 'action F1 macro': 0.1 };
    const [, judged] = trainingFigures([...stepsOf(4), { ...validation, measures }], 'recognition');
    expect(judged.title).toBe('Accuracy and F1 on the validation clips');
    expect(judged.rows).toEqual([
      { step: 40, series: 'F1 mean', value: 50 },
      { step: 40, series: 'actions, top-1', value: 25 },
    ]);
  });
});

describe('trainingPage', () => {
  it('holds curves, validations, events and the recipe; whatever is in them is text', async () => {
    const skipped: LogRecord = {
      kind: 'event',
      step: 20,
      event: 'skipped',
      details: { video: '<b>one</b>', reason: 'damaged' },
    };
    const head = { name: 'head', tensors: 3, elements: 1234, learningRate: 1e-3, weightDecay: 0.05 };
    const started: LogRecord = { kind: 'event', step: 0, event: 'started', details: { epoch: 1, groups: [head] } };
    const options = {
      title: '<run>',
      recipe: parseRecipe(detectionRecipes.tiny, 'tiny'),
      best: { epoch: 4, value: 0.25 },
    };
    const page = await trainingPage([started, ...stepsOf(3), validation, skipped], options);
    expect(page).toContain('&#60;run&#62;');
    expect(page).toContain('best after epoch 4: 25.00 %');
    expect(page.match(/<svg/g)).toHaveLength(4);
    expect(page).toContain('video &#60;b&#62;one&#60;/b&#62;, reason damaged');
    expect(page).toMatch(/>head<.*>3<.*>1,234<.*>0\.001<.*>0\.05</);
    expect(page).not.toContain('<b>one</b>');
    expect(page).not.toMatch(/%\w+%/);
  });
});
