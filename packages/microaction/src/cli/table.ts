import { displayWidth, printable, truncate } from './printable.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'right';
}

export interface TableLayout {
  /** Cells of a line; absent where nothing need be cut. */
  readonly columns?: number;
  /** Where less than 30 cells are left for the last column, it goes on a line of its own under this one, by number. */
  readonly spillUnder: number;
  /** How the titles and the last column look. */
  readonly dim: (text: string) => string;
}

/** Rows as aligned lines, each ended by a line break. The last column is prose: it gives way first. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], layout: TableLayout): string {
  const titles = columns.map(({ title }) => title);
  const cells = rows.map((row) => row.map(printable));
  const last = columns.length - 1;
  const widths = titles.map((title, c) => Math.max(...[title, ...cells.map((row) => row[c])].map(displayWidth)));
  const startOf = (column: number) => widths.slice(0, column).reduce((sum, width) => sum + width + gap.length, 0);
  const columnsInAll = layout.columns ?? Number.POSITIVE_INFINITY;
  const spills = columnsInAll - startOf(last) < Math.min(30, widths[last]);
  if (spills) {
    const widest = widths.indexOf(Math.max(...widths.slice(0, last)));
    const excess = startOf(last) - gap.length - columnsInAll;
    widths[widest] = Math.max(8, widths[widest] - Math.max(0, excess));
  }
  const aligned = (row: readonly string[]) =>
    row
      .slice(0, last)
      .map((cell, c) => pad(truncate(cell, widths[c]), widths[c], columns[c].align))
      .join(gap);
  const indent = startOf(spills ? layout.spillUnder : last);
  const lines = [layout.dim((spills ? aligned(titles) : aligned(titles) + gap + titles[last]).trimEnd())];
  for (const row of cells) {
    const prose = layout.dim(truncate(row[last], columnsInAll - indent));
    if (!spills) lines.push(row[last] ? aligned(row) + gap + prose : aligned(row).trimEnd());
    else lines.push(aligned(row).trimEnd(), ...(row[last] ? [' '.repeat(indent) + prose] : []));
  }
  return lines.map((line) => `${line}\n`).join('');
}

// ---- below: internals ----

const gap = '  ';

function pad(text: string, width: number, align: Column['align']): string {
  const blanks = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'right' ? blanks + text : text + blanks;
}
