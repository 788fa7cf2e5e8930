import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../annotation/dataset.ts';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { detectionMap } from './detectionMap.ts';
import { predictionsOfDataset, TableBuilder, truthOfDataset } from './detectionTable.ts';

const dataset = (clips: Dataset['clips']): Dataset => ({ taxonomy: microActions52, clips });
const nod = { action: 'nodding', start: 1, end: 3 };
const truth = dataset([
  { id: 'a', subset: 'test', durationSeconds: 10, instances: [nod, { action: 'waving', start: 4, end: 6 }] },
  { id: 'b', subset: 'training', instances: [nod] },
  { id: 'c', subset: 'test', instances: [] },
]);

describe('tables of data sets', () => {
  it('hold the videos of the subset, those without an instance too', () => {
    const table = truthOfDataset(truth, 'truth', { subset: 'test' });
    expect(table.videos).toEqual(['a', 'c']);
    expect([...table.durations]).toEqual([10, Number.NaN]);
    expect([...table.label].map((label) => table.labels[label])).toEqual(['nodding', 'waving']);
  });

  it('score as the documents they were read from', () => {
    const found = dataset([
      { id: 'a', instances: [{ ...nod, score: 0.9 }] },
      { id: 'b', instances: [{ ...nod, score: 0.95 }] },
    ]);
    const scored = detectionMap(
      truthOfDataset(truth, 'truth', { subset: 'test' }),
      predictionsOfDataset(found, 'found'),
      microActions52,
    );
    // The nod in a video of another subset ranks first and is false: AP 1/2; waving is missed: mean 1/4.
    expect(scored.action.perClass.nodding).toEqual({ ap: scored.tiou.map(() => 0.5), instances: 1 });
    expect(scored.action.average).toBe(0.25);
    expect(scored.body.perClass).toHaveProperty('upper limb');
    expect(scored.counts).toEqual({ videos: 2, instances: 2, predictions: 2 });
  });

  it('name every prediction without a score', () => {
    expect(() => predictionsOfDataset(truth, 'truth.json')).toThrow(
      /truth\.json has 3 problems:\n {2}video "a", instance 0: score: found nothing, expected a number\n/,
    );
  });

  it('say where there is nothing to find', () => {
    const empty = truthOfDataset(truth, 'truth.json', { subset: 'validation' });
    const nothing = new TableBuilder('found', 'predictions').finish();
    expect(() => detectionMap(empty, nothing, microActions52)).toThrow(
      'truth.json holds no instance to score against; is the subset right?',
    );
  });
});
