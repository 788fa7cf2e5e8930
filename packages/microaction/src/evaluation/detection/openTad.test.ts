import { describe, expect, it } from 'vitest';
import { predictionsOfOpenTad, truthOfOpenTad } from './openTad.ts';

const instance = { label: 'nodding', segment: [1, 2], score: 0.5 };
const predictions = (results: unknown, options = {}) =>
  predictionsOfOpenTad(JSON.stringify({ results }), 'made.json', options);

describe('predictionsOfOpenTad', () => {
  it('keeps the order of the document, also of videos named by numbers', () => {
    const json =
      '{"results":{"20":[{"label":"b","segment":[1,2],"score":1}],"3":[{"score":2,"segment":[0,9],"label":"a"}]}}';
    const table = predictionsOfOpenTad(json, 'made.json');
    expect(table.videos).toEqual(['20', '3']);
    expect(table.labels).toEqual(['b', 'a']);
    expect([...table.score]).toEqual([1, 2]);
    expect([...table.end]).toEqual([2, 9]);
  });

  it.each([
    ['score', { ...instance, score: null }, 'score: found null, expected a number'],
    ['score', { label: 'nodding', segment: [1, 2] }, 'score: found nothing, expected a number'],
    ['score', { ...instance, score: '0.5' }, 'score: found "0.5", expected a number'],
    ['label', { ...instance, label: 7 }, 'label: found 7, expected the name of an action'],
    ['segment', { ...instance, segment: [1] }, 'segment: found 1 values, expected [start, end] in seconds'],
    ['segment', { ...instance, segment: 'x' }, 'segment: found "x", expected [start, end] in seconds'],
    ['row', 12, 'found 12, expected an object'],
  ])('names the file, video, row and %s that is wrong', (_, wrong, message) => {
    expect(() => predictions({ v: [instance, wrong] })).toThrow(`made.json: video "v", instance 1: ${message}`);
  });

  it('names NaN where Python wrote it', () => {
    const json =
      '{"results":{"v":[{"label":"a","segment":[NaN,2],"score":0.5},{"label":"a","segment":[1,2],"score":NaN}]}}';
    expect(() => predictionsOfOpenTad(json, 'made.json')).toThrow(
      /2 problems:\n {2}video "v", instance 0: start: found NaN.*\n {2}video "v", instance 1: score: found NaN/,
    );
  });

  it('refuses a video that occurs twice, which JSON.parse would lose', () => {
    const json = '{"results":{"v":[],"w":[],"v":[]}}';
    expect(() => predictionsOfOpenTad(json, 'made.json')).toThrow('made.json: video "v": occurs twice');
  });

  it('keeps times outside the video, as the reference does, unless it is to be strict', () => {
    const odd = [
      { ...instance, segment: [-1, 2] },
      { ...instance, segment: [3, 1] },
    ];
    expect([...predictions({ v: odd }).start]).toEqual([-1, 3]);
    expect(() => predictions({ v: odd }, { strict: true })).toThrow(
      /start: found -1.*\n.*start 3 must be before end 1/,
    );
  });

  it('says what is missing where the document is no prediction file', () => {
    expect(() => predictionsOfOpenTad('{"database":{}}', 'made.json')).toThrow(
      'made.json: results: found nothing, expected an object by video',
    );
  });
});

describe('truthOfOpenTad', () => {
  const database = {
    a: { annotations: [{ label: 'nodding', segment: [1, 2] }], duration: 10, subset: 'test' },
    b: { subset: 'training', duration: 12, annotations: [{ label: 'waving', segment: [0, 3] }] },
    c: { subset: 'test', annotations: [] },
  };

  it('takes the videos of a subset, wherever the entry names it, and those without an instance', () => {
    const table = truthOfOpenTad(JSON.stringify({ version: 1, database }), 'made.json', { subset: 'test' });
    expect(table.videos).toEqual(['a', 'c']);
    expect(table.labels).toEqual(['nodding']);
    expect([...table.durations]).toEqual([10, Number.NaN]);
  });

  it('refuses negative times', () => {
    const json = JSON.stringify({ database: { a: { annotations: [{ label: 'nodding', segment: [-1, 2] }] } } });
    expect(() => truthOfOpenTad(json, 'made.json')).toThrow('made.json: video "a", instance 0: start: found -1');
  });
});
