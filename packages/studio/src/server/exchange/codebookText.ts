import type { Language } from '../../contract/common.ts';
import type { Codebook, CodebookCell, CodebookTable } from './codebook.ts';
import { csvTable } from './csvTable.ts';

/** One page that needs no network and no script. */
export function codebookHtml({ title, sections }: Codebook, language: Language): string {
  const body = sections.map(({ heading, paragraphs, table }) => {
    const text = paragraphs.map((paragraph) => `<p>${escaped(paragraph)}</p>`).join('\n');
    return `<section>\n<h2>${escaped(heading)}</h2>\n${text}${table ? htmlTable(table) : ''}\n</section>`;
  });
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><title>${escaped(title)}</title><style>${css}</style></head>
<body>
<h1>${escaped(title)}</h1>
${body.join('\n')}
</body>
</html>
`;
}

export function codebookMarkdown({ title, sections }: Codebook): string {
  const body = sections.map(({ heading, paragraphs, table }) =>
    [`## ${marked(heading)}`, ...paragraphs.map(marked), ...(table ? [markdownTable(table)] : [])].join('\n\n'),
  );
  return `${[`# ${marked(title)}`, ...body].join('\n\n')}\n`;
}

/** Its tables one below the other, each after its heading and before an empty line. */
export function codebookCsv({ title, sections }: Codebook): string {
  const parts = sections.map(({ heading, paragraphs, table }) => {
    const text = csvTable(
      [heading],
      paragraphs.map((paragraph) => [paragraph]),
    );
    return table ? text + csvTable(table.columns, table.rows) : text;
  });
  // With a byte order mark spreadsheets read it as UTF-8.
  return `\uFEFF${[csvTable([title], []), ...parts].join('\r\n')}`;
}

// ---- below: internals ----

const css = `body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1b1d20;background:#fff}
table{border-collapse:collapse;margin:1rem 0;font-size:13px}th,td{border:1px solid #d5d8dc;padding:.25rem .5rem;text-align:left;vertical-align:top}
td.number{text-align:right;font-variant-numeric:tabular-nums}th{background:#f3f4f6}`;

const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

function htmlTable({ columns, rows }: CodebookTable): string {
  const head = columns.map((column) => `<th scope="col">${escaped(column)}</th>`).join('');
  const lines = rows.map((row) => `<tr>${row.map(htmlCell).join('')}</tr>`);
  return `<table><thead><tr>${head}</tr></thead><tbody>\n${lines.join('\n')}\n</tbody></table>`;
}

function htmlCell(cell: CodebookCell): string {
  if (typeof cell === 'number') return `<td class="number">${cell}</td>`;
  return `<td>${cell === null ? '' : escaped(cell)}</td>`;
}

/** Nothing that people typed is taken for a mark of Markdown or for HTML. */
const marked = (text: string) => text.replace(/[\\`*_{}[\]<>#|~]/g, '\\$&').replace(/\s*[\r\n]+\s*/g, ' ');

function markdownTable({ columns, rows }: CodebookTable): string {
  const line = (cells: readonly CodebookCell[]) => `| ${cells.map((cell) => marked(String(cell ?? ''))).join(' | ')} |`;
  return [line(columns), `|${' --- |'.repeat(columns.length)}`, ...rows.map(line)].join('\n');
}
