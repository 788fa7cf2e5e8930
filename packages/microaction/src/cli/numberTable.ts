import { displayWidth, printable, truncate } from './printable.ts';
import type { Session } from './session.ts';

export interface NumberColumn {
  readonly title: string;
  /** Words stand left, numbers (the default) right. */
  readonly align?: 'left';
  /** Left out where lines would be longer than the terminal: those with the lowest number first, all of one number together. Absent: stays. */
  readonly givesWay?: number;
}

/** Rows as aligned lines under dim titles, each ended by a line break. Where it is narrow, columns give way, then words. */
export function numberTable(
  columns: readonly NumberColumn[],
  rows: readonly (readonly string[])[],
  session: Pick<Session, 'columns' | 'style'>,
): string {
  const cells = rows.map((row) => row.map(printable));
  const widths = columns.map(({ title }, c) => Math.max(...[title, ...cells.map((row) => row[c])].map(displayWidth)));
  const most = session.columns ?? Number.POSITIVE_INFINITY;
  const shown = fitting(columns, widths, most);
  const excess = lengthOf(shown.map((c) => widths[c])) - most;
  if (excess > 0) {
    const words = shown.filter((c) => columns[c].align === 'left');
    const widest = words.reduce((best, c) => (widths[c] > widths[best] ? c : best), words[0] ?? shown[0]);
    widths[widest] = Math.max(8, widths[widest] - excess);
  }
  const line = (row: readonly string[]) =>
    shown
      .map((c) => {
        const text = truncate(row[c], widths[c]);
        const blanks = ' '.repeat(Math.max(0, widths[c] - displayWidth(text)));
        return columns[c].align === 'left' ? text + blanks : blanks + text;
      })
      .join(gap)
      .trimEnd();
  const titles = session.style('dim', line(columns.map(({ title }) => title)));
  return [titles, ...cells.map(line)].map((text) => `${text}\n`).join('');
}

/** A title above a table. */
export const heading = (text: string, session: Pick<Session, 'style'>): string =>
  `${session.style('bold', printable(text))}\n`;

// ---- below: internals ----

const gap = '  ';

const lengthOf = (widths: readonly number[]) =>
  widths.reduce((sum, width) => sum + width, 0) + gap.length * (widths.length - 1);

/** The columns that stay, by position. */
function fitting(columns: readonly NumberColumn[], widths: readonly number[], most: number): number[] {
  let shown = columns.map((_, c) => c);
  const ranks = new Set(columns.flatMap(({ givesWay }) => givesWay ?? []));
  for (const rank of [...ranks].sort((a, b) => a - b)) {
    if (lengthOf(shown.map((c) => widths[c])) <= most) break;
    shown = shown.filter((c) => columns[c].givesWay !== rank);
  }
  return shown;
}
