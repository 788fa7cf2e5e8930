import { describe, expect, it } from 'vitest';
import type { Clip } from '../annotation/dataset.ts';
import { microActions52 } from '../taxonomy/microActions52.ts';
import { parseEmotionModel, trainEmotion } from './emotionModel.ts';
import { emotionSamples } from './emotionSamples.ts';
import { featureTable } from './featureTable.ts';
import { predictEmotion } from './predictEmotion.ts';
import { featureGroups } from './videoFeatures.ts';

// Invented to test the machinery: who is sad nods long.
const clips = Array.from({ length: 16 }, (_, i): Clip => {
  const instances = [
    { action: 'nodding', start: 1, end: i % 2 === 0 ? 2 : 6 + (i % 3) },
    { action: 'shaking legs', start: i % 5, end: 8 },
  ];
  return { id: `v${i}`, durationSeconds: 10, instances };
});
const labels = clips.map(({ id }, i) => {
  return { video: id, subject: `s${Math.floor(i / 4)}`, emotion: i % 2 === 0 ? 'calm' : 'sad', line: i + 2 };
});
const made = { taxonomy: microActions52, groups: featureGroups, minScore: 0 };
const table = featureTable(clips, microActions52);
const model = trainEmotion(emotionSamples(labels, table), made);

describe('a model of emotion', () => {
  it('says of its training what it was, and predicts the same after a trip through JSON', () => {
    expect(model.training).toMatchObject({ videos: 16, subjects: 4, videosByEmotion: { calm: 8, sad: 8 } });
    const again = parseEmotionModel(JSON.parse(JSON.stringify(model)), 'model.json');
    expect(again).toEqual(model);
    const predictions = predictEmotion(again, table);
    expect(predictions.map(({ emotion }) => emotion)).toEqual(labels.map(({ emotion }) => emotion));
  });

  it('gives reasons that add up to the logits', () => {
    for (const { emotion, probabilities, reasons } of predictEmotion(model, table)) {
      const best = model.emotions.indexOf(emotion);
      const logit = reasons.reduce((sum, { contribution }) => sum + contribution, model.bias[best]);
      // Of two emotions the logits are opposite.
      expect(Math.log(probabilities[emotion] / (1 - probabilities[emotion]))).toBeCloseTo(2 * logit, 4);
      expect(reasons[0].feature).toMatch(/nodding|head/);
    }
  });

  it('refuses videos with other features, and names what is wrong with a file', () => {
    const clipFeatures = new Map(clips.map(({ id }) => [id, [1, 2]]));
    const wider = featureTable(clips, microActions52, { clipFeatures });
    expect(() => predictEmotion(model, wider)).toThrow(/found 260 features, 2 of them clip features; the model/);
    expect(() => parseEmotionModel({ format: 'other' }, 'model.json')).toThrow(
      /model\.json.*\n.*format: found "other"/,
    );
    expect(() => parseEmotionModel({ ...model, bias: [0] }, 'model.json')).toThrow(
      'model.json: bias: found 1 values, expected 2',
    );
  });

  it('needs two emotions, and two subjects unless told how strongly to regularise', () => {
    const joyful = labels.map((label) => ({ ...label, emotion: 'joy' }));
    expect(() => trainEmotion(emotionSamples(joyful, table), made)).toThrow(/the emotion joy only/);
    const lonely = emotionSamples(
      labels.map((label) => ({ ...label, subject: 's' })),
      table,
    );
    expect(() => trainEmotion(lonely, made)).toThrow(/1 subject; expected two or more, or a given --l2/);
    expect(trainEmotion(lonely, made, { l2: 1 }).training.l2).toBe(1);
  });
});

describe('a table of features', () => {
  it('keeps videos without micro-actions as zeros, and says which', () => {
    const some = [clips[0], { id: 'still', durationSeconds: 4, instances: [] }];
    const { features, withoutActions } = featureTable(some, microActions52);
    expect(withoutActions).toEqual(['still']);
    expect(Math.max(...features.data.subarray(features.columns))).toBe(0);
  });

  it('passes over scores below the least', () => {
    const scored = clips.slice(0, 1).map((clip) => {
      return { ...clip, instances: clip.instances.map((one) => ({ ...one, score: 0.3 })) };
    });
    expect(featureTable(scored, microActions52, { minScore: 0.3 }).withoutActions).toEqual([]);
    expect(featureTable(scored, microActions52, { minScore: 0.31 }).withoutActions).toEqual(['v0']);
  });

  it('needs the length of each video, and names all that lack it', () => {
    const endless = clips.slice(0, 2).map(({ id, instances }): Clip => ({ id, instances }));
    expect(() => featureTable(endless, microActions52)).toThrow(/v0: found no length.*\n.*v1: found no length/);
  });

  it('refuses a video twice, and clip features that are missing or of another length', () => {
    expect(() => featureTable([clips[0], clips[0]], microActions52)).toThrow(/v0: found twice/);
    const clipFeatures = new Map([
      ['v0', [1, 2]],
      ['v1', [1]],
    ]);
    const measure = () => featureTable(clips.slice(0, 3), microActions52, { clipFeatures });
    expect(measure).toThrow(/v1: found 1 clip features, expected 2/);
    expect(measure).toThrow(/v2: found no clip features/);
  });
});
