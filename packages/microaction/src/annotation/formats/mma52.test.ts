import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { mma52 } from './mma52.ts';

const context = { source: 'train.csv', taxonomy: microActions52 };
const header = 'id,video_id,start_frame,end_frame,class,total_frames,fps';

describe('MMA-52 tables', () => {
  it('count frames from 0; an end is at frame / fps', () => {
    const { dataset, warnings } = mma52.read(
      `${header}\n0,v1,30,45,9,300,30.0\n1,v1,0,29,21,300,30.0\n2,v2,29,58,0,290,29.0\n`,
      context,
    );
    expect(warnings).toEqual([]);
    expect(dataset.clips).toEqual([
      {
        id: 'v1',
        durationSeconds: 10,
        frameRate: 30,
        instances: [
          { action: 'hands touching fingers', start: 0, end: 29 / 30 },
          { action: 'nodding', start: 1, end: 1.5 },
        ],
      },
      { id: 'v2', durationSeconds: 10, frameRate: 29, instances: [{ action: 'shaking body', start: 1, end: 2 }] },
    ]);
    expect(mma52.write(dataset)).toBe(
      `${header}\n0,v1,0,29,21,300,30.0\n1,v1,30,45,9,300,30.0\n2,v2,29,58,0,290,29.0\n`,
    );
  });

  it('without fps take the given frame rate, or 30 with a warning; ids keep their case', () => {
    const text = ',video_id,start_frame,end_frame,class,total_frames\n0,026_B,0,50,9,100\n1,026_b,0,25,9,100\n';
    expect(
      mma52.read(text, { ...context, frameRate: 25 }).dataset.clips.map(({ durationSeconds }) => durationSeconds),
    ).toEqual([4, 4]);
    const { dataset, warnings } = mma52.read(text, context);
    expect(dataset.clips.map(({ id }) => id)).toEqual(['026_B', '026_b']);
    expect(warnings).toEqual([
      'train.csv has no column fps: 30 frames a second assumed.',
      expect.stringContaining('1 ids differ from another in case only'),
    ]);
  });

  it('need a frame rate to be written', () => {
    const set = {
      taxonomy: microActions52,
      clips: [{ id: 'a', instances: [{ action: 'nodding', start: 1, end: 2 }] }],
    };
    expect(() => mma52.write(set)).toThrow('The frame rate of "a" is not known');
    expect(mma52.write(set, { frameRate: 29.97 })).toBe(`${header}\n0,a,30,60,9,,29.97\n`);
  });

  it('tell all errors at once', () => {
    const text = `${header}\n0,v,5,5,9,9,30\n1,v,1.5,7,52,9,30\n2,,0,1,nodding,9,25\n3,v,0,10,9,9,0\n`;
    expect(() => mma52.read(text, context)).toThrow(
      [
        'train.csv has 6 problems:',
        'line 2: start_frame 5 must be before end_frame 5',
        'line 3, start_frame: found "1.5", expected a whole number',
        'line 3, class: found 52, expected an id of the taxonomy micro-actions-52',
        'line 4, video_id: found nothing, expected the id of a video',
        'line 4, class: found "nodding", expected a whole number',
        'line 5, fps: found "0", expected a number above 0',
      ].join('\n  '),
    );
    expect(() => mma52.read('id,video_id,class\n', context)).toThrow('the column start_frame, end_frame is missing');
  });

  const folder = '../shared/golden/metrics/annotations';
  it.skipIf(!existsSync(folder)).each([
    ['train.csv', 4534, 13698],
    ['train_raw_ids.csv', 4537, 13708],
  ])(`of the training set are read whole: %s (skipped without ${folder})`, (name, videos, rows) => {
    const { dataset } = mma52.read(readFileSync(`${folder}/${name}`, 'utf8'), context);
    expect(dataset.clips).toHaveLength(videos);
    expect(dataset.clips.flatMap(({ instances }) => instances)).toHaveLength(rows);
    const again = mma52.read(mma52.write(dataset), context).dataset;
    expect(again).toEqual(dataset);
  });
});
