import { describe, expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { formatNamed, formatOf, formats, oneClipEach, readAnnotations } from './index.ts';

describe('the table of formats', () => {
  it('names every format once', () => {
    const names = formats.map(({ name }) => name);
    const earlier = ['json', 'csv', 'tsv', 'mma52', 'eaf', 'boris', 'boris-events', 'opentad'];
    const further = ['via', 'cvat', 'label-studio', 'datavyu', 'thumos', 'textgrid', 'anvil'];
    expect(names.sort()).toEqual([...earlier, ...further].sort());
    expect(formatNamed(' EAF ').title).toBe('ELAN');
    expect(() => formatNamed('observer')).toThrow('There is no format "observer"; there are datavyu, eaf');
  });

  it.each([
    ['PK\u0003\u0004', 'project.opf'],
    ['', 'empty.csv'],
    ['{"a": 1}', 'a.json'],
    ['hello', 'notes.txt'],
  ])('knows no format of %j in %s', (text, name) => {
    expect(() => formatOf(text, name)).toThrow(`${name} is in no known annotation format`);
  });

  it('splits a data set for formats of one clip a file', () => {
    const clips = ['a', 'b'].map((id) => ({ id, instances: [{ action: 'nodding', start: 0, end: 1 }] }));
    const texts = oneClipEach({ taxonomy: microActions52, clips }).map((set) => formatNamed('eaf').write(set));
    const read = texts.map((text) => readAnnotations(text, { source: 'x.eaf', taxonomy: microActions52 }));
    expect(read.map(({ dataset }) => dataset.clips[0].id)).toEqual(['a', 'b']);
  });
});
