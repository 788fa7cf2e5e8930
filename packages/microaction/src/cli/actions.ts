import { Command } from 'commander';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { readTaxonomy } from './readTaxonomy.ts';
import type { Session } from './session.ts';
import { table } from './table.ts';

export function actionsCommand(session: Session): Command {
  return new Command('actions')
    .description('List the actions that can be found, by body part.')
    .option('--taxonomy <file>', 'list this taxonomy (JSON) rather than the 52 micro-actions')
    .option('--json', 'print the taxonomy as JSON, as --taxonomy reads it')
    .action(async (options: { taxonomy?: string; json?: true }) => {
      const taxonomy = await readTaxonomy(options.taxonomy);
      await session.print(options.json ? `${JSON.stringify(taxonomy, null, 2)}\n` : actionTable(taxonomy, session));
    });
}

// ---- below: internals ----

/** In the order of the annotation manual: by body part, then by code. */
function actionTable(taxonomy: Taxonomy, session: Session): string {
  const byCode = new Intl.Collator('en', { numeric: true });
  const rows = taxonomy.bodyParts.flatMap((part) =>
    taxonomy
      .actionsOf(part.code)
      .toSorted((a, b) => byCode.compare(a.code, b.code))
      .map(({ code, id, name, description }) => [code, String(id), name, part.name, description]),
  );
  return table(
    [
      { title: 'code' },
      { title: 'id', align: 'right' },
      { title: 'action' },
      { title: 'body part' },
      { title: 'what is seen' },
    ],
    rows,
    { columns: session.columns, spillUnder: 2, dim: (text) => session.style('dim', text) },
  );
}
