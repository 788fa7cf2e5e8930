import { describe, expect, it } from 'vitest';
import { Dice } from '../dice.ts';
import type { EmotionSamples } from './emotionSamples.ts';
import { evaluateEmotion } from './evaluateEmotion.ts';
import { matrixOf } from './matrix.ts';

/** Numbers invented to test the machinery: `valueOf` gives the features of a video. */
function made(
  valuesOf: (label: number, subject: number, dice: Dice) => readonly number[],
  { subjects = 12, each = 4, classes = 2, labelOf = (_: number, video: number) => video % classes, seed = 1 } = {},
): EmotionSamples {
  const dice = new Dice(seed);
  const rows = Array.from({ length: subjects * each }, (_, row) => {
    const subject = Math.floor(row / each);
    return { subject, label: labelOf(subject, row % each) };
  });
  const values = rows.map(({ label, subject }) => valuesOf(label, subject, dice));
  return {
    videos: rows.map((_, row) => `v${row}`),
    subjects: rows.map(({ subject }) => `s${subject}`),
    emotions: ['joy', 'anger', 'fear'].slice(0, classes),
    labels: rows.map(({ label }) => label),
    names: values[0].map((_, c) => `f${c}`),
    features: matrixOf(values, values[0].length),
  };
}

const noise = (dice: Dice, count: number) => Array.from({ length: count }, () => dice.normal());
const quick = { permutations: 0, resamples: 0 };

describe('evaluation of emotion', () => {
  it('finds what the features tell, above chance and above the commonest emotion', async () => {
    const samples = made((label, _, dice) => [2 * label + dice.normal(), ...noise(dice, 10)], { classes: 3, each: 6 });
    const { measures, confusion, predictions, perEmotion } = await evaluateEmotion(samples, { permutations: 30 });
    const { value, low, high, chance, pValue, majority } = measures.balancedAccuracy;
    expect(value).toBeGreaterThan(0.6);
    expect(chance).toBeGreaterThan(0.2);
    expect(chance).toBeLessThan(0.47);
    expect(pValue).toBeCloseTo(1 / 31, 12);
    expect(majority).toBeCloseTo(1 / 3, 12);
    expect(low!).toBeLessThan(value);
    expect(high!).toBeGreaterThan(value);
    expect(confusion.flat().reduce((sum, count) => sum + count)).toBe(72);
    expect(predictions.filter(({ emotion, predicted }) => emotion === predicted)).toHaveLength(
      Object.values(perEmotion).reduce((sum, { correct }) => sum + correct, 0),
    );
  });

  it('stays at chance where features say nothing', async () => {
    const values: number[] = [];
    const p: number[] = [];
    for (let seed = 0; seed < 8; seed++) {
      const samples = made((_label, _subject, dice) => noise(dice, 30), { seed });
      const { measures } = await evaluateEmotion(samples, { ...quick, seed });
      values.push(measures.balancedAccuracy.value);
      const again = await evaluateEmotion(samples, { permutations: 19, resamples: 0, l2: 10, seed });
      p.push(again.measures.balancedAccuracy.pValue!);
    }
    const mean = values.reduce((sum, value) => sum + value) / values.length;
    expect(mean).toBeGreaterThan(0.4);
    expect(mean).toBeLessThan(0.6);
    expect(p.filter((value) => value > 0.05).length).toBeGreaterThanOrEqual(6);
  });

  it('gains nothing from knowing people by their ways, since the people tested are strangers', async () => {
    // Each subject has ways of its own and one emotion: whoever has seen the subject knows the emotion.
    const ways = new Dice(9);
    const waysOf = Array.from({ length: 40 }, () => noise(ways, 60));
    const emotionOf = Array.from({ length: 40 }, (_, subject) => subject % 2);
    const samples = made((_, subject, dice) => waysOf[subject].map((value) => value + dice.normal(0, 0.1)), {
      subjects: 40,
      labelOf: (subject) => emotionOf[subject],
    });
    const apart = await evaluateEmotion(samples, quick);
    expect(apart.measures.accuracy.value).toBeLessThan(0.75);
    const mixed = await evaluateEmotion({ ...samples, subjects: samples.videos }, quick);
    expect(mixed.measures.accuracy.value).toBeGreaterThan(0.9);
  });

  it('lets a tested video change nothing about the others of its fold', async () => {
    const samples = made((label, _, dice) => [label + dice.normal(), ...noise(dice, 3)]);
    const before = await evaluateEmotion(samples, quick);
    const data = samples.features.data.slice();
    data.fill(1e6, 0, 4);
    const after = await evaluateEmotion({ ...samples, features: { ...samples.features, data } }, quick);
    const { fold } = before.predictions[0];
    const others = (result: typeof before) =>
      result.predictions.filter((one) => one.fold === fold && one.video !== 'v0');
    expect(others(before).length).toBeGreaterThan(0);
    expect(others(after)).toEqual(others(before));
  });

  it('is the same for the same seed', async () => {
    const samples = made((label, _, dice) => [label + dice.normal()]);
    const options = { permutations: 3, resamples: 20, seed: 5 };
    expect(await evaluateEmotion(samples, options)).toEqual(await evaluateEmotion(samples, options));
  });

  it('takes a subject in one emotion only', async () => {
    const samples = made((label, _, dice) => [3 * label + dice.normal()], {
      labelOf: (subject, video) => (subject < 4 ? 1 : video % 2),
    });
    const { measures } = await evaluateEmotion(samples, quick);
    expect(measures.accuracy.value).toBeGreaterThan(0.7);
  });

  it('refuses an emotion of one subject alone, one emotion alone, and more folds than subjects', async () => {
    const alone = made(() => [0, 1], { labelOf: (subject) => (subject === 3 ? 1 : 0) });
    await expect(evaluateEmotion(alone, quick)).rejects.toThrow(/the emotion anger is shown by one subject only, s3/);
    await expect(
      evaluateEmotion(
        made(() => [0], { classes: 1 }),
        quick,
      ),
    ).rejects.toThrow(/the emotion joy only/);
    await expect(
      evaluateEmotion(
        made(() => [0]),
        { ...quick, folds: 13 },
      ),
    ).rejects.toThrow(/from 2 to 12/);
  });

  it('stops when asked to', async () => {
    const signal = AbortSignal.abort();
    await expect(
      evaluateEmotion(
        made(() => [0]),
        { signal },
      ),
    ).rejects.toThrow(/abort/i);
  });
});
