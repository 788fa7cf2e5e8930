import { describe, expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { parseTaxonomy } from '../../taxonomy/taxonomyFile.ts';
import type { Dataset } from '../dataset.ts';
import { json } from './json.ts';

const context = { source: 'found.json', taxonomy: microActions52 };
const lab = parseTaxonomy(
  {
    name: 'lab',
    bodyParts: [{ code: 'K', name: 'Kopf' }],
    actions: [{ id: 0, code: 'K1', name: 'Nicken', bodyPart: 'K' }],
  },
  'lab',
);
const one = (instance: object, video: object = {}) =>
  JSON.stringify({
    version: 1,
    videos: [{ file: 'a.mp4', ...video, instances: [{ action: 'nodding', start: 0, end: 1, ...instance }] }],
  });

describe('the JSON of the project', () => {
  it('has exactly the fields that programs are promised', () => {
    const set: Dataset = {
      taxonomy: microActions52,
      clips: [
        {
          id: 'interview.mp4',
          file: 'interview.mp4',
          durationSeconds: 12.5,
          frameRate: 25,
          widthPixels: 1280,
          heightPixels: 720,
          instances: [{ action: 'nodding', start: 1.2, end: 2.4, score: 0.83, reason: 'head pitch oscillates' }],
        },
      ],
    };
    expect(JSON.parse(json.write(set, { model: 'kinematic' }))).toEqual({
      version: 1,
      model: 'kinematic',
      videos: [
        {
          file: 'interview.mp4',
          duration: 12.5,
          fps: 25,
          width: 1280,
          height: 720,
          instances: [
            {
              action: 'nodding',
              code: 'B1',
              bodyPart: 'head',
              start: 1.2,
              end: 2.4,
              score: 0.83,
              reason: 'head pitch oscillates',
            },
          ],
        },
      ],
    });
  });

  it('keeps fields that it does not know, where they were', () => {
    const text = `${JSON.stringify(
      {
        version: 1,
        model: 'm',
        made: { by: 'hand' },
        videos: [
          {
            file: 'a.mp4',
            room: 7,
            instances: [
              { action: 'nodding', code: 'B1', bodyPart: 'head', start: 0, end: 1, certain: true },
              { action: 'nodding', code: 'B1', bodyPart: 'head', start: 0, end: 1, certain: false },
            ],
          },
        ],
      },
      null,
      2,
    )}\n`;
    expect(json.write(json.read(text, context).dataset)).toBe(text);
  });

  it('brings its own taxonomy when that is not the built-in one', () => {
    const text = json.write({
      taxonomy: lab,
      clips: [{ id: 'a', instances: [{ action: 'Nicken', start: 0, end: 1 }] }],
    });
    const { dataset } = json.read(text, context);
    expect(dataset.taxonomy.toJSON()).toEqual(lab.toJSON());
    expect(dataset.clips[0].instances[0].action).toBe('Nicken');
  });

  it('reads a byte order mark, codes and variants of names', () => {
    const text = `\uFEFF${one({ action: 'b1' })}`;
    expect(json.read(text, context).dataset.clips[0].instances[0].action).toBe('nodding');
  });

  it.each([
    ['text that is no JSON', '{ "version": 1,', 'found.json is not valid JSON'],
    ['another version', '{ "version": 2, "videos": [] }', 'version: found 2, expected 1'],
    ['no videos', '{ "version": 1 }', 'videos: found nothing, expected array'],
    [
      'a video without a name',
      '{ "version": 1, "videos": [{ "instances": [] }] }',
      'videos[0]: found neither file nor id',
    ],
    [
      'a video twice',
      '{ "version": 1, "videos": [{ "id": "a", "instances": [] }, { "file": "a", "instances": [] }] }',
      'videos[1]: the id "a" occurs twice',
    ],
    [
      'an unknown action',
      one({ action: 'noding' }),
      'videos[0].instances[0].action: There is no action "noding" in the taxonomy micro-actions-52. Did you mean "nodding"?',
    ],
    [
      'a code of another action',
      one({ code: 'B2' }),
      'videos[0].instances[0].code: found "B2", expected "B1" for nodding',
    ],
    ['an end before the start', one({ start: 3, end: 2 }), 'videos[0].instances[0]: start 3 must be before end 2'],
    ['a time as text', one({ start: '0' }), 'videos[0].instances[0].start: found "0", expected number'],
    [
      'a time that is too large',
      one({}).replace('"end":1', '"end":1e999'),
      'instances[0].end: found Infinity, expected number',
    ],
    ['a score above 1', one({ score: 83 }), 'instances[0].score: found 83, expected number to be <=1'],
    ['a frame rate of 0', one({}, { fps: 0 }), 'videos[0].fps: found 0, expected number to be >0'],
    [
      'an unknown taxonomy',
      '{ "version": 1, "taxonomy": "imigue", "videos": [] }',
      'found.json uses the taxonomy "imigue", but micro-actions-52 is in use',
    ],
  ])('with %s is refused, naming the place', (_, text, message) => {
    expect(() => json.read(text, context)).toThrow(
      expect.objectContaining({ name: 'UserError', message: expect.stringContaining(message) }),
    );
  });

  it('is not written from what is no data set', () => {
    const clip = (instance: object) => ({ id: 'a', instances: [{ action: 'nodding', start: 0, end: 1, ...instance }] });
    const write = (instance: object) => () => json.write({ taxonomy: microActions52, clips: [clip(instance)] });
    expect(write({ end: Number.NaN })).toThrow('video "a", instance 0: end: found NaN, expected seconds');
    expect(write({ start: -1 })).toThrow('start: found -1, expected 0 or more');
    expect(write({ action: 'Nodding' })).toThrow('action: found "Nodding", expected a canonical name');
    expect(write({ score: Number.NaN })).toThrow('score: found NaN, expected 0 to 1');
    expect(() => json.write({ taxonomy: microActions52, clips: [clip({}), clip({})] })).toThrow('the id occurs twice');
  });
});
