import { basename, join, resolve } from 'node:path';
import { Command } from 'commander';
import { UserError } from '../../errors.ts';
import { checkOutputFolder } from '../../files/outputFolder.ts';
import { writeAtomically } from '../../files/writeAtomically.ts';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { BatchSource, SkippedVideo } from '../../training/batches.ts';
import type { Best } from '../../training/checkpoint.ts';
import type { Recipe, RecipeOf, Task } from '../../training/recipe.ts';
import type { TrainingTask } from '../../training/trainer.ts';
import { nameOf } from '../arguments.ts';
import { wholeFrom } from '../inputs.ts';
import { counted } from '../numbers.ts';
import type { Session } from '../session.ts';
import { readRecipe, recipeOfRun, recipePath } from './recipeOptions.ts';
import { trainingDisplay } from './trainingDisplay.ts';

const devices = ['cpu', 'cuda', 'dml', 'coreml', 'webgpu'] as const;

/** What `train` of any task takes. */
export interface TrainOptions {
  readonly data: string;
  readonly out: string;
  readonly recipe?: string;
  readonly set: readonly string[];
  readonly weights?: string;
  readonly resume?: true;
  readonly device: (typeof devices)[number];
  readonly threads?: number;
  readonly json?: true;
  readonly quiet?: true;
}

/** What is particular to training for a task. `Data` is what its data folder holds. */
export interface Trainable<T extends Task, Data, Batch> {
  readonly task: T;
  readonly description: string;
  readonly dataHelp: string;
  readonly weightsHelp: string;
  /** Names of the recipes that are built in; the first is taken unless another is named. */
  readonly recipeNames: readonly string[];
  readonly explanation: string;
  recipes(): Promise<Readonly<Record<string, unknown>>>;
  read(folder: string, options: { readonly taxonomy: Taxonomy; readonly signal: AbortSignal }): Promise<Data & Found>;
  open(data: Data, recipe: RecipeOf<T>, context: TrainContext): Promise<Opened<Batch>>;
  /** The measures of a validation in a few words. */
  summary(measures: Measures): string;
  /** The measures of the best epoch as a table. */
  table(measures: Measures, epoch: number, session: Session): string;
  /** The command that uses the weights. */
  use(weights: string, recipe: RecipeOf<T>): string | undefined;
}

/** What all data folders have. */
export interface Found {
  readonly taxonomy: Taxonomy;
  readonly warnings: readonly string[];
}

export interface TrainContext {
  readonly options: Pick<TrainOptions, 'device' | 'threads'>;
  /** Tells, unless quiet. */
  readonly note: (line: string) => void;
}

/** A model and its data, ready for the trainer. */
export interface Opened<Batch> extends AsyncDisposable {
  readonly task: TrainingTask<Batch>;
  readonly batches: BatchSource<Batch>;
  /** Fills the new model; says what it did. */
  fill(weights: string): Promise<string>;
  /** What is to be said of a new model that is not filled. */
  readonly unfilled?: string;
}

export type Measures = Readonly<Record<string, number>>;

/** The command `train TASK`. */
export function trainTaskCommand<T extends Task, Data, Batch>(
  session: Session,
  kind: Trainable<T, Data, Batch>,
): Command {
  return new Command(kind.task)
    .description(kind.description)
    .requiredOption('--data <folder>', kind.dataHelp)
    .requiredOption('--out <folder>', 'where the run goes: recipe, checkpoints, log, page of curves')
    .option('--recipe <name>', `${kind.recipeNames.join(', ')}, or a JSON file`)
    .option('--set <key=value>', 'change the recipe: --set training.epochs=30 (may be given again)', settings, [])
    .option('--weights <file>', kind.weightsHelp)
    .option('--resume', 'go on with the run in --out where it stopped')
    .option('--device <name>', `what computes: ${devices.join(', ')}`, nameOf(devices, 'device'), devices[0])
    .option('--threads <count>', 'processor threads to use', wholeFrom(1))
    .option('--json', 'print one JSON document on standard output and nothing else there')
    .option('--quiet', 'no progress, no notes; failures only')
    .addHelpText('after', kind.explanation)
    .action((options: TrainOptions) => trainTask(session, kind, options));
}

export interface RunOptions extends Pick<TrainOptions, 'device' | 'threads'> {
  readonly recipe: Recipe;
  readonly out: string;
  readonly resume: boolean;
  /** Gives a new model the weights that it begins with. */
  readonly fill: () => Promise<void>;
  readonly quiet: boolean;
  /** The measures of a validation in a few words. */
  readonly summary: (measures: Measures) => string;
}

export interface TrainedRun {
  /** Those of the best epoch. */
  readonly weights: string;
  readonly best: Best | null;
  readonly steps: number;
  readonly seconds: number;
  readonly skipped: readonly SkippedVideo[];
  /** Of the best epoch, where it was judged. */
  readonly measures: Measures | null;
}

/**
 * Trains an open model, or goes on with it. Recipe, checkpoints, log and a page of curves lie in `out` afterwards.
 *
 * @throws as `train`
 */
export async function runTraining<Batch>(
  session: Session,
  { task, batches }: Pick<Opened<Batch>, 'task' | 'batches'>,
  { recipe, out, resume, fill, device, threads, quiet, summary }: RunOptions,
): Promise<TrainedRun> {
  const { train } = await import('../../training/trainer.ts');
  if (!resume) {
    await fill();
    await writeAtomically(recipePath(out), `${JSON.stringify(recipe, null, 2)}\n`);
  }
  if (!task.validate && !quiet) session.note('No video is for validation: the last epoch counts as the best.');
  const display = trainingDisplay(session, { quiet, summary });
  const begin = performance.now();
  try {
    const { best, position } = await train(task, batches, recipe, {
      folder: out,
      resume,
      engine: { device, threads },
      signal: session.signal,
      observer: display,
    });
    const seconds = (performance.now() - begin) / 1000;
    const weights = join(out, 'best', 'weights.safetensors');
    const measures = await measuresOf(out, best);
    await writePage(out, recipe);
    return { weights, best, steps: position.steps, seconds, skipped: batches.skipped, measures };
  } catch (error) {
    await writePage(out, recipe).catch(() => {}); // the first error is the one to tell
    const { WeightsError } = await import('onnxgrad/weights');
    if (!(error instanceof WeightsError)) throw error;
    throw new UserError(error.code, `${out}: its checkpoint is not of its recipe: ${error.message}`, { cause: error });
  } finally {
    display.end();
  }
}

/** The recipe, with the taxonomy of the data. */
export async function withTaxonomy<R extends Recipe>(recipe: R, taxonomy: Taxonomy): Promise<R> {
  const { parseRecipe } = await import('../../training/recipe.ts');
  return parseRecipe<unknown>({ ...recipe, taxonomy: JSON.parse(JSON.stringify(taxonomy)) }, recipe.name) as R;
}

// ---- below: internals ----

const settings = (text: string, before: readonly string[]): readonly string[] => [...before, text];

async function trainTask<T extends Task, Data, Batch>(
  session: Session,
  kind: Trainable<T, Data, Batch>,
  options: TrainOptions,
): Promise<void> {
  const { out, device, threads, resume = false, quiet = false } = options;
  const builtIn = { task: kind.task, recipes: await kind.recipes() };
  const asked = resume
    ? await recipeOfRun(out, options, builtIn)
    : await readRecipe({ ...options, recipe: options.recipe ?? kind.recipeNames[0] }, builtIn);
  await checkOutputFolder(out);
  if (!resume) await refuseRun(out);
  const labels = asked.taxonomy ? new Taxonomy(asked.taxonomy) : microActions52;
  const data = await kind.read(options.data, { taxonomy: labels, signal: session.signal });
  const note = (line: string) => {
    if (!quiet) session.note(line);
  };
  for (const warning of data.warnings) note(warning);
  const recipe = await withTaxonomy(asked, data.taxonomy);

  await using opened = await kind.open(data, recipe, { options, note });
  const fill = async () => {
    if (options.weights !== undefined) note(await opened.fill(options.weights));
    else if (opened.unfilled !== undefined) note(opened.unfilled);
  };
  const { summary } = kind;
  try {
    const trained = await runTraining(session, opened, { recipe, out, resume, fill, device, threads, quiet, summary });
    const { best, measures, weights, skipped } = trained;
    if (skipped.length > 0) note(`${counted(skipped.length, 'video')} left out; ${out}/log.jsonl says why`);
    if (options.json) await session.print(`${JSON.stringify({ out, recipe: recipe.name, ...trained }, null, 2)}\n`);
    else {
      const table = best && measures ? `${kind.table(measures, best.epoch, session)}\n` : '';
      const use = kind.use(weights, recipe);
      const look = `Look:  ${join(out, 'training.html')}\n`;
      await session.print(`${table}${look}${use === undefined ? '' : `Use:   ${use}\n`}`);
    }
  } catch (error) {
    if (session.signal.aborted) note(`${out}: goes on with --resume where it stopped`);
    else if (error instanceof UserError && error.code === 'disk-full') {
      note(`${out}: what was saved before is whole; with --resume it goes on from there`);
    }
    throw error;
  }
}

/** @throws UserError `exists` */
async function refuseRun(out: string): Promise<void> {
  const { stat } = await import('node:fs/promises');
  if (!(await stat(recipePath(out)).catch(() => undefined))) return;
  throw new UserError(
    'exists',
    `${out}: there is a run already; add --resume to go on with it, or name another folder`,
  );
}

async function measuresOf(out: string, best: Best | null): Promise<Measures | null> {
  const { readRunLog } = await import('../../training/runLog.ts');
  const log = await readRunLog(join(out, 'log.jsonl'));
  const found = log.findLast((record) => record.kind === 'validation' && record.epoch === best?.epoch);
  return found?.kind === 'validation' ? found.measures : null;
}

async function writePage(out: string, recipe: Recipe): Promise<void> {
  const [{ readRunLog }, { trainingPage }] = await Promise.all([
    import('../../training/runLog.ts'),
    import('../../report/trainingPage.ts'),
  ]);
  const log = await readRunLog(join(out, 'log.jsonl'));
  const validation = log.findLast((record) => record.kind === 'validation' && record.isBest);
  const best = validation?.kind === 'validation' ? { epoch: validation.epoch, value: validation.value } : null;
  await writeAtomically(
    join(out, 'training.html'),
    await trainingPage(log, { title: basename(resolve(out)), recipe, best }),
  );
}
