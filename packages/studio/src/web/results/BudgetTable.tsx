import { bodyPartHue } from 'microaction/time-line';
import { useContext, useState } from 'react';
import type { Results } from '../../contract/results.ts';
import { TaxonomyContext } from '../editor/PartMark.tsx';
import { useTexts } from '../texts/texts.tsx';
import type { Level } from './choice.ts';

type Row = Results['budget'][number];
type Column = Exclude<keyof Row, 'bodyPart' | 'action'>;

/** How much of the time each body part and action takes. Parts stay with their actions until a column sorts them. */
export function BudgetTable({ rows, level }: { readonly rows: readonly Row[]; readonly level: Level }) {
  const t = useTexts();
  const [sorted, setSorted] = useState<Column | null>(null);
  const wanted = rows.filter(({ action }) => action === null || level === 'action');
  const shown = sorted ? bySize(wanted, sorted, level) : wanted;
  const longest = Math.max(...rows.map(({ shareOfTime }) => shareOfTime), 1e-9);
  return (
    <section aria-labelledby="budget">
      <h2 id="budget">{t.results.budget}</h2>
      <p className="hint">{t.results.budgetNote}</p>
      <div className="results-scroll">
        <table className="table budget" aria-labelledby="budget">
          <thead>
            <tr>
              <th scope="col" aria-sort={sorted ? 'none' : 'other'}>
                <button type="button" className="button link column" onClick={() => setSorted(null)}>
                  {t.results.columns.label}
                </button>
              </th>
              {columns.map((column) => (
                <th
                  key={column}
                  scope="col"
                  className="number"
                  aria-sort={sorted === column ? 'descending' : 'none'}
                  colSpan={column === 'shareOfTime' ? 2 : 1}
                >
                  <button type="button" className="button link column" onClick={() => setSorted(column)}>
                    {t.results.columns[column]}
                    {sorted === column && ' ↓'}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <BudgetRow key={`${row.bodyPart} ${row.action}`} row={row} longest={longest} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

// ---- below: internals ----

const columns = [
  'count',
  'perMinute',
  'totalSeconds',
  'shareOfTime',
  'meanSeconds',
  'medianSeconds',
  'longestSeconds',
] as const satisfies readonly Column[];

/** At the level of actions, parts as a whole would stand among their own actions: left out. */
const bySize = (rows: readonly Row[], column: Column, level: Level) =>
  rows
    .filter(({ action }) => level === 'body' || action !== null)
    .toSorted((a, b) => (b[column] ?? -1) - (a[column] ?? -1));

function BudgetRow({ row, longest }: { readonly row: Row; readonly longest: number }) {
  const t = useTexts();
  const taxonomy = useContext(TaxonomyContext);
  const { bodyPart, action } = row;
  const position = taxonomy?.bodyParts.findIndex(({ code, name }) => code === bodyPart || name === bodyPart) ?? -1;
  const part = taxonomy?.bodyParts[position];
  const hue = bodyPartHue(position);
  const seconds = (value: number | null) => (value === null ? '–' : value.toFixed(2));
  return (
    <tr className={action !== null ? undefined : row.count > 0 ? 'part' : 'part none'}>
      <th scope="row">
        <span className="swatch" style={{ background: hue }} />
        {action === null ? `${part?.code ?? ''} ${t.part(part?.code ?? bodyPart, part?.name)}` : t.action(action)}
      </th>
      <td className="number">{t.format.number(row.count)}</td>
      <td className="number">{row.perMinute.toFixed(2)}</td>
      <td className="number">{seconds(row.totalSeconds)}</td>
      <td className="number">{(row.shareOfTime * 100).toFixed(1)} %</td>
      <td className="share">
        <span style={{ width: `${(100 * row.shareOfTime) / longest}%`, background: hue }} />
      </td>
      <td className="number">{seconds(row.meanSeconds)}</td>
      <td className="number">{seconds(row.medianSeconds)}</td>
      <td className="number">{seconds(row.longestSeconds)}</td>
    </tr>
  );
}
