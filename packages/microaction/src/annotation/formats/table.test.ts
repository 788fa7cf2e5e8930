import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delimiterOf, eachRow, parseLines, parseTable } from './table.ts';

describe('lines of a table', () => {
  it('are the same whether read plainly or by the parser that knows quotes', () => {
    const unit = fc.constantFrom('a', '7', ' ', ',', ';', '\t', '\n', '\r\n', '\r', 'é');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (text) => {
        const records = parse(text, {
          delimiter: delimiterOf(text),
          relax_column_count: true,
          skip_empty_lines: true,
          info: true,
        }) as unknown as { record: string[]; info: { lines: number } }[];
        expect(parseLines(text, 'a table').map(({ cells }) => cells)).toEqual(records.map(({ record }) => record));
      }),
      { numRuns: 2000, seed: 4 },
    );
  });

  it('keep line ends and delimiters inside quotes', () => {
    expect(parseLines('a,b\n"x,\ny","say ""hi"""\n', 'a table')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 3, cells: ['x,\ny', 'say "hi"'] },
    ]);
  });

  it('say where quotes do not close', () => {
    expect(() => parseLines('a,b\n"x,y\n', 'a.csv')).toThrow('a.csv is not a readable table');
  });

  it('pass on what a visitor throws', () => {
    const thrown = new Error('mine');
    const visit = () => {
      throw thrown;
    };
    for (const text of ['a\n1\n', 'a\n"1"\n']) expect(() => eachRow(text, 'a.csv', visit)).toThrow(thrown);
  });

  it('have a header', () => {
    expect(() => parseTable('\n\n', 'a.csv')).toThrow('a.csv is empty; expected a table with a header line');
    const { header, rows } = parseTable('Start (s)\n\n1\n', 'a.csv');
    expect(header).toEqual(['Start (s)']);
    expect(rows).toEqual([{ line: 3, cells: new Map([['start_s', '1']]) }]);
  });
});
