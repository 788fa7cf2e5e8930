import { escapeHtml } from '../reportPage.ts';

export interface Column {
  readonly title: string;
  /** Of numbers: how they are written. A column without it holds words. */
  readonly write?: (value: number) => string;
}

export type Cell = string | number | null | LabelCell;

export interface LabelCell {
  readonly text: string;
  readonly href?: string;
  /** Of the swatch before the text. */
  readonly hue?: string;
}
export type Row = readonly Cell[];

/** A table whose heads are buttons, for `sorting.ts` to use; texts are escaped. Empty cells show a dash. */
export function htmlTable(columns: readonly Column[], rows: readonly Row[]): string {
  if (rows.length === 0) return '<p class="note">nothing to show</p>';
  const kind = ({ write }: Column) => (write ? ' class="number"' : '');
  const head = columns.map(
    (column) => `<th scope="col"${kind(column)}><button type="button">${escapeHtml(column.title)}</button></th>`,
  );
  const lines = rows.map((row) => {
    const cells = row.map((cell, i) => {
      const { key, html } = written(cell, columns[i]);
      return `<td${kind(columns[i])} data-value="${key}">${html}</td>`;
    });
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div class="table-frame"><table><thead><tr>${head.join('')}</tr></thead><tbody>${lines.join('\n')}</tbody></table></div>`;
}

// ---- below: internals ----

/** What the cell shows, and what it is sorted by; a number that is missing comes after all others. */
function written(cell: Cell, { write = String }: Column): { key: string; html: string } {
  if (cell === null) return { key: '-Infinity', html: '–' };
  if (typeof cell === 'number') return { key: String(cell), html: escapeHtml(write(cell)) };
  if (typeof cell === 'string') return { key: escapeHtml(cell), html: escapeHtml(cell) };
  const { text, href, hue } = cell;
  const swatch = hue === undefined ? '' : `<i class="swatch" style="background:${escapeHtml(hue)}"></i>`;
  const html = href === undefined ? escapeHtml(text) : `<a href="${escapeHtml(href)}">${escapeHtml(text)}</a>`;
  return { key: escapeHtml(text), html: swatch + html };
}
