import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Dataset, Instance } from '../dataset.ts';
import { boris } from './boris.ts';
import { borisEvents } from './borisEvents.ts';

const samples = new URL('../../../test/samples/', import.meta.url);
const sample = (name: string) => readFileSync(new URL(name, samples), 'utf8');
const read = (text: string, taxonomy = microActions52) => boris.read(text, { source: 'some.boris', taxonomy });
const project = (events: unknown[], rest: object = {}) =>
  JSON.stringify({
    project_format_version: '7.0',
    behaviors_conf: {},
    observations: { o: { file: { '1': ['a.mp4'] }, events, ...rest } },
  });
const taxonomyOf = (...names: string[]) =>
  new Taxonomy({
    name: 'theirs',
    bodyParts: [{ code: 'T', name: 'theirs' }],
    actions: names.map((name, id) => ({ id, code: `T${id}`, name, description: '', bodyPart: 'T' })),
  });

describe('reading a BORIS project', () => {
  it('pairs starts and stops in turn, in order of time, by subject and modifiers', () => {
    const events = [
      [4, 'P', 'nodding', '', ''],
      [1, 'P', 'nodding', '', 'score=0.5; reason=up; down'],
      [2, 'P', 'B1', 'left', '', 50],
      [3, 'P', 'B1', 'left', '', 75],
      [3, 'P', 'nodding', '', 'mine'],
      [2, 'P', 'nodding', '', ''],
    ];
    const [clip] = read(project(events)).dataset.clips;
    expect(clip).toMatchObject({ id: 'o', file: 'a.mp4', subject: 'P' });
    expect(clip.instances).toEqual([
      { action: 'nodding', start: 1, end: 2, score: 0.5, reason: 'up; down' },
      { action: 'nodding', start: 2, end: 3 },
      { action: 'nodding', start: 3, end: 4 },
    ]);
  });

  it('reports what it cannot pair, and guesses nothing', () => {
    const events = [
      [1, '', 'nodding', '', ''],
      [2, '', 'nodding', 'left', ''],
      [1, '', 'noding', '', ''],
      [5, '', 'waving', '', ''],
      [5, '', 'waving', '', ''],
    ];
    const { dataset, warnings } = read(project(events));
    expect(dataset.clips[0].instances).toEqual([]);
    expect(warnings).toEqual([
      expect.stringContaining(
        'There is no action "noding" in the taxonomy micro-actions-52. Did you mean "nodding"? Events of it are kept',
      ),
      'some.boris: observation "o": "nodding" of no focal subject has an odd number of events, so its starts and stops cannot be told apart.',
      'some.boris: observation "o": "waving" from 5 to 5 s is no instance.',
    ]);
  });

  it('reads the NaN of picture observations, though not inside texts', () => {
    const text = project([
      [0, '', 'x', '', 'NaN "NaN" \\'],
      [1, '', 'nodding', '', ''],
    ]).replace('[1,', '[NaN,');
    const { dataset, warnings } = read(text);
    expect(JSON.stringify(dataset.clips[0].foreign)).toContain('NaN \\"NaN\\" ');
    expect(warnings).toContain('some.boris: events of "nodding" without a time are kept, and are no instances (1).');
  });

  it('adds up the files that one player plays one after another', () => {
    const { dataset, warnings } = read(sample('boris_v9_minimal.boris'));
    const [clip] = dataset.clips;
    expect(clip).toMatchObject({ id: 'int 01', durationSeconds: 90, frameRate: 25, subject: 'patient' });
    expect(clip.file).toBeUndefined();
    expect(warnings).toContainEqual(expect.stringContaining('it plays 2 files one after another'));
  });

  it.each([
    ['text that is no JSON', '{', 'some.boris is not valid JSON'],
    ['other JSON', '{}', 'some.boris is JSON, but no BORIS project'],
    [
      'events that are none',
      project([[1, 'P'], 'x', ['1', '', '', '', '']]),
      'some.boris has 3 problems:\n  observation "o", event 0: found [1,"P"], expected [time, subject, code, modifiers, comment]',
    ],
    [
      'an observation without a list',
      project([], { events: 3 }),
      'observation "o": found 3, expected a list of events',
    ],
  ])('refuses %s', (_, text, message) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ name: 'UserError', message: expect.stringContaining(message) }),
    );
  });
});

describe('writing a BORIS project', () => {
  const clip = {
    id: 'int 01',
    file: 'videos/int_01.mp4',
    durationSeconds: 60,
    frameRate: 25,
    subject: 'Ärztin',
    instances: [
      { action: 'nodding', start: 1, end: 3, score: 0.8 },
      { action: 'nodding', start: 2, end: 4 },
      { action: 'nodding', start: 3, end: 3.5 },
    ],
  };
  const written = JSON.parse(boris.write({ taxonomy: microActions52, clips: [clip] }));

  it('has two rows an instance, and tells overlapping ones of one behaviour apart by a modifier', () => {
    expect(written.observations['int 01'].events).toEqual([
      [1, 'Ärztin', 'nodding', '', 'score=0.8', 25],
      [2, 'Ärztin', 'nodding', '2', '', 50],
      [3, 'Ärztin', 'nodding', '', '', 75],
      [3, 'Ärztin', 'nodding', '', '', 75],
      [3.5, 'Ärztin', 'nodding', '', '', 88],
      [4, 'Ärztin', 'nodding', '2', '', 100],
    ]);
    const nodding = Object.values<Record<string, unknown>>(written.behaviors_conf).find(
      ({ code }) => code === 'nodding',
    );
    expect(nodding).toMatchObject({ type: 'State event', key: 'b', category: 'head', color: '#56B4E9' });
    expect(nodding?.modifiers).toMatchObject({ '0': { name: 'overlap', values: ['2'] } });
  });

  it('names the media, the subject and all actions to code with', () => {
    expect(written.observations['int 01'].media_info).toMatchObject({
      length: { 'videos/int_01.mp4': 60 },
      fps: { 'videos/int_01.mp4': 25 },
    });
    expect(Object.values(written.subjects_conf)).toEqual([{ key: '', name: 'Ärztin', description: '' }]);
    expect(Object.keys(written.behaviors_conf)).toHaveLength(52);
    expect(written.behavioral_categories).toEqual([
      'body',
      'head',
      'upper limb',
      'lower limb',
      'body-hand',
      'head-hand',
      'leg-hand',
    ]);
  });

  it('changes only the events of what was changed', () => {
    const theirs = sample('boris_v9_minimal.boris');
    const { dataset } = read(theirs);
    expect(JSON.parse(boris.write(dataset))).toEqual(JSON.parse(theirs));
    const added: Instance = { action: 'nodding', start: 10, end: 11 };
    const [before] = dataset.clips;
    const set: Dataset = { ...dataset, clips: [{ ...before, instances: [added] }] };
    const again = boris.write(set);
    const events = (text: string) => JSON.parse(text).observations['int 01'].events;
    // The unpaired "nodding" stays alone, so the new one must not come between.
    expect(events(again)).toEqual(expect.arrayContaining(events(theirs)));
    expect(events(again)).toContainEqual([10, 'patient', 'nodding', '2', '', 250]);
    expect(read(again).dataset.clips[0].instances).toEqual([added]);
    const removed = boris.write({ ...set, clips: [{ ...read(again).dataset.clips[0], instances: [] }] });
    expect(events(removed)).toEqual(events(theirs));
  });
});

describe('BORIS tables of events', () => {
  const readTable = (text: string, taxonomy = microActions52) =>
    borisEvents.read(text, { source: 'events.tsv', taxonomy });

  it('are read as BORIS 9 writes them', () => {
    const { dataset, warnings } = readTable(sample('boris_v9_aggregated.tsv'));
    expect(dataset.clips).toEqual([
      {
        id: 'int 01',
        file: 'videos/int_01.mp4',
        durationSeconds: 60,
        frameRate: 25,
        subject: 'patient',
        instances: [{ action: 'nodding', start: 1.24, end: 3 }],
      },
    ]);
    expect(warnings).toEqual([expect.stringContaining('There is no action "touch"')]);
  });

  it('have the columns of BORIS 9', () => {
    const [header] = borisEvents.write({ taxonomy: microActions52, clips: [] }).split('\n');
    const [theirs] = sample('boris_v9_aggregated.tsv').slice(1).split('\n');
    expect(header.split('\t').filter((name) => !['subset', 'width', 'height'].includes(name))).toEqual(
      theirs.trim().split('\t'),
    );
  });

  it('are written with three decimals', () => {
    const instances = [{ action: 'nodding', start: 1, end: 2.5, score: 0.25, reason: 'up and down' }];
    const text = borisEvents.write({
      taxonomy: microActions52,
      clips: [{ id: 'a', file: 'a.mp4', frameRate: 25, instances }],
    });
    const cells = text.split('\n')[1].split('\t');
    expect(cells).toEqual(
      expect.arrayContaining([
        'nodding',
        'head',
        'STATE',
        '1.000',
        '2.500',
        '1.500',
        'a.mp4',
        '25',
        '63',
        'score=0.25; reason=up and down',
      ]),
    );
  });

  it('in the tabular layout pair START with STOP, and report what is not paired', () => {
    const table = (...rows: string[]) =>
      ['Observation id\to\t\t\t', '\t\t\t\t', 'Time\tMedia file path\tSubject\tBehavior\tStatus', ...rows].join('\n');
    const [clip] = readTable(
      table('1.5\ta.mp4\tP\tnodding\tSTART', '2.0\ta.mp4\tP\twaving\tPOINT', '2.5\ta.mp4\tP\tnodding\tSTOP'),
    ).dataset.clips;
    expect(clip).toMatchObject({
      id: 'o',
      file: 'a.mp4',
      subject: 'P',
      instances: [{ action: 'nodding', start: 1.5, end: 2.5 }],
    });
    expect(() => readTable(table('1.5\ta.mp4\tP\tnodding\tSTART', '2.5\ta.mp4\tP\twaving\tSTOP'))).toThrow(
      'events.tsv has 2 problems:\n  line 5, Status: found "STOP" of "waving", expected START\n  line 4: "nodding" is started and never stopped',
    );
  });

  it.each([
    ['without rows or header', 'a\tb\n', 'events.tsv, line 1: found neither a header with Behavior and Start (s)'],
    [
      'with a bad time',
      sample('boris_v9_aggregated.tsv').replace('1.240', 'x'),
      'line 2, start_s: found "x", expected a number',
    ],
  ])('%s are refused', (_, text, message) => {
    expect(() => readTable(text)).toThrow(message);
  });

  const folder = '../shared/formats/boris';
  describe.skipIf(!existsSync(folder))(`of real projects (skipped without ${folder})`, () => {
    it.each([
      ['events_aggregated_full_1.tsv', 10],
      ['events_aggregated_full_5.tsv', 3],
      ['events_tabular_v7.tsv', 4],
    ])('%s gives %i instances', (name, count) => {
      const { dataset } = readTable(readFileSync(`${folder}/${name}`, 'utf8'), taxonomyOf('s', 'p'));
      expect(dataset.clips.flatMap(({ instances }) => instances)).toHaveLength(count);
    });

    it('agree with the project that they were exported from', () => {
      const taxonomy = taxonomyOf('s');
      const { dataset } = read(readFileSync(`${folder}/test.boris`, 'utf8'), taxonomy);
      const exported = readTable(readFileSync(`${folder}/events_aggregated_full_1.tsv`, 'utf8'), taxonomy).dataset
        .clips[0];
      expect(dataset.clips.find(({ id }) => id === exported.id)?.instances).toEqual(exported.instances);
    });

    it.each(['test.boris', 'otx_import_test.boris'])('the project %s comes back as it was', (name) => {
      const text = readFileSync(`${folder}/${name}`, 'utf8');
      expect(JSON.parse(boris.write(read(text, taxonomyOf('s', 'p', 'q')).dataset))).toEqual(JSON.parse(text));
    });
  });
});
