/**
 * Rows as a comma-separated table for people who open it in a spreadsheet. There, a cell that begins with = + - or @ is
 * run as a formula, and what people typed as a note could then read other cells and send them away. Such texts get an
 * apostrophe in front, which spreadsheets take for "this is text"; numbers stay numbers.
 *
 * The annotation formats (csv, tsv and those of other programs) do not do this: they are read again by programs, and
 * what is read must be what was written.
 */
export function csvTable(header: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  return [header, ...rows].map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

// ---- below: internals ----

function cellText(cell: string | number | null): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = /^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
