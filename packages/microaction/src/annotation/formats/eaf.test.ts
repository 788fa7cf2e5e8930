import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Clip, Dataset, Instance } from '../dataset.ts';
import { dataset, millisecondTime } from '../testing.ts';
import { eaf } from './eaf.ts';
import { eafBreaches } from './eafRules.testing.ts';
import { elementsOf, parseXml, textOf, writeXml, type XmlElement, type XmlNode } from './xml.ts';

const oneClip = { minLength: 1, maxLength: 1 };
const read = (text: string, source = 'some.eaf') => eaf.read(text, { source, taxonomy: microActions52 });
const clipOf = (text: string, source?: string): Clip => read(text, source).dataset.clips[0];
const withInstances = (text: string, instances: Instance[]): string => {
  const { dataset: set } = read(text);
  return eaf.write({ ...set, clips: [{ ...set.clips[0], instances }] });
};

/** A document around some tiers, in the layout of ELAN 3.0. */
function document({ header = '', slots = [] as (number | undefined)[], tiers = '', types = '' } = {}): string {
  const timeSlots = slots.map(
    (ms, i) => `<TIME_SLOT TIME_SLOT_ID="ts${i + 1}"${ms === undefined ? '' : ` TIME_VALUE="${ms}"`}/>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="2020-01-01T00:00:00Z" FORMAT="3.0" VERSION="3.0">
<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">${header}</HEADER>
<TIME_ORDER>${timeSlots.join('')}</TIME_ORDER>
${tiers}
<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="free" TIME_ALIGNABLE="true" GRAPHIC_REFERENCES="false"/>
${['Time_Subdivision', 'Included_In', 'Symbolic_Subdivision', 'Symbolic_Association']
  .map(
    (name) =>
      `<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="${name}" CONSTRAINTS="${name}" TIME_ALIGNABLE="${!name.startsWith('Sy')}"/>`,
  )
  .join('\n')}
${types}
${['Time_Subdivision', 'Included_In', 'Symbolic_Subdivision', 'Symbolic_Association'].map((name) => `<CONSTRAINT STEREOTYPE="${name}"/>`).join('\n')}
</ANNOTATION_DOCUMENT>`;
}

const aligned = (id: string, from: number, to: number, value: string) =>
  `<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="${id}" TIME_SLOT_REF1="ts${from}" TIME_SLOT_REF2="ts${to}">` +
  `<ANNOTATION_VALUE>${value}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>`;

const hanging = (id: string, on: string, value: string, previous?: string) =>
  `<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="${id}" ANNOTATION_REF="${on}"${previous ? ` PREVIOUS_ANNOTATION="${previous}"` : ''}>` +
  `<ANNOTATION_VALUE>${value}</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>`;

const tier = (id: string, type: string, annotations: string, parent?: string) =>
  `<TIER TIER_ID="${id}" LINGUISTIC_TYPE_REF="${type}"${parent ? ` PARENT_REF="${parent}"` : ''}>${annotations}</TIER>`;

describe('writing .eaf', () => {
  it('keeps every rule of EAF 3.0', () => {
    fc.assert(
      fc.property(dataset({ clips: oneClip }), (set) => {
        expect(eafBreaches(eaf.write(set))).toEqual([]);
      }),
    );
  });

  it('keeps every rule when instances of a document are changed, removed and added', () => {
    const changed = dataset({ clips: oneClip, time: millisecondTime }).chain((set) =>
      fc.record({
        set: fc.constant(set),
        keep: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
        shiftMs: fc.integer({ min: 0, max: 800 }),
      }),
    );
    fc.assert(
      fc.property(changed, ({ set, keep, shiftMs }) => {
        const once = eaf.read(eaf.write(set), { source: 'a.eaf', taxonomy: set.taxonomy }).dataset;
        const [clip] = once.clips;
        const moved = clip.instances.map((some, i) =>
          keep[i] ? some : { ...some, end: Math.round(some.end * 1000 + shiftMs) / 1000, score: 0.5 },
        );
        const instances = moved.filter((_, i) => i % 3 !== 0 || keep[i]).sort((a, b) => a.start - b.start);
        const text = eaf.write({ ...once, clips: [{ ...clip, instances }] });
        expect(eafBreaches(text)).toEqual([]);
        const again = eaf.read(text, { source: 'a.eaf', taxonomy: set.taxonomy }).dataset.clips[0].instances;
        const inAnyOrder = (list: readonly Instance[]) =>
          list.map((some) => JSON.stringify(Object.entries(some).sort())).sort();
        expect(inAnyOrder(again)).toEqual(inAnyOrder(instances));
      }),
    );
  });

  it('spreads overlapping instances of one body part over numbered tiers', () => {
    const instances = [
      { action: 'nodding', start: 1, end: 3 },
      { action: 'turning head', start: 2, end: 4 },
      { action: 'nodding', start: 3, end: 5 },
    ];
    const text = eaf.write({ taxonomy: microActions52, clips: [{ id: 'a', instances }] });
    const tiers = [...text.matchAll(/<TIER TIER_ID="([^"]*)"/g)].map(([, id]) => id);
    expect(tiers.filter((id) => id.startsWith('B'))).toEqual(['B head', 'B head 2']);
    expect(clipOf(text).instances).toEqual(instances);
  });

  it('names the video both relative to the document and from the root', () => {
    const set = (file: string): Dataset => ({ taxonomy: microActions52, clips: [{ id: 'a', file, instances: [] }] });
    const urls = (file: string, folder?: string) =>
      /MEDIA_URL="([^"]*)" MIME_TYPE="([^"]*)"(?: RELATIVE_MEDIA_URL="([^"]*)")?/
        .exec(eaf.write(set(file), { folder }))
        ?.slice(1);
    expect(urls('a b.mp4', '/data/out')).toEqual(['file:///data/out/a b.mp4', 'video/mp4', './a b.mp4']);
    expect(urls('../in/é.MOV', '/data/out')).toEqual(['file:///data/in/é.MOV', 'video/quicktime', '../in/é.MOV']);
    expect(urls('/data/in/a.webm', '/data/out/')).toEqual(['file:///data/in/a.webm', 'video/webm', '../in/a.webm']);
    expect(urls('C:\\films\\a.avi', 'C:\\out')).toEqual([
      'file:///C:/films/a.avi',
      'video/x-msvideo',
      '../films/a.avi',
    ]);
    expect(urls('D:\\films\\a.avi', 'C:\\out')).toEqual(['file:///D:/films/a.avi', 'video/x-msvideo', undefined]);
    expect(urls('https://example.org/a.mp4')).toEqual(['https://example.org/a.mp4', 'video/mp4', undefined]);
    expect(urls('a.mp4')).toEqual(['./a.mp4', 'video/mp4', './a.mp4']);
  });

  it('refuses more than one video', () => {
    const clips = [
      { id: 'a', instances: [] },
      { id: 'b', instances: [] },
    ];
    expect(() => eaf.write({ taxonomy: microActions52, clips })).toThrow('holds one video, found 2');
  });
});

describe('reading .eaf', () => {
  it('takes annotations that name an action from any tier, by name, code or variant, and says so', () => {
    const text = document({
      slots: [0, 500, 1000, 2000],
      tiers: tier(
        'Gesten der Ärztin',
        'free',
        aligned('a1', 1, 2, ' Nod ') + aligned('a2', 2, 3, 'hm') + aligned('a3', 3, 4, 'B2'),
      ),
    });
    const { dataset: set, warnings } = read(text);
    expect(set.clips[0].instances).toEqual([
      { action: 'nodding', start: 0, end: 0.5 },
      { action: 'shaking head', start: 1, end: 2 },
    ]);
    expect(warnings).toEqual([
      'some.eaf: tier "Gesten der Ärztin" is not one of ours; its 2 annotations that name an action were taken as instances',
    ]);
  });

  it('gives slots without a time an even share of the time between their neighbours', () => {
    const text = document({
      slots: [1000, undefined, undefined, 4000],
      tiers:
        tier('parent', 'free', aligned('a1', 1, 4, 'x')) +
        tier(
          'child',
          'Time_Subdivision',
          aligned('a2', 1, 2, 'y') + aligned('a3', 3, 4, 'waving') + aligned('a4', 2, 3, 'nodding'),
          'parent',
        ),
    });
    expect(clipOf(text).instances).toEqual([
      { action: 'nodding', start: 2, end: 3 },
      { action: 'waving', start: 3, end: 4 },
    ]);
  });

  it('divides a parent among its symbolic parts in the order of their chain, through several levels', () => {
    const text = document({
      slots: [0, 3000],
      tiers:
        tier('grandchild', 'Symbolic_Association', hanging('a9', 'a3', 'tiptoe'), 'child') +
        tier(
          'child',
          'Symbolic_Subdivision',
          hanging('a3', 'a1', 'c', 'a2') + hanging('a2', 'a1', 'nodding', 'a4') + hanging('a4', 'a1', 'a'),
          'top',
        ) +
        tier('top', 'free', aligned('a1', 1, 2, 'x')),
    });
    expect(clipOf(text).instances).toEqual([
      { action: 'nodding', start: 1, end: 2 },
      { action: 'tiptoe', start: 2, end: 3 },
    ]);
  });

  it('adds the part of the video that the time line leaves out, and takes it off again when it writes', () => {
    const header = '<MEDIA_DESCRIPTOR MEDIA_URL="file:///a.mp4" MIME_TYPE="video/mp4" TIME_ORIGIN="1500"/>';
    const text = document({ header, slots: [0, 1000], tiers: tier('t', 'free', aligned('a1', 1, 2, 'nodding')) });
    const [instance] = clipOf(text).instances;
    expect(instance).toEqual({ action: 'nodding', start: 1.5, end: 2.5 });
    const added = { action: 'waving', start: 3, end: 4 };
    const again = withInstances(text, [instance, added]);
    expect(again).toContain('TIME_VALUE="2500"');
    expect(clipOf(again).instances).toEqual([instance, added]);
  });

  it('warns of a label on a tier of ours that means nothing, of a reversed span and of a bad score', () => {
    const types =
      '<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="micro-action B head" TIME_ALIGNABLE="true"/>' +
      '<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="micro-action score" CONSTRAINTS="Symbolic_Association"/>';
    const tiers =
      tier(
        'B head',
        'micro-action B head',
        aligned('a1', 1, 2, 'noding') + aligned('a2', 4, 3, 'nodding') + aligned('a3', 3, 4, 'nodding'),
      ) + tier('B head score', 'micro-action score', hanging('a4', 'a3', 'high'), 'B head');
    const { dataset: set, warnings } = read(document({ slots: [0, 500, 1000, 2000], tiers, types }));
    expect(set.clips[0].instances).toEqual([{ action: 'nodding', start: 1, end: 2 }]);
    expect(warnings).toEqual([
      expect.stringContaining('Did you mean "nodding"?'),
      expect.stringContaining('a2 (nodding) on tier "B head" is no instance: start 2 must be before end 1'),
      expect.stringContaining('found "high", expected a score from 0 to 1'),
    ]);
  });

  it('keeps what hangs on an annotation whose instance was moved', () => {
    const text = document({
      slots: [0, 1000, 5000, 6000],
      tiers:
        tier('ours', 'free', aligned('a1', 1, 2, 'nodding') + aligned('a7', 3, 4, 'nodding')) +
        tier(
          'comment',
          'Symbolic_Association',
          hanging('a2', 'a1', 'very slight') + hanging('a8', 'a7', 'left'),
          'ours',
        ),
    });
    const again = withInstances(text, [{ action: 'nodding', start: 0.1, end: 1.2, score: 0.5 }]);
    expect(again).toContain('very slight');
    expect(again).not.toContain('left');
    expect(clipOf(again).instances).toEqual([{ action: 'nodding', start: 0.1, end: 1.2, score: 0.5 }]);
    expect(again).not.toContain('TIME_VALUE="5000"');
  });

  const damaged: [what: string, text: string, message: RegExp][] = [
    ['an empty text', '', /^some\.eaf, line 1: not well-formed XML/],
    ['other XML', '<html/>', /found the XML element <html>, expected <ANNOTATION_DOCUMENT>/],
    ['a cut file', document().slice(0, 300), /some\.eaf, line \d+: not well-formed XML/],
    ['a wrong end tag', '<ANNOTATION_DOCUMENT>\n</ANNOTATION>', /line 2: not well-formed XML/],
    ['an undefined entity', '<ANNOTATION_DOCUMENT>\n&lol;</ANNOTATION_DOCUMENT>', /line 2: not well-formed XML/],
    [
      'entities that expand into each other',
      '<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;">]><ANNOTATION_DOCUMENT>&c;</ANNOTATION_DOCUMENT>',
      /line 1: found a document type declaration/,
    ],
    ['elements too deep', '<a>'.repeat(100_000), /more than 200 elements inside each other/],
    [
      'a slot without digits',
      document({ slots: [Number.NaN] }),
      /line 4: TIME_VALUE: found "NaN", expected whole milli/,
    ],
    [
      'a missing slot',
      document({ tiers: tier('t', 'free', aligned('a1', 8, 9, '')) }),
      /has 2 problems:\n.*line 5: a1 names the time slot "ts8"/,
    ],
    [
      'a missing parent',
      document({ tiers: tier('t', 'Symbolic_Association', hanging('a1', 'a0', ''), 'p') }),
      /hangs on the tier "p", which is not there\n.*a1 refers to "a0"/,
    ],
    [
      'an id twice',
      document({ slots: [0, 1], tiers: tier('t', 'free', aligned('a1', 1, 2, '') + aligned('a1', 1, 2, '')) }),
      /ANNOTATION_ID "a1" must be unique/,
    ],
    [
      'another unit',
      document().replace('milliseconds', 'PAL-frames'),
      /TIME_UNITS: found "PAL-frames", expected "milliseconds"/,
    ],
  ];
  it.each(damaged)('refuses %s, naming the place', (_, text, message) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ name: 'UserError', message: expect.stringMatching(message) }),
    );
  });

  it('is not led in circles by annotations that refer to each other', () => {
    const text = document({
      tiers: tier('t', 'Symbolic_Association', hanging('a1', 'a2', 'nodding') + hanging('a2', 'a1', 'nodding'), 't'),
    });
    expect(clipOf(text).instances).toEqual([]);
  });
});

const samples = '../shared/formats/elan';
const files = existsSync(samples) ? readdirSync(samples).filter((name) => /\.(eaf|etf)$/.test(name)) : [];
const committed = '../../../test/samples/speach_test_3.0.eaf';

describe(`documents of real projects (most skipped without ${samples})`, () => {
  const sample = (name: string) =>
    readFileSync(name === committed ? new URL(name, import.meta.url) : `${samples}/${name}`, 'utf8');
  const withoutLines = (node: XmlNode): unknown => {
    if (typeof node === 'string' || 'comment' in node) return node;
    return { name: node.name, attributes: node.attributes, children: node.children.map(withoutLines) };
  };
  const textsOf = (element: XmlElement): string[] => [
    element.name === 'PROPERTY' ? '' : textOf(element),
    ...elementsOf(element).flatMap(textsOf),
  ];
  const tree = (text: string) => withoutLines(parseXml(text, 'a document') as XmlElement);

  it.each([committed, ...files])('%s comes back equivalent when nothing was changed', (name) => {
    const text = sample(name);
    const { dataset: set, warnings } = read(text, name);
    expect(warnings).toEqual([]);
    expect(tree(eaf.write(set))).toEqual(tree(text));
  });

  it.each([committed, ...files])('%s takes a new instance, loses nothing and keeps the rules', (name) => {
    const text = sample(name);
    const again = withInstances(text, [
      { action: 'nodding', start: 1, end: 2.5, score: 0.75, reason: 'the head nods' },
    ]);
    expect(clipOf(again).instances).toHaveLength(1);
    expect(eafBreaches(again)).toEqual([]);
    const values = (some: string) => new Set(textsOf(parseXml(some, 'a document')));
    expect(values(again).isSupersetOf(values(text))).toBe(true);
    for (const kind of ['TIER ', 'ANNOTATION>', 'EXTERNAL_REF', 'LINKED_FILE', 'LOCALE', 'LICENSE ', 'PROPERTY']) {
      expect(again.split(`<${kind}`).length).toBeGreaterThanOrEqual(text.split(`<${kind}`).length);
    }
    const once = withInstances(again, []);
    expect(clipOf(once).instances).toEqual([]);
    expect(values(once).isSupersetOf(values(text))).toBe(true);
  });

  it.skipIf(files.length === 0)('finds the annotations of a vocabulary of their own', () => {
    const gestures = { prep: 'preparation', hold: 'hold', stroke: 'stroke', retr: 'retraction' };
    const { actions, bodyParts } = microActions52.toJSON();
    const renamed = actions
      .slice(0, 4)
      .map((action, i) => ({ ...action, name: Object.values(gestures)[i], aliases: [Object.keys(gestures)[i]] }));
    const taxonomy = new Taxonomy({
      name: 'gesture phases',
      bodyParts,
      actions: renamed,
    });
    const text = readFileSync(`${samples}/pympi_2.8_trimmed.eaf`, 'utf8');
    const { instances } = eaf.read(text, { source: 'x.eaf', taxonomy }).dataset.clips[0];
    expect(instances.length).toBeGreaterThan(30);
    expect(instances.every(({ start, end }) => start < end)).toBe(true);
  });
});

describe('XML', () => {
  it('comes back as it was, whatever the text', () => {
    const text = fc
      .string({ unit: 'grapheme' })
      .map((some) => some.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, ''));
    fc.assert(
      fc.property(text, text, (value, attribute) => {
        const root = { name: 'a', attributes: { b: attribute }, children: value === '' ? [] : [value] };
        const back = parseXml(writeXml(root), 'x');
        expect([back.attributes, back.children]).toEqual([root.attributes, root.children]);
      }),
    );
  });
});
