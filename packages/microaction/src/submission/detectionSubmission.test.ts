import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instance } from '../annotation/dataset.ts';
import { unzip } from '../annotation/zip.ts';
import { type PredictionTable, predictionsOfDataset } from '../evaluation/detection/detectionTable.ts';
import { microActions52 } from '../taxonomy/microActions52.ts';
import { detectionSubmission, readDetectionSubmission } from './detectionSubmission.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const videos = [
  { id: 'test0000', durationSeconds: 10 },
  { id: 'test0001', durationSeconds: 9.5 },
  { id: 'test, "0002"' },
];
const instance = (action: string, start: number, end: number, score: number): Instance => ({
  action,
  start,
  end,
  score,
});
const predictions = (byVideo: Record<string, Instance[]>): PredictionTable => {
  const clips = Object.entries(byVideo).map(([id, instances]) => ({ id, instances }));
  return predictionsOfDataset({ taxonomy: microActions52, clips }, 'found.json');
};
const submit = (byVideo: Record<string, Instance[]>, list = videos) =>
  detectionSubmission(list, predictions(byVideo), microActions52);

describe('detectionSubmission', () => {
  it('writes the videos in the order of the list, each by falling score', () => {
    const { table, zip, warnings } = submit({
      test0001: [instance('waving', 1, 2.25, 0.5)],
      test0000: [
        instance('nodding', 0, 1.5, 0.25),
        instance('shaking head', 0.5, 2, 0.75),
        instance('waving', 3, 4, 0.25),
      ],
      'test, "0002"': [instance('scratching feet', 100, 200, 1)],
    });
    expect(table).toBe(
      [
        ',video_id,t_start,t_end,class,score',
        '0,test0000,0.5,2,10,0.75',
        '1,test0000,0,1.5,9,0.25',
        '2,test0000,3,4,19,0.25',
        '3,test0001,1,2.25,19,0.5',
        '4,"test, ""0002""",100,200,51,1',
        '',
      ].join('\n'),
    );
    expect(warnings).toEqual([]);
    expect([...unzip(zip, 'a.zip')]).toEqual([['prediction.csv', bytesOf(table)]]);
  });

  it('warns of videos without a prediction', () => {
    expect(submit({ test0001: [instance('waving', 1, 2, 0.5)] }).warnings).toEqual([
      'Nothing is predicted in "test0000", "test, \\"0002\\""; each video of MMA-52 holds two instances at least.',
    ]);
  });

  it('refuses what makes no sense on the server, all at once', () => {
    expect(() =>
      submit({
        test0000: [
          instance('nodding', -1, 1, 0.5),
          instance('nodding', 2, 2, 0.5),
          instance('nodding', 9, 10.02, 0.5),
          instance('nodding', 9, 10.005, 1.5),
          instance('Nodding', 1, 2, 0.5),
        ],
        test0099: [instance('nodding', 5, 4, 0.5)],
      }),
    ).toThrow(
      [
        'found.json has 6 problems:',
        'video "test0099": it is not in the list',
        'action "Nodding": expected a name of micro-actions-52',
        'video "test0000", nodding: start: found -1, expected 0 or more',
        'video "test0000", nodding: found 2 to 2, expected a start before its end',
        'video "test0000", nodding: end: found 10.02, and the video ends at 10',
        'video "test0000", nodding: score: found 1.5, expected 0 to 1',
      ].join('\n  '),
    );
    expect(() => submit({}, [{ id: 'a', durationSeconds: 1 }, { id: 'a' }, { id: '' }, { id: 'b.mp4' }])).toThrow(
      'The list of videos has 3 problems:',
    );
    expect(() => submit({}, [])).toThrow('The list of videos: it is empty');
  });

  it('is read back to the last digit, in its order', () => {
    const time = fc.double({ min: 0, max: 1e4, noNaN: true });
    const some = fc.record({
      action: fc.constantFrom(...microActions52.actions.map(({ name }) => name)),
      start: time,
      length: fc.double({ min: 1e-6, max: 1e4, noNaN: true }),
      score: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 40 }), (list) => {
        const instances = list.map(({ action, start, length, score }) =>
          instance(action, start, start + length, score),
        );
        const submission = submit({ 'test, "0002"': instances });
        for (const bytes of [submission.zip, bytesOf(submission.table)]) {
          const back = readDetectionSubmission(bytes, 'back', microActions52);
          const sorted = instances.toSorted((a, b) => b.score! - a.score!);
          expect([...back.score]).toEqual(sorted.map(({ score }) => score! + 0));
          expect([...back.start]).toEqual(sorted.map(({ start }) => start + 0));
          expect([...back.end]).toEqual(sorted.map(({ end }) => end));
          expect([...back.label].map((label) => back.labels[label])).toEqual(sorted.map(({ action }) => action));
          expect(detectionSubmission(videos, back, microActions52)).toEqual(submission);
        }
      }),
      { seed: 4, numRuns: 60 },
    );
  });
});

describe('readDetectionSubmission', () => {
  const read = (table: string) => readDetectionSubmission(bytesOf(table), 'prediction.csv', microActions52);
  const header = ',video_id,t_start,t_end,class,score';

  it('keeps predictions that the references score too, such as one that ends where it starts', () => {
    const table = read(`${header}\n0,val0000,2,2,5,0.25\n1,val0000,-1,1,5,0.125\n`);
    expect([...table.end]).toEqual([2, 1]);
    expect(() => detectionSubmission([{ id: 'val0000' }], table, microActions52)).toThrow('has 2 problems');
  });

  it('tells all rows that are wrong', () => {
    expect(() => read(`${header}\n0,val0000,a,2,52,0.25\n1,,1,,nodding,nan\n`)).toThrow(
      [
        'prediction.csv has 6 problems:',
        'line 2, class: found "52", expected an id of the taxonomy micro-actions-52',
        'line 2, t_start: found "a", expected a number',
        'line 3, video_id: found nothing, expected the id of a video',
        'line 3, class: found "nodding", expected an id of the taxonomy micro-actions-52',
        'line 3, t_end: found "", expected a number',
        'line 3, score: found "nan", expected a number',
      ].join('\n  '),
    );
    expect(() => read('')).toThrow('prediction.csv is empty; expected the columns video_id');
    expect(() => read('video-id,t-start,t-end,label,score\n')).toThrow(
      'the column video_id, t_start, t_end, class is missing',
    );
  });
});
