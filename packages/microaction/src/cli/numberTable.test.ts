import { describe, expect, it } from 'vitest';
import { numberTable } from './numberTable.ts';

const session = (columns?: number) => ({ columns, style: (_: unknown, text: string) => text });
const columns = [
  { title: 'action', align: 'left' },
  { title: 'one' },
  { title: 'two', givesWay: 1 },
  { title: 'three', givesWay: 2 },
  { title: 'four', givesWay: 1 },
] as const;
const rows = [
  ['scratching or touching hindbrain', '1', '22', '3', '4'],
  ['nodding', '11', '2', '33', '4'],
];

describe('a table of numbers', () => {
  it('stands words left and numbers right, whole where nothing need be cut', () => {
    expect(numberTable(columns, rows, session())).toBe(
      [
        'action                            one  two  three  four',
        'scratching or touching hindbrain    1   22      3     4',
        'nodding                            11    2     33     4',
        '',
      ].join('\n'),
    );
  });

  it('lets columns give way together, the least first, then cuts words', () => {
    const titles = (width: number) => numberTable(columns, rows, session(width)).split('\n')[0].split(/ +/);
    expect(titles(55)).toEqual(['action', 'one', 'two', 'three', 'four']);
    expect(titles(54)).toEqual(['action', 'one', 'three']);
    expect(titles(43)).toEqual(['action', 'one']);
    expect(numberTable(columns, rows, session(20))).toBe(
      ['action           one', 'scratching or…     1', 'nodding           11', ''].join('\n'),
    );
    for (const width of [16, 30, 40, 50]) {
      for (const line of numberTable(columns, rows, session(width)).split('\n')) {
        expect(line.length).toBeLessThanOrEqual(width);
      }
    }
  });
});
