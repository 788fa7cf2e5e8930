import { Command } from 'commander';
import type { CatalogueEntry } from '../models/catalogue.ts';
import type { RecogniserEntry } from '../models/recogniserCatalogue.ts';
import { type NumberColumn, numberTable } from './numberTable.ts';
import type { Session } from './session.ts';

export function modelsCommand(session: Session): Command {
  return new Command('models')
    .description('List the models: parameters, multiply-adds, input, published results, recipes.')
    .option('--json', 'print one JSON document on standard output and nothing else there')
    .action((options: ModelsOptions) => models(session, options));
}

// ---- below: internals ----

interface ModelsOptions {
  readonly json?: true;
}

async function models(session: Session, { json }: ModelsOptions): Promise<void> {
  const { catalogue, countNotes } = await import('../models/catalogue.ts');
  const { recogniserCatalogue } = await import('../models/recogniserCatalogue.ts');
  const detectors = catalogue();
  const recognisers = recogniserCatalogue();
  if (json) {
    const document = { unit: 2 ** 20, models: detectors, recognisers, notes: countNotes.join(' ') };
    await session.print(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  const notes = (lines: readonly string[]) => lines.map((line) => `${session.style('dim', line)}\n`).join('');
  await session.print(
    [
      'Detectors: when is which micro-action done in a video?',
      numberTable(columns, detectors.map(rowOf), session),
      notes([
        'mAP: published Detection-mAP on MMA-52 in percent, of actions and of body parts, averaged over tIoU 0.1 to 0.9.',
        'Tuned: what of the backbone is trained, in units of 2^20 as in table 4 of the paper, whose own count stands beside it.',
        ...countNotes,
      ]),
      'Recognisers: which micro-action does a clip show?',
      numberTable(recogniserColumns, recognisers.map(recogniserRowOf), session),
      notes([
        'Published on the test clips of MA-52 in percent; F1_mean is the mean of macro and micro F1 of body parts and of actions.',
        '?: at second hand. Official checkpoints of MANet hold 10.95 M parameters more, which nothing uses.',
        'GMAC: 10^9 multiply-adds for the input named, which the literature also calls GFLOPs.',
      ]),
    ].join('\n'),
  );
}

const columns: readonly NumberColumn[] = [
  { title: 'model', align: 'left' },
  { title: 'what', align: 'left' },
  { title: 'recipe', align: 'left', givesWay: 1 },
  { title: 'input', align: 'left', givesWay: 3 },
  { title: 'GMAC', givesWay: 2 },
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
  multiplyAdds,
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
    inBillions((multiplyAdds.backbone ?? 0) + multiplyAdds.head),
    backbone === undefined ? '' : (backbone / 1e6).toFixed(2),
    (tuned / 2 ** 20).toFixed(3),
    publishedTuned?.toFixed(2) ?? '',
    (head / 1e6).toFixed(2),
    published?.action.toFixed(2) ?? '',
    published?.body?.toFixed(2) ?? '',
    `${golden.length} pass`,
  ];
}

const recogniserColumns: readonly NumberColumn[] = [
  { title: 'model', align: 'left' },
  { title: 'what', align: 'left', givesWay: 2 },
  { title: 'recipe', align: 'left', givesWay: 1 },
  { title: 'input', align: 'left', givesWay: 3 },
  { title: 'GMAC', givesWay: 2 },
  { title: 'parameters, M' },
  { title: 'body top-1' },
  { title: 'action top-1' },
  { title: 'top-5', givesWay: 1 },
  { title: 'F1_mean' },
  { title: 'golden cases', givesWay: 3 },
];

function recogniserRowOf({
  name,
  title,
  recipe,
  input: { frames, pixels },
  parameters,
  multiplyAdds,
  published: { bodyTop1, actionTop1, actionTop5, f1Mean, isOfficial },
  golden,
}: RecogniserEntry): string[] {
  const printed = [bodyTop1, actionTop1, actionTop5, f1Mean].map((value) => value.toFixed(2) + (isOfficial ? '' : '?'));
  return [
    name,
    title,
    recipe,
    `${frames} frames of ${pixels} x ${pixels} px`,
    inBillions(multiplyAdds),
    (parameters / 1e6).toFixed(2),
    ...printed,
    `${golden.length} pass`,
  ];
}

const inBillions = (count: number): string => (count / 1e9).toFixed(count < 1e12 ? 2 : 0);
