import type { GroupSummary } from 'onnxgrad/optim';
import type { Best } from '../training/checkpoint.ts';
import type { Recipe } from '../training/recipe.ts';
import type { LogRecord, ValidationRecord } from '../training/runLog.ts';
import { joinModules, pageAssets, readPart } from './pageAssets.ts';
import { type Column, htmlTable, type Row } from './plots/htmlTable.ts';
import { renderSvg } from './plots/renderSvg.ts';
import { escapeHtml } from './reportPage.ts';
import { trainingFigures } from './trainingPageFigures.ts';

export interface TrainingPageOptions {
  /** What the page is called: the run's folder, for one. Any text. */
  readonly title: string;
  readonly recipe: Recipe;
  readonly best: Best | null;
}

/** One self-contained HTML page with the curves of a run, its validations, events and recipe. */
export async function trainingPage(log: readonly LogRecord[], options: TrainingPageOptions): Promise<string> {
  const { recipe, best, title } = options;
  const lastStep = Math.max(0, ...log.map(({ step }) => step));
  const facts = [
    `recipe ${recipe.name}`,
    `${lastStep} steps`,
    ...(best ? [`best after epoch ${best.epoch}: ${percent(best.value)} %`] : []),
  ];
  const drawings: string[] = [];
  for (const figure of trainingFigures(log, recipe.task)) {
    const svg = await renderSvg(figure);
    drawings.push(
      `<figure class="figure"><div class="drawing" role="img" aria-label="${escapeHtml(figure.title)}">${svg}</div></figure>`,
    );
  }
  const slots: Record<string, string> = {
    title: escapeHtml(title),
    facts: escapeHtml(facts.join(' · ')),
    content: `${drawings.join('\n')}
<h2>Validations</h2>
${validationTable(log)}
<h2>Trained weights</h2>
${groupTable(log)}
<h2>Events</h2>
${eventTable(log)}
<h2>Recipe</h2>
<details><summary>as it was used</summary><pre>${escapeHtml(JSON.stringify({ ...recipe, taxonomy: undefined }, null, 2))}</pre></details>`,
    css: `${pageAssets().css}\n${readPart(new URL('plots/page/diagnosisPage.css', import.meta.url))}`,
    script: joinModules(new URL(`plots/page/main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)),
  };
  // Slots look like %title%, /* %css% */ or <!-- %content% -->, so that the HTML is well-formed as it lies there.
  return readPart(new URL('trainingPage.html', import.meta.url)).replace(
    /(?:\/\* |<!-- )?%(\w+)%(?: \*\/| -->)?/g,
    (_, name: string) => slots[name],
  );
}

// ---- below: internals ----

const percent = (share: number) => (100 * share).toFixed(2);

function validationTable(log: readonly LogRecord[]): string {
  const validations = log.filter((record): record is ValidationRecord => record.kind === 'validation');
  const names = Object.keys(validations[0]?.measures ?? {});
  const columns: Column[] = [
    { title: 'epoch', write: String },
    { title: 'step', write: String },
    ...names.map((name) => ({ title: `${name}, %`, write: percent })),
    { title: 'seconds', write: (value: number) => value.toFixed(1) },
    { title: '' },
  ];
  const rows = validations.map(
    ({ epoch, step, measures, seconds, isBest }): Row => [
      epoch,
      step,
      ...names.map((name) => measures[name] ?? null),
      seconds,
      isBest ? 'best so far' : '',
    ],
  );
  return htmlTable(columns, rows);
}

/** How weights are trained, as the event says that began the run. */
function groupTable(log: readonly LogRecord[]): string {
  const begun = log.find((record) => record.kind === 'event' && record.event === 'started');
  const { groups = [] } = (begun?.kind === 'event' ? begun.details : {}) as { groups?: readonly GroupSummary[] };
  const exactly = (value: number) => String(Number(value.toPrecision(4)));
  return htmlTable(
    [
      { title: 'group' },
      { title: 'tensors', write: String },
      { title: 'numbers', write: (value) => value.toLocaleString('en') },
      { title: 'learning rate', write: exactly },
      { title: 'weight decay', write: exactly },
    ],
    groups.map(
      ({ name, tensors, elements, learningRate, weightDecay }): Row => [
        name,
        tensors,
        elements,
        learningRate,
        weightDecay,
      ],
    ),
  );
}

function eventTable(log: readonly LogRecord[]): string {
  const rows = log.flatMap((record): Row[] =>
    record.kind === 'event' ? [[record.step, record.event, detailsOf(record.details)]] : [],
  );
  return htmlTable([{ title: 'after step', write: String }, { title: 'event' }, { title: 'details' }], rows);
}

const detailsOf = (details: unknown): string =>
  details === undefined
    ? ''
    : Object.entries(details as object)
        .filter(([name]) => name !== 'groups')
        .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
        .join(', ');
