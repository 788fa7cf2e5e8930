import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Clip, Dataset, Instance } from '../dataset.ts';
import { mma52 } from '../formats/mma52.ts';
import * as arbitrary from '../testing.ts';
import { checkDataset } from '../validate.ts';
import { type DefectOptions, defectsOf } from './defects.ts';
import { parseRawId, withSubjectsOfRawIds } from './rawId.ts';

const parts = [{ code: 'B', name: 'head' }];
const actions = ['nodding', 'head up'].map((name, id) => ({
  id,
  name,
  code: `B${id}`,
  description: '',
  bodyPart: 'B',
}));
const taxonomy = new Taxonomy({ name: 'two', bodyParts: parts, actions });
const nod = (start: number, end: number, action = 'nodding'): Instance => ({ action, start, end });
const clip = (id: string, rest: Partial<Clip> = {}): Clip => ({
  id,
  durationSeconds: 10,
  instances: [nod(0, 1), nod(5, 6, 'head up')],
  ...rest,
});
const found = (clips: Clip[], options: DefectOptions = {}) =>
  defectsOf({ taxonomy, clips }, { rareBelow: 0, ...options });
const kinds = (clips: Clip[], options?: DefectOptions) =>
  found(clips, options).map(({ kind, severity }) => `${severity} ${kind}`);

describe('defects of a data set', () => {
  it('are none where nothing is wrong', () => {
    expect(
      found([clip('a'), clip('b')], {
        actualSeconds: new Map([
          ['a', 10],
          ['b', 10.05],
        ]),
      }),
    ).toEqual([]);
  });

  it.each<[string, Instance, string]>([
    ['an empty instance', nod(2, 2), 'error empty-instance'],
    ['an end before the start', nod(3, 2), 'error empty-instance'],
    ['a negative start', nod(-1, 2), 'error bad-time'],
    ['no number', nod(Number.NaN, 2), 'error bad-time'],
    ['an end past the video', nod(2, 11), 'error past-end'],
    ['a label of no taxonomy', nod(2, 3, 'jumping'), 'error unknown-action'],
    ['a label in another spelling', nod(2, 3, 'Nodding'), 'error unknown-action'],
    ['a repeated instance', nod(0, 1), 'error duplicate-instance'],
    ['an overlapping one of the same action', nod(0.5, 2), 'warning overlapping-duplicate'],
    ['one of another action with the same span', nod(0, 1, 'head up'), 'note duplicate-at-body-level'],
  ])('name %s with its place', (_, instance, expected) => {
    const defects = found([clip('a', { instances: [nod(0, 1), nod(5, 6, 'head up'), instance] })]);
    expect(defects.map(({ kind, severity }) => `${severity} ${kind}`)).toEqual([expected]);
    expect(defects[0].clips).toEqual(['a']);
    if (!expected.startsWith('note')) expect(defects[0].instances).toContain(2);
  });

  it('let instances touch, and end within the tolerance', () => {
    expect(kinds([clip('a', { instances: [nod(0, 1), nod(1, 2), nod(8, 10.05, 'head up')] })])).toEqual([]);
  });

  it('name ids that repeat, or differ in case only, and lengths such twins share', () => {
    expect(kinds([clip('a'), clip('a')])).toEqual(['error duplicate-id']);
    expect(kinds([clip('x_B'), clip('x_b', { durationSeconds: 9 })])).toEqual(['warning ids-differ-in-case']);
    expect(kinds([clip('x_B'), clip('x_b')])).toEqual(['warning ids-differ-in-case', 'warning length-shared']);
  });

  it('name videos that are missing or of another length', () => {
    const actualSeconds = new Map([
      ['a', 4],
      ['b', 10.2],
    ]);
    expect(found([clip('a'), clip('b'), clip('c')], { actualSeconds })).toMatchObject([
      { kind: 'length-differs', clips: ['a'], message: '"a" is stated to be 10.00 s long, its video is 4.00 s.' },
      { kind: 'past-end', clips: ['a'], instances: [1] },
      { kind: 'length-differs', clips: ['b'] },
      { kind: 'video-missing', clips: ['c'] },
    ]);
    expect(kinds([clip('a', { durationSeconds: undefined })])).toEqual(['note length-unknown']);
  });

  it('name subjects of several subsets and of several frame rates', () => {
    expect(
      kinds([clip('a', { subject: 'x', subset: 'training' }), clip('b', { subject: 'x', subset: 'test' })]),
    ).toEqual(['error subject-in-several-subsets']);
    expect(kinds([clip('a', { subject: 'x', frameRate: 30 }), clip('b', { subject: 'x', frameRate: 29 })])).toEqual([
      'warning frame-rates-of-subject',
      'note several-frame-rates',
    ]);
    expect(kinds([clip('a', { subject: 'x', frameRate: 30 }), clip('b', { subject: 'y', frameRate: 29 })])).toEqual([
      'note several-frame-rates',
    ]);
  });

  it('name actions that are absent, absent in a subset, or rare, and clips without any', () => {
    expect(kinds([clip('a', { instances: [] })])).toEqual([
      'note no-instances',
      'note action-without-instances',
      'note action-without-instances',
    ]);
    const some = [clip('a', { subset: 'training' }), clip('b', { subset: 'test', instances: [nod(0, 1)] })];
    expect(found(some, { rareBelow: 2 })).toMatchObject([
      { kind: 'action-missing-in-subset', severity: 'warning', action: 'head up', subset: 'test' },
      { kind: 'rare-action', severity: 'note', action: 'head up' },
    ]);
  });

  it('hold an error wherever the data set is not what its types promise', () => {
    fc.assert(
      fc.property(
        arbitrary.dataset({ time: fc.integer({ min: -2, max: 9 }) }),
        fc.boolean(),
        (data: Dataset, twice: boolean) => {
          const clips = twice ? [...data.clips, ...data.clips] : data.clips;
          const errors = defectsOf({ ...data, clips }).filter(({ severity }) => severity === 'error');
          let refused = false;
          try {
            checkDataset({ ...data, clips });
          } catch {
            refused = true;
          }
          if (refused) expect(errors.length).toBeGreaterThan(0);
        },
      ),
      { seed: 5 },
    );
  });
});

describe('raw ids', () => {
  it.each([
    ['196_01_0005_L', { subject: '196', session: '01', clip: '0005', piece: 'L' }],
    ['026_02_0018__', { subject: '026', session: '02', clip: '0018', piece: '_' }],
    ['93_01_0038(1)_26', { subject: '93', session: '01', clip: '0038(1)', piece: '26' }],
    ['135_002_0038_[', { subject: '135', session: '002', clip: '0038', piece: '[' }],
    ['train0001', undefined],
  ])('%s', (id, expected) => {
    expect(parseRawId(id)).toEqual(expected);
  });
});

const folder = new URL('../../../../../../shared/golden/metrics/annotations/', import.meta.url);
const read = (name: string) =>
  mma52.read(readFileSync(new URL(name, folder), 'utf8'), { source: name, taxonomy: microActions52 }).dataset;

describe.skipIf(!existsSync(folder))('defects of MMA-52 (skipped without its annotations)', () => {
  it('are found in the release with raw ids', () => {
    const dataset = withSubjectsOfRawIds(read('train_raw_ids.csv'));
    expect(new Set(dataset.clips.map(({ subject }) => subject)).size).toBe(139);
    const byKind = Map.groupBy(defectsOf(dataset), ({ kind }) => kind);
    expect(byKind.get('ids-differ-in-case')).toHaveLength(28);
    expect(byKind.get('length-shared')).toHaveLength(28);
    expect(byKind.get('awkward-id')![0].clips!.length).toBeGreaterThan(10);
    const irregular = byKind.get('irregular-id')![0].clips!;
    expect(irregular.filter((id) => id.startsWith('93_')).length).toBeGreaterThan(0);
    expect(irregular.filter((id) => id.includes('_002_')).length).toBeGreaterThan(0);
    expect(byKind.get('rare-action')!.map(({ action }) => action)).toEqual([
      'turning around',
      'arms akimbo',
      'covering face',
      'scratching feet',
    ]);
    for (const kind of ['empty-instance', 'bad-time', 'past-end', 'duplicate-id', 'duplicate-instance'] as const) {
      expect(byKind.get(kind)).toBeUndefined();
    }
  });

  it('are found in the official release', () => {
    const byKind = Map.groupBy(defectsOf(read('train.csv')), ({ kind }) => kind);
    expect(byKind.get('overlapping-duplicate')).toHaveLength(42);
    expect(byKind.get('duplicate-at-body-level')![0].message).toContain('73 instances');
    expect(byKind.get('several-frame-rates')![0].message).toContain('797 at 29');
    expect(byKind.get('ids-differ-in-case')).toBeUndefined();
  });
});
