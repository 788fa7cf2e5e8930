import { Command } from 'commander';
import type { CatalogueEntry } from '../models/catalogue.ts';
import { type NumberColumn, numberTable } from './numberTable.ts';
import type { Session } from './session.ts';

export function modelsCommand(session: Session): Command {
  return new Command('models')
    .description('List the models: parameters, input, published results, recipes.')
    .option('--json', 'print one JSON document on standard output and nothing else there')
    .action((options: ModelsOptions) => models(session, options));
}

// ---- below: internals ----

interface ModelsOptions {
  readonly json?: true;
}

async function models(session: Session, { json }: ModelsOptions): Promise<void> {
  const { catalogue, countNotes } = await import('../models/catalogue.ts');
  const entries = catalogue();
  if (json) {
    await session.print(
      `${JSON.stringify({ unit: 2 ** 20, models: entries, notes: countNotes.join(' ') }, null, 2)}\n`,
    );
    return;
  }
  const footnotes = [
    'mAP: published Detection-mAP on MMA-52 in percent, of actions and of body parts, averaged over tIoU 0.1 to 0.9.',
    'Tuned: what of the backbone is trained, in units of 2^20 as in table 4 of the paper, whose own count stands beside it.',
    ...countNotes,
  ];
  const lines = footnotes.map((line) => `${session.style('dim', line)}\n`).join('');
  await session.print(`${numberTable(columns, entries.map(rowOf), session)}\n${lines}`);
}

const columns: readonly NumberColumn[] = [
  { title: 'model', align: 'left' },
  { title: 'what', align: 'left' },
  { title: 'recipe', align: 'left', givesWay: 1 },
  { title: 'input', align: 'left', givesWay: 3 },
  { title: 'backbone, M', givesWay: 2 },
  { title: 'tuned, 2^20' },
  { title: 'paper' },
  { title: 'head, M', givesWay: 2 },
  { title: 'action mAP' },
  { title: 'body mAP', givesWay: 1 },
  { title: 'golden cases', givesWay: 3 },
];

function rowOf({
  name,
  title,
  recipe,
  input,
  parameters,
  published,
  publishedTuned,
  golden,
}: CatalogueEntry): string[] {
  const { backbone, tuned, head } = parameters;
  return [
    name,
    title,
    recipe ?? '',
    input,
    backbone === undefined ? '' : (backbone / 1e6).toFixed(2),
    (tuned / 2 ** 20).toFixed(3),
    publishedTuned?.toFixed(2) ?? '',
    (head / 1e6).toFixed(2),
    published?.action.toFixed(2) ?? '',
    published?.body?.toFixed(2) ?? '',
    `${golden.length} pass`,
  ];
}
