import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth } from './printable.ts';
import { table } from './table.ts';

const columns = [{ title: 'start', align: 'right' }, { title: 'action' }, { title: 'reason' }] as const;
const rows = [
  ['0.40', 'nodding', 'head pitch oscillates at 2.1 Hz, 9 degrees peak to peak'],
  ['12.03', 'shrugging', ''],
];
const draw = (cells?: number) => table(columns, rows, { columns: cells, spillUnder: 1, dim: (text) => text });

describe('a table', () => {
  it('is aligned and whole where nothing limits it', () => {
    expect(draw()).toBe(
      [
        'start  action     reason',
        ' 0.40  nodding    head pitch oscillates at 2.1 Hz, 9 degrees peak to peak',
        '12.03  shrugging\n',
      ].join('\n'),
    );
  });

  it('cuts the prose at the edge of the terminal', () => {
    expect(draw(50)).toBe(
      ['start  action     reason', ' 0.40  nodding    head pitch oscillates at 2.1 Hz…', '12.03  shrugging\n'].join(
        '\n',
      ),
    );
  });

  it('gives the prose a line of its own where too little room is left', () => {
    expect(draw(30)).toBe(
      ['start  action', ' 0.40  nodding', '       head pitch oscillates…', '12.03  shrugging\n'].join('\n'),
    );
  });

  it('never runs over a terminal that leaves 8 cells to the widest column', () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constant('1.00'), cell, cell)),
        fc.integer({ min: 24, max: 160 }),
        (rows, cells) => {
          const lines = table(columns, rows, { columns: cells, spillUnder: 1, dim: (text) => text }).split('\n');
          for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(cells);
        },
      ),
    );
  });
});
