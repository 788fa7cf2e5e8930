import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Clip, Dataset, Instance } from '../dataset.ts';
import * as arbitrary from '../testing.ts';
import { checkDataset } from '../validate.ts';
import { filterDataset } from './filter.ts';
import { mergeDatasets } from './merge.ts';

const set = (...clips: Clip[]): Dataset => ({ taxonomy: microActions52, clips });
const one = (action: string, start: number, end: number, score?: number): Instance => ({
  action,
  start,
  end,
  ...(score !== undefined && { score }),
});

describe('merging data sets', () => {
  it('keeps every clip of both, and splits back into them', () => {
    fc.assert(
      fc.property(arbitrary.dataset(), (data) => {
        const half = data.clips.length >> 1;
        const [a, b] = [data.clips.slice(0, half), data.clips.slice(half)];
        expect(
          mergeDatasets([
            { ...data, clips: a },
            { ...data, clips: b },
          ]),
        ).toEqual(data);
      }),
      { seed: 1 },
    );
  });

  it('of a data set with itself gives it back, each instance once', () => {
    fc.assert(
      fc.property(arbitrary.dataset(), (data) => {
        const joined = mergeDatasets([data, data], { sameId: 'join' });
        checkDataset(joined);
        joined.clips.forEach(({ instances }, index) => {
          const key = ({ action, start, end }: Instance) => `${action} ${start} ${end}`;
          expect(new Set(instances.map(key))).toEqual(new Set(data.clips[index].instances.map(key)));
          expect(new Set(instances.map(key)).size).toBe(instances.length);
        });
        expect(mergeDatasets([data, data], { sameId: 'first' })).toEqual(data);
      }),
      { seed: 2 },
    );
  });

  it('joins instances in order and fills in what the first does not say', () => {
    const first = set({ id: 'a', subject: 'x', instances: [one('waving', 2, 3)] });
    const second = set({
      id: 'a',
      subject: 'y',
      frameRate: 25,
      instances: [one('nodding', 1, 2), one('waving', 2, 3)],
    });
    expect(mergeDatasets([first, second], { sameId: 'join' }).clips).toEqual([
      { id: 'a', subject: 'x', frameRate: 25, instances: [one('nodding', 1, 2), one('waving', 2, 3)] },
    ]);
  });

  it('refuses shared ids unless told, and different taxonomies', () => {
    const data = set({ id: 'a', instances: [] });
    expect(() => mergeDatasets([data, data])).toThrow('1 ids occur in more than one data set: "a". Rename them');
    const other = { clips: [], taxonomy: new Taxonomy({ name: 'ours', bodyParts: [], actions: [] }) };
    expect(() => mergeDatasets([data, other])).toThrow('different taxonomies, micro-actions-52 and ours');
  });
});

describe('filtering a data set', () => {
  const data = set(
    {
      id: 'a',
      subset: 'test',
      subject: 'x',
      instances: [one('nodding', 0, 1, 0.3), one('waving', 0, 4, 0.9), one('shaking head', 2, 4)],
    },
    { id: 'b', subset: 'training', subject: 'y', instances: [one('nodding', 0, 0.5)] },
    { id: 'c', instances: [] },
  );
  const left = (filter: Parameters<typeof filterDataset>[1]) =>
    filterDataset(data, filter).clips.map(({ id, instances }) =>
      [id, ...instances.map(({ action }) => action)].join(' '),
    );

  it.each<[Parameters<typeof filterDataset>[1], string[]]>([
    [{}, ['a nodding waving shaking head', 'b nodding', 'c']],
    [{ actions: ['Nodding'] }, ['a nodding', 'b nodding', 'c']],
    [{ bodyParts: ['head'] }, ['a nodding shaking head', 'b nodding', 'c']],
    [{ bodyParts: ['c'], actions: ['B1'], dropEmptyClips: true }, ['a nodding waving', 'b nodding']],
    [{ subsets: ['test'] }, ['a nodding waving shaking head']],
    [{ subjects: ['y'] }, ['b nodding']],
    [{ minSeconds: 1, maxSeconds: 2 }, ['a nodding shaking head', 'b', 'c']],
    [{ minScore: 0.5 }, ['a waving shaking head', 'b nodding', 'c']],
  ])('by %j', (filter, expected) => {
    expect(left(filter)).toEqual(expected);
  });

  it('refuses what does not exist and says what does', () => {
    expect(() => left({ actions: ['noding'] })).toThrow('Did you mean "nodding"?');
    expect(() => left({ bodyParts: ['feet'] })).toThrow('There is no body part "feet"; there are A (body), B (head)');
    expect(() => left({ subsets: ['tset'] })).toThrow('There is no subset "tset"; there are test, training.');
  });

  it('by each action in turn takes a data set apart without loss', () => {
    fc.assert(
      fc.property(arbitrary.dataset(), (some) => {
        const parts = some.taxonomy.actions.map(({ name }) => filterDataset(some, { actions: [name] }));
        const count = ({ clips }: Dataset) => clips.reduce((sum, { instances }) => sum + instances.length, 0);
        expect(parts.reduce((sum, part) => sum + count(part), 0)).toBe(count(some));
      }),
      { seed: 3, numRuns: 30 },
    );
  });
});
