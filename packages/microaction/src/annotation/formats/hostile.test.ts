import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../errors.ts';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { type FormatName, formatNamed, readAnnotations } from './index.ts';

const messageOf = (name: FormatName, content: string | Uint8Array, source: string): string => {
  try {
    readAnnotations(content, { source, taxonomy: microActions52, frameRate: 25 }, formatNamed(name));
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as UserError).message;
  }
  return 'it was read';
};

const laughs = `<?xml version="1.0"?>
<!DOCTYPE annotations [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<annotations><meta/><track label="nodding">&c;</track></annotations>`;

const grid = (interval: string) => `File type = "ooTextFile"
Object class = "TextGrid"
0 9 <exists> 1 "IntervalTier" "nodding" 0 9 1 ${interval}`;

const task = (start: string, end: string) =>
  `[{"data": {"video": "a.mp4"}, "annotations": [{"result": [{"type": "timelinelabels",
  "value": {"ranges": [{"start": ${start}, "end": ${end}}], "timelinelabels": ["nodding"]}}]}]}]`;

const project = (z: string) => `{"project": {"vid_list": ["1"]}, "attribute": {"1": {"aname": "Action"}},
  "file": {}, "view": {"1": {}}, "metadata": {"k": {"vid": "1", "z": ${z}, "xy": [], "av": {"1": "nodding"}}}}`;

const spreadsheet = (db: string, name = 'db') => zipSync({ [name]: strToU8(db) });

/** A zip whose directory says how large its one entry is, whatever it is. */
function claiming(zip: Uint8Array, bytes: number): Uint8Array {
  const claimed = zip.slice();
  const view = new DataView(claimed.buffer);
  for (let at = 0; at + 4 <= claimed.length; at++) {
    if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, bytes, true);
  }
  return claimed;
}

describe('hostile input', () => {
  it.each(['cvat', 'eaf', 'anvil'] as const)(
    '%s: entities that would expand without end are refused at their declaration',
    (name) => {
      expect(messageOf(name, laughs, 'laughs.xml')).toBe(
        'laughs.xml, line 2: found a document type declaration, which annotation files do not have',
      );
    },
  );

  it('a zip that would fill the memory is refused by what it says', () => {
    const bomb = spreadsheet(`#4\n${' '.repeat(65 * 2 ** 20)}`);
    expect(bomb.length).toBeLessThan(2 ** 17);
    expect(messageOf('datavyu', bomb, 'bomb.opf')).toBe(
      'bomb.opf: its db would unpack to 65 MiB, expected at most 64 MiB',
    );
  });

  it('a zip that lies about its size gets no more memory than it says', () => {
    const liar = claiming(spreadsheet(`#4\n${'x'.repeat(2 ** 20)}`), 8);
    expect(messageOf('datavyu', liar, 'liar.opf')).toMatch(
      /^liar.opf: db, line 2: found "x+", expected a column or a cell/,
    );
  });

  it.each<[string, Uint8Array | string, string]>([
    ['no zip', 'PK\u0003\u0004 and no more', 'damaged.opf is text, and Datavyu spreadsheet files are not'],
    ['a cut one', spreadsheet('#4\n').slice(0, 20), 'damaged.opf: not a readable zip file'],
    ['one without a db', spreadsheet('#4\n', 'other'), 'damaged.opf: found no db in the zip file'],
    ['one with litter only', spreadsheet('#4\n', '__MACOSX/db'), 'damaged.opf: found no db in the zip file'],
    ['an empty db', spreadsheet(''), 'damaged.opf: db: found "", expected a first line #4'],
    [
      'cells that end before they start',
      spreadsheet('#4\nnodding (TEXT,true,)\n00:00:02:000,00:00:01:000,x\n'),
      'damaged.opf: db, line 3: start 2 must be before end 1',
    ],
  ])('datavyu says what is wrong with %s', (_, content, message) => {
    expect(messageOf('datavyu', content, 'damaged.opf')).toContain(message);
  });

  it.each<[FormatName, string, string]>([
    ['textgrid', grid('NaN 2 "x"'), 'a, line 3: found NaN, expected a time in seconds'],
    ['textgrid', grid('1 inf "x"'), 'a, line 3: found inf, expected a time in seconds'],
    ['textgrid', grid('-1 2 "x"'), 'a: tier "nodding", "x": start: found -1, expected 0 or more'],
    ['textgrid', grid('1 2 "x'), 'a, line 3: a quotation mark is not closed'],
    ['textgrid', grid('').replace(' 1 ', ' 999999999999 '), 'a, line 3: found the end of the file'],
    ['thumos', 'v  nan 2\n', 'Nodding.txt: line 1: start: found NaN, expected seconds'],
    ['thumos', 'v  1 inf\nv\nv 3 2\n', 'Nodding.txt has 3 problems:'],
    ['via', project('[1, 1e999]'), 'a: metadata "k": z: found [1,null], expected times in seconds'],
    ['via', project('[-1, 2]'), 'a: metadata "k": z: found -1, expected 0 or more'],
    ['label-studio', task('null', '4'), 'a: task 0, result 0, start: found null, expected a number'],
    ['label-studio', task('0', '4'), 'a: task 0: found a span from 0 to 4, expected frames from 1 in order'],
    ['label-studio', task('9', '4'), 'a: task 0: found a span from 9 to 4, expected frames from 1 in order'],
    [
      'anvil',
      '<annotation><body><track name="nodding"><el start="" end="2"/></track></body></annotation>',
      'found NaN',
    ],
    [
      'cvat',
      '<annotations><track label="nodding"><box frame="NaN" outside="0"/></track></annotations>',
      'a: line 1, frame: found "NaN", expected the number of a frame',
    ],
  ])('%s refuses times that are none', (name, content, message) => {
    expect(messageOf(name, content, name === 'thumos' ? 'Nodding.txt' : 'a')).toContain(message);
  });

  it.each<[FormatName, string]>([
    ['cvat', '<annotations><track label="nodding"/></annotations>'],
    ['label-studio', task('1', '4')],
  ])('%s needs a frame rate', (name, content) => {
    const read = () => readAnnotations(content, { source: 'a', taxonomy: microActions52 }, formatNamed(name));
    expect(read).toThrow('a counts frames without saying how many there are in a second; give the frame rate');
  });

  it.each<[string, FormatName, string]>([
    ['letters', 'thumos', `${'x'.repeat(200_000)} 1 x\n`],
    ['blanks', 'thumos', `v${' '.repeat(200_000)}x\n`],
    ['backslashes', 'thumos', `${'\\'.repeat(200_000)}\n`],
    ['quotes', 'textgrid', grid(`0 9 ${'"'.repeat(200_001)}x`)],
    ['words', 'textgrid', grid('word '.repeat(50_000))],
    ['blanks', 'label-studio', ' '.repeat(200_000)],
  ])('a line of many %s takes %s no longer than its length', (_, name, content) => {
    expect(messageOf(name, content, 'Nodding.txt')).toContain('Nodding.txt');
  });

  it('a cell of many backslashes takes datavyu no longer than its length', () => {
    const content = spreadsheet(`#4\n${'\\'.repeat(100_001)}\n${'\\'.repeat(100_001)}\n`);
    expect(messageOf('datavyu', content, 'a.opf')).toContain('a.opf: db, line 2');
  });
});
