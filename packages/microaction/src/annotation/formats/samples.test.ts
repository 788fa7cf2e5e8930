import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { checkDataset } from '../validate.ts';
import { formatNamed, formatOf, type ReadContext, readAnnotations } from './index.ts';
import { isAmbiguous, readAmbiguous } from './thumos.ts';

/** A taxonomy of these actions. */
const labels = (...names: string[]) =>
  new Taxonomy({
    name: 'sample',
    bodyParts: [{ code: 'P', name: 'part' }],
    actions: names.map((name, id) => ({ id, code: `code ${id}`, name, description: '', bodyPart: 'P' })),
  });

const samples = new URL('../../../test/samples/', import.meta.url);

function read(name: string, taxonomy: Taxonomy = microActions52, frameRate?: number) {
  const context: ReadContext = { source: name, taxonomy, frameRate };
  const { dataset, warnings } = readAnnotations(new Uint8Array(readFileSync(new URL(name, samples))), context);
  const clips = dataset.clips.map(({ instances, ...clip }) => ({
    ...clip,
    instances: instances.map(({ action, start, end }) => [action, start, end]),
  }));
  return { clips, warnings };
}

describe('VIA', () => {
  it('gives segments of time, and tells what is none', () => {
    const { clips, warnings } = read('via3_demo_video.json', labels('2. pour liquid', '3. Roast Bread', '4. mix'));
    const url = 'https://upload.wikimedia.org/wikipedia/commons/transcoded/8/89/Grilledcheesesandwich.webm/';
    expect(clips).toEqual([
      {
        id: 'demo_file',
        file: 'demo_file',
        instances: [
          ['2. pour liquid', 9, 20],
          ['2. pour liquid', 24, 26],
          ['4. mix', 64, 128],
        ],
      },
      {
        id: 'Grilledcheesesandwich.webm.360p',
        file: `${url}Grilledcheesesandwich.webm.360p.webm`,
        instances: [['3. Roast Bread', 24, 27]],
      },
    ]);
    expect(warnings.at(-1)).toBe(
      'via3_demo_video.json: a region or a still picture is no segment of time. Not kept: 5.',
    );
    expect(warnings).toHaveLength(5);
  });
});

describe('CVAT', () => {
  it('holds a label while its shape is in view, in frames of the source video', () => {
    const { clips } = read('datumaro_video_1.1.xml', labels('II', 'z U k'), 10);
    expect(clips).toEqual([
      {
        id: 'v1',
        file: 't.mp4',
        frameRate: 10,
        widthPixels: 25,
        heightPixels: 20,
        instances: [
          ['II', 1, 1.3],
          ['II', 1.3, 1.6],
        ],
      },
    ]);
  });

  it('holds an attribute while it keeps its value', () => {
    const { clips, warnings } = read('datumaro_video_1.1.xml', labels('hgkf', 'jk'), 10);
    expect(clips[0].instances).toEqual([['hgkf', 1, 1.3]]);
    expect(warnings).toEqual([expect.stringContaining('"II"')]);
  });

  it('writes no shape beyond the video, and says where a track ends for want of anything else', () => {
    const instances = [
      { action: 'nodding', start: 0, end: 0.4 },
      { action: 'shaking head', start: 0.9, end: 1 },
    ];
    const clips = [{ id: 'a', frameRate: 10, durationSeconds: 1, instances }];
    const text = String(formatNamed('cvat').write({ taxonomy: microActions52, clips }));
    expect([...text.matchAll(/frame="(\d+)" outside="(\d)"/g)].map(([, ...found]) => found)).toEqual([
      ['0', '0'],
      ['4', '1'],
      ['9', '0'],
    ]);
    expect(readAnnotations(text, { source: 'a.xml', taxonomy: microActions52 }).warnings).toEqual([]);
    const cut = text.replace('<stop_frame>9<', '<stop_frame>20<');
    expect(readAnnotations(cut, { source: 'a.xml', taxonomy: microActions52 }).warnings).toEqual([
      'a.xml: tracks of "shaking head" that never leave the picture were taken to end with their last shape (1).',
    ]);
  });

  it('joins neighbouring tags of pictures', () => {
    expect(read('cvat_images_tags.xml', microActions52, 10).clips).toEqual([
      {
        id: 'cvat_images_tags',
        frameRate: 10,
        instances: [
          ['nodding', 0, 0.2],
          ['scratching or touching face', 0.1, 0.2],
          ['nodding', 0.4, 0.5],
        ],
      },
    ]);
  });
});

describe('Label Studio', () => {
  it('counts frames from 1, the last included; predictions stand back', () => {
    const { clips, warnings } = read('label-studio_export.json', microActions52, 10);
    expect(clips).toEqual([
      {
        id: 'int_01',
        file: '/data/upload/1/ab12cd34-int_01.mp4',
        frameRate: 10,
        instances: [
          ['nodding', 0, 3],
          ['scratching or touching face', 1.9, 5.5],
        ],
      },
      { id: 'int_02', file: 's3://bucket/int_02.mp4', instances: [] },
    ]);
    expect(warnings).toHaveLength(3);
  });

  it('takes the frame rate of a webhook message from its labelling interface', () => {
    expect(read('webhook_timelinelabels.json', labels('Car', 'croquet ball'), 10).clips).toEqual([
      {
        id: 'opossum_snow_short',
        file: 'tests/opossum_snow_short.mp4',
        frameRate: 25,
        instances: [
          ['Car', 0, 0.4],
          ['croquet ball', 0.16, 0.6],
        ],
      },
    ]);
  });

  it('reads JSON_MIN, and boxes until the key frame that ends them', () => {
    const context = { source: 'min.json', taxonomy: microActions52, frameRate: 10 };
    const minimal = [
      { video: 'a.mp4', annotation_id: 1, act: [{ ranges: [{ start: 1, end: 5 }], timelinelabels: ['nodding'] }] },
    ];
    expect(readAnnotations(JSON.stringify(minimal), context).dataset.clips).toEqual([
      { id: 'a', file: 'a.mp4', frameRate: 10, instances: [{ action: 'nodding', start: 0, end: 0.5 }] },
    ]);
    const sequence = [
      { frame: 3, enabled: true },
      { frame: 8, enabled: false },
      { frame: 11, enabled: true },
    ];
    const value = { sequence, framesCount: 20, labels: ['nodding'] };
    const boxes = [{ data: { video: 'a.mp4' }, annotations: [{ result: [{ type: 'videorectangle', value }] }] }];
    expect(readAnnotations(JSON.stringify(boxes), context).dataset.clips[0].instances).toEqual([
      { action: 'nodding', start: 0.2, end: 0.8 },
      { action: 'nodding', start: 1, end: 2 },
    ]);
  });
});

describe('TextGrids', () => {
  it.each(['mary_longfile_utf16be.TextGrid', 'mary_short_crlf.TextGrid'])('are read long and short: %s', (name) => {
    const { clips, warnings } = read(name, labels('mary', 'the', 'ə'));
    expect(clips).toEqual([
      {
        id: name.replace('.TextGrid', ''),
        durationSeconds: 1.869687,
        instances: [
          ['mary', 0.3154201182247563, 0.6755499913498981],
          ['ə', 0.38526757369599995, 0.4906833231456586],
          ['the', 0.9839070294779999, 1.063725623583],
          ['ə', 1.0164729379083655, 1.063725623583],
        ],
      },
    ]);
    expect(warnings).toEqual([
      expect.stringMatching(
        /11 labels are no actions of the taxonomy sample: "r" \(3\), .* and 3 more\. Not kept: 14\.$/,
      ),
      `${name}: tier "pitch" holds points, which have no length. Not kept: 4.`,
    ]);
  });

  it('have quotes and line ends in labels, and tiers of one name', () => {
    const spoken = labels('"""BOBBY"""\nNoun', 'THE Determiner');
    expect(read('bobby_words_with_newlines.TextGrid', spoken).clips[0].instances).toEqual([
      ['"""BOBBY"""\nNoun', 0.06469123242311078, 0.41156462585],
      ['THE Determiner', 0.6576881808447274, 0.740816326531],
    ]);
    const { instances } = read('all_tiers_have_the_same_name.TextGrid', labels('Maary', 'Bob')).clips[0];
    expect(instances.map(([action]) => action)).toEqual(['Maary', 'Bob']);
  });

  it('are read from Latin-1, with words for people between the values', () => {
    const text = `File type = "ooTextFile"\nObject class = "TextGrid"\n! by hand
      from 0 to 3 seconds <exists> 1 tier: "IntervalTier" named "Köpfe" 0 3 one: 1 from 0 to 3 it says "Kopfschütteln"\n`;
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    const context = { source: 'alt.TextGrid', taxonomy: labels('Kopfschütteln') };
    expect(readAnnotations(bytes, context).dataset.clips).toEqual([
      { id: 'alt', durationSeconds: 3, instances: [{ action: 'Kopfschütteln', start: 0, end: 3 }] },
    ]);
  });
});

describe('THUMOS', () => {
  it('says the action and the subset in the name of a file', () => {
    const { clips } = read('Nodding_val.txt');
    expect(clips.map(({ id, subset, instances }) => [id, subset, instances.length])).toEqual([
      ['video_validation_0000101', 'validation', 3],
      ['video_validation_0000205', 'validation', 1],
      ['video_validation_0000310', 'validation', 1],
    ]);
  });

  it('takes a name that is no subset of THUMOS as a subset of your own', () => {
    const context = { source: 'folder/TouchingNose_my_lab.txt', taxonomy: microActions52 };
    const [clip] = readAnnotations('  int 01  1 2.5e1  \r\n\r\n', context).dataset.clips;
    expect(clip).toEqual({
      id: 'int 01',
      subset: 'my_lab',
      instances: [{ action: 'touching nose', start: 1, end: 25 }],
    });
  });

  it('keeps spans to leave out of scoring apart', () => {
    const text = readFileSync(new URL('Ambiguous_val.txt', samples), 'utf8');
    expect(isAmbiguous('folder/Ambiguous_val.txt')).toBe(true);
    expect(isAmbiguous('Nodding_val.txt')).toBe(false);
    expect([...readAmbiguous(text, 'Ambiguous_val.txt')]).toEqual([['video_validation_0000101', [[10, 12.7]]]]);
    expect(read('Ambiguous_val.txt').warnings).toEqual(['Ambiguous_val.txt: spans marked as ambiguous. Not kept: 1.']);
  });
});

describe('Anvil', () => {
  it('gives elements whose values name actions', () => {
    const { clips, warnings } = read('poem_1838_01.anvil', labels('submuc_inject', 'tunnel'));
    expect(clips).toEqual([
      {
        id: '1838c3bc72a24ebd851f00e777aca492',
        file: '1838c3bc72a24ebd851f00e777aca492.mp4',
        instances: [
          ['submuc_inject', 726, 744],
          ['tunnel', 1051, 3102],
        ],
      },
    ]);
    expect(warnings).toHaveLength(3);
  });

  it('takes the times of elements that refer to others by index', () => {
    const text = `<annotation><head/><body>
      <track name="words" type="primary">
        <el index="0" start="1.0" end="2"/><el index="4" start="2" end="3.50001"/><el index="5" start="4" end="5"/>
      </track>
      <track name="head.nodding" type="span" ref="words"><el index="0" start="0" end="4"/></track>
      <track name="nose" type="singleton" ref="words">
        <el index="0" ref="5"><attribute name="act">touching nose</attribute></el><el index="1" ref="6"/>
      </track></body></annotation>`;
    const { dataset, warnings } = readAnnotations(text, { source: 'a.anvil', taxonomy: microActions52 });
    expect(dataset.clips[0].instances).toEqual([
      { action: 'nodding', start: 1, end: 3.5 },
      { action: 'touching nose', start: 4, end: 5 },
    ]);
    expect(warnings).toEqual([
      expect.stringContaining('"words"'),
      'a.anvil: an element of the track "nose" has no times that can be found. Not kept: 1.',
    ]);
  });

  it('is only read', () => {
    expect(() => formatNamed('anvil').write({ taxonomy: microActions52, clips: [] })).toThrow('only read');
  });
});

const folder = '../shared/formats';
const others = ['datavyu', 'via', 'cvat', 'label-studio', 'textgrid', 'anvil'].flatMap((name) =>
  existsSync(`${folder}/${name}`) ? readdirSync(`${folder}/${name}`).map((file) => `${folder}/${name}/${file}`) : [],
);

describe.skipIf(others.length === 0)(`real files (skipped without ${folder})`, () => {
  it.each(others)('%s is recognised by its content and read, or refused in one line', (path) => {
    const bytes = new Uint8Array(readFileSync(path));
    expect(path).toContain(`/${formatOf(bytes, path).name}/`);
    const context = {
      source: path,
      taxonomy: labels('nom1', 'nodding', 'person', 'This is a test cell.'),
      frameRate: 25,
    };
    if (path.endsWith('texio10.TextGrid')) {
      expect(() => readAnnotations(bytes, context)).toThrow('line 17: found the end of the file, expected the text');
      return;
    }
    const { dataset } = readAnnotations(bytes, context);
    checkDataset(dataset);
    const counts: Record<string, number> = { 'jaad_video_0282.xml': 0, 'demo_data_to_csv.opf': 10, 'simple2.opf': 1 };
    const wanted = counts[path.replace(/^.*\//, '')];
    if (wanted !== undefined) expect(dataset.clips.flatMap(({ instances }) => instances)).toHaveLength(wanted);
  });
});
