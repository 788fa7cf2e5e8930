import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { phrase } from '../testing.ts';
import { readMa52List, writeMa52List } from './ma52List.ts';

const context = { source: 'train_list_videos.txt', taxonomy: microActions52 };
const nodding = { file: '0001_02_0003.mp4', action: 'nodding' };
const waving = { file: 'a clip.mp4', action: 'waving' };

describe('MA-52 lists', () => {
  it.each([
    ['as distributed, without a last line end', '0001_02_0003.mp4 9\na clip.mp4 19'],
    ['with the line ends of Windows and a mark', '\uFEFF0001_02_0003.mp4 9\r\na clip.mp4 19\r\n'],
    ['with tabs, empty lines and blanks at the ends', '  0001_02_0003.mp4\t9 \n\n\na clip.mp4   19\n\n'],
  ])('are read %s', (_, text) => {
    expect(readMa52List(text, context)).toEqual({ list: { clips: [nodding, waving] }, warnings: [] });
  });

  it('are written as they are distributed', () => {
    expect(writeMa52List({ clips: [nodding, waving] }, microActions52)).toBe('0001_02_0003.mp4 9\na clip.mp4 19\n');
  });

  it('come back the same', () => {
    const clip = fc.record({
      file: phrase.map((text) => text.replace(/\p{Z}/gu, ' ').trim() || 'x'),
      action: fc.constantFrom(...microActions52.actions.map(({ name }) => name)),
    });
    fc.assert(
      fc.property(fc.uniqueArray(clip, { minLength: 1, selector: ({ file }) => file }), (clips) => {
        const text = writeMa52List({ clips }, microActions52);
        expect(readMa52List(text, context).list).toEqual({ clips });
        expect(readMa52List(text.trimEnd().replaceAll('\n', '\r\n'), context).list).toEqual({ clips });
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it('warn of hidden labels, and of names that a disk may take for one', () => {
    expect(readMa52List('test0000.mp4 0\ntest0001.mp4 0\n', context).warnings).toEqual([
      'train_list_videos.txt: every label is the first one, as in test lists that hide their labels.',
    ]);
    expect(readMa52List('a.mp4 1\nA.mp4 2\n', context).warnings).toEqual([
      expect.stringContaining('1 names differ from another in case only'),
    ]);
  });

  it('tell all errors at once', () => {
    expect(() => readMa52List('a.mp4 52\nb.mp4\na.mp4 1\nc.mp4 nodding\nd.mp4 -1\n', context)).toThrow(
      [
        'train_list_videos.txt has 5 problems:',
        'line 1, label: found "52", expected an id of the taxonomy micro-actions-52',
        'line 2: found "b.mp4", expected a name, a blank and a label',
        'line 3: "a.mp4" is on line 1 too',
        'line 4, label: found "nodding", expected an id of the taxonomy micro-actions-52',
        'line 5, label: found "-1", expected an id of the taxonomy micro-actions-52',
      ].join('\n  '),
    );
    expect(() => readMa52List('\n \n', context)).toThrow('names no clip');
    const wrong = { clips: [nodding, nodding, { file: ' x', action: 'flying' }] };
    expect(() => writeMa52List(wrong, microActions52)).toThrow('The list has 3 problems:');
  });
});
