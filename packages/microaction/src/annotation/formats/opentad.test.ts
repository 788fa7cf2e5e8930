import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { opentad } from './opentad.ts';

const read = (value: unknown, taxonomy = microActions52) =>
  opentad.read(JSON.stringify(value), { source: 'truth.json', taxonomy });
const nod = { action: 'nodding', start: 1, end: 2 };

describe('ActivityNet JSON', () => {
  it.each([
    [
      'with a database',
      { version: '1', taxonomy: [], database: { v: { annotations: [{ segment: [1, 2], label: 'nodding' }] } } },
    ],
    ['without a wrapper', { v: { annotations: [{ segment: [1, 2], label: 'B1' }] } }],
    ['with several labels by number', { v: { actions: [[9, 1, 2]] } }],
  ])('is read %s', (_, document) => {
    expect(read(document).dataset.clips).toMatchObject([{ id: 'v', instances: [nod] }]);
  });

  it('comes back as it was, whatever else it holds', () => {
    for (const document of [
      {
        version: [],
        taxonomy: [],
        note: 1,
        database: {
          v: {
            duration_second: 9,
            fps: 25,
            rfps: 30,
            resolution: '640x480',
            url: 'https://x.org/v',
            annotations: [{ segment: [1, 2], label: 'nodding', agreement: null }],
          },
        },
      },
      {
        v: {
          subset: 'testing',
          duration: 33.8,
          actions: [
            [9, 1, 2],
            [10, 1.5, 2.5],
          ],
        },
      },
      { v: { frame: 90, annotations: [] } },
      {
        version: 'x',
        results: { v: [{ segment: [1, 2], label: 'nodding', score: 0.5, view: 3 }] },
        external_data: { used: false },
      },
    ]) {
      expect(JSON.parse(opentad.write(read(document).dataset))).toEqual(document);
    }
  });

  it('is truth without scores, and predictions with them', () => {
    const set = (score?: number) => ({
      taxonomy: microActions52,
      clips: [{ id: 'v', durationSeconds: 5, instances: [score === undefined ? nod : { ...nod, score }] }],
    });
    expect(JSON.parse(opentad.write(set()))).toEqual({
      version: 'microaction 1',
      taxonomy: [],
      database: { v: { duration: 5, annotations: [{ segment: [1, 2], label: 'nodding' }] } },
    });
    const predictions = {
      version: 'microaction 1',
      results: { v: [{ segment: [1, 2], label: 'nodding', score: 0.25 }] },
      external_data: { videos: { v: { duration: 5 } } },
    };
    expect(JSON.parse(opentad.write(set(0.25)))).toEqual(predictions);
    expect(JSON.parse(opentad.write(set(), { layout: 'predictions' })).results.v).toHaveLength(1);
  });

  it('leaves out segments without length and begins others with the video, and says so', () => {
    const document = {
      results: {
        v: [
          [3, 3],
          [4, 2],
          [-0.5, 2],
          [-2, -1],
        ].map((segment) => ({ segment, label: 'nodding', score: 1 })),
      },
    };
    const { dataset, warnings } = read(document);
    expect(dataset.clips[0].instances).toEqual([{ action: 'nodding', start: 0, end: 2, score: 1 }]);
    expect(warnings).toEqual([
      'truth.json: 3 annotations that end where they start, or before, were left out.',
      'truth.json: 1 annotations started before the video; they now start with it.',
    ]);
  });

  it('tells all errors at once', () => {
    const annotations = [
      { segment: [1, 2], label: 'noding' },
      { segment: ['1', 2], label: 'nodding' },
      { segment: [1, 2, 3], label: 'nodding' },
      { segment: [1, 2], label: 'nodding', score: 3 },
      { segment: [1, 2] },
      7,
    ];
    expect(() => read({ database: { v: { annotations }, w: {} } })).toThrow(
      [
        'truth.json has 7 problems:',
        '"v"[0].label: There is no action "noding" in the taxonomy micro-actions-52. Did you mean "nodding"?',
        '"v"[1].segment: found ["1",2], expected [start, end] in seconds',
        '"v"[2].segment: found [1,2,3], expected [start, end] in seconds',
        '"v"[3].score: found 3, expected 0 to 1',
        '"v"[4].label: found nothing, expected the name of an action',
        '"v"[5]: found 7, expected { segment, label }',
        '"w": found {}, expected a list of annotations',
      ].join('\n  '),
    );
    expect(() => read([])).toThrow('truth.json: found [], expected an object');
    expect(() => read({ results: 3 })).toThrow('truth.json: results: found 3, expected an object by video');
  });

  const folder = '../shared/formats/activitynet';
  it.skipIf(!existsSync(folder)).each([
    ['detad_thumos14_sub.json', 20],
    ['mmaction2_action_test_anno.json', 2],
    ['mmaction2_gt.json', 4],
    ['mmaction2_result.json', 14],
    ['pointtad_multithumos_sub.json', 0],
  ])(`of other projects comes back as it was: %s (skipped without ${folder})`, (name, least) => {
    const text = readFileSync(`${folder}/${name}`, 'utf8');
    const names = [...text.matchAll(/"label": "([^"]*)"/g)].map(([, label]) => label);
    const numbers = Array.from({ length: 66 }, (_, i) => `class ${i}`);
    const actions = [...new Set(least > 0 ? names : numbers)].map((action, id) => ({
      id,
      code: `T${id}`,
      name: action,
      description: '',
      bodyPart: 'T',
    }));
    const taxonomy = new Taxonomy({ name: 'theirs', bodyParts: [{ code: 'T', name: 'theirs' }], actions });
    const { dataset, warnings } = opentad.read(text, { source: name, taxonomy });
    expect(warnings).toEqual([]);
    expect(dataset.clips.flatMap(({ instances }) => instances).length).toBeGreaterThanOrEqual(least);
    const again = opentad.read(opentad.write(dataset), { source: name, taxonomy }).dataset;
    expect(again).toEqual(dataset);
  });
});
