import { describe, expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { listDefectsOf, listStatisticsOf } from './recognitionLists.ts';

const clips = (...named: [file: string, action: string][]) => ({
  clips: named.map(([file, action]) => ({ file, action })),
});
const lists = [
  {
    subset: 'train',
    list: clips(['0001_01_0001.mp4', 'nodding'], ['0001_01_0002.mp4', 'nodding'], ['0002_01_0001.mp4', 'waving']),
  },
  { subset: 'val', list: clips(['0001_02_0001.mp4', 'nodding']) },
];

describe('lists of clips', () => {
  it('are counted by list, action and body part', () => {
    const { all, subsets } = listStatisticsOf(lists, microActions52);
    expect(all).toMatchObject({ clips: 4, subjects: 2 });
    expect(subsets.map(({ subset, clips, subjects }) => [subset, clips, subjects])).toEqual([
      ['train', 3, 2],
      ['val', 1, 1],
    ]);
    expect(all.actions.find(({ action }) => action === 'nodding')).toEqual({
      ...{ id: 9, action: 'nodding', bodyPart: 'B', clips: 3, share: 0.75 },
    });
    expect(all.bodyParts.map(({ clips }) => clips)).toEqual([0, 3, 1, 0, 0, 0, 0]);
  });

  it('share people and lack actions', () => {
    const defects = listDefectsOf(lists, microActions52).filter(({ severity }) => severity !== 'note');
    expect(defects.map(({ kind, subject, action }) => [kind, subject ?? action])).toEqual([
      ['subject-in-several-subsets', '0001'],
      ['action-missing-in-subset', 'waving'],
    ]);
  });
});
