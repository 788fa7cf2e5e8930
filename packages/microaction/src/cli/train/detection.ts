import { basename, join, resolve } from 'node:path';
import { Command } from 'commander';
import type { Dataset } from '../../annotation/dataset.ts';
import { UserError } from '../../errors.ts';
import { checkOutputFolder } from '../../files/outputFolder.ts';
import type { TrainingFolder } from '../../files/readDataFolder.ts';
import { writeAtomically } from '../../files/writeAtomically.ts';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { BatchSource } from '../../training/batches.ts';
import type { Best } from '../../training/checkpoint.ts';
import type { DetectionBatch } from '../../training/detection/detectionBatch.ts';
import type { LabelledVideo } from '../../training/detection/labelledVideos.ts';
import type { DetectionRecipe } from '../../training/recipe.ts';
import { nameOf } from '../arguments.ts';
import { wholeFrom } from '../inputs.ts';
import { counted, percent } from '../numbers.ts';
import { heading, numberTable } from '../numberTable.ts';
import type { Session } from '../session.ts';
import { readRecipe, recipeOfRun, recipePath } from './recipeOptions.ts';
import { trainingDisplay } from './trainingDisplay.ts';

const devices = ['cpu', 'cuda', 'dml', 'coreml', 'webgpu'] as const;

export function trainDetectionCommand(session: Session): Command {
  return new Command('detection')
    .description('Train a detector that finds several actions at a time in whole videos.')
    .requiredOption('--data <folder>', 'videos and annotations: annotations.json, or train.csv and val.csv')
    .requiredOption('--out <folder>', 'where the run goes: recipe, checkpoints, log, page of curves')
    .option('--recipe <name>', `${recipeNames.join(', ')}, or a JSON file`)
    .option('--set <key=value>', 'change the recipe: --set training.epochs=30 (may be given again)', settings, [])
    .option('--weights <file>', 'begin with these weights: VideoMAE, OpenTAD, or of another run')
    .option('--resume', 'go on with the run in --out where it stopped')
    .option('--device <name>', `what computes: ${devices.join(', ')}`, nameOf(devices, 'device'), devices[0])
    .option('--threads <count>', 'processor threads to use', wholeFrom(1))
    .option('--json', 'print one JSON document on standard output and nothing else there')
    .option('--quiet', 'no progress, no notes; failures only')
    .addHelpText('after', explanation)
    .action((options: TrainOptions) => trainDetection(session, options));
}

// ---- below: internals ----

/** As `detectionRecipes` has them, which is loaded when it is needed. */
const recipeNames = ['dsta-s', 'dsta-b', 'adatad-s', 'adatad-b', 'standard-s', 'full-s', 'snippet-s', 'tiny'] as const;

const settings = (text: string, before: readonly string[]): readonly string[] => [...before, text];

interface TrainOptions {
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

const explanation = `
A run that was stopped, by Ctrl-C or otherwise, goes on with --resume and ends
with the same weights as one that was not. OUT/best/weights.safetensors is what
\`microaction detect --model\` takes; OUT/training.html shows the curves.

Examples:
  microaction train detection --data simulated --recipe tiny --out run
  microaction train detection --data mma52 --recipe dsta-s --weights videomae-s.pth --device cuda --out dsta
  microaction train detection --data mma52 --out dsta --resume
`;

async function trainDetection(session: Session, options: TrainOptions): Promise<void> {
  const { out, device, threads, resume = false, quiet = false } = options;
  const { detectionRecipes } = await import('../../training/detection/recipes.ts'); // heavy: only when it is needed
  const builtIn = { task: 'detection', recipes: detectionRecipes } as const;
  const asked = resume
    ? await recipeOfRun(out, options, builtIn)
    : await readRecipe({ ...options, recipe: options.recipe ?? 'dsta-s' }, builtIn);
  await checkOutputFolder(out);
  if (!resume) await refuseRun(out);
  const labels = asked.taxonomy ? new Taxonomy(asked.taxonomy) : microActions52;
  const { readTrainingFolder } = await import('../../files/readDataFolder.ts');
  const data = await readTrainingFolder(options.data, { taxonomy: labels, signal: session.signal });
  for (const warning of data.warnings) session.note(warning);
  const recipe = await withTaxonomy(asked, data.taxonomy);
  const note = (line: string) => {
    if (!quiet) session.note(line);
  };

  const [{ DetectionTask }, { train }, { loadInitialWeights }] = await Promise.all([
    import('../../training/detection/detectionTask.ts'),
    import('../../training/trainer.ts'),
    import('../../training/detection/initialWeights.ts'),
  ]);
  const engine = { device, threads };
  await using videos = await openData(data, options.data, recipe, { threads, note });
  await using task = new DetectionTask({ recipe, engine, judged: videos.judged });
  if (!resume) {
    if (options.weights !== undefined) note(describe(await loadInitialWeights(task.model, options.weights)));
    else if (recipe.tuned === 'adapters') note('No --weights: adapters are trained in a backbone that knows nothing.');
    await writeAtomically(recipePath(out), `${JSON.stringify(recipe, null, 2)}\n`);
  }
  if (!videos.judged) note('No video is for validation: the last epoch counts as the best.');

  const display = trainingDisplay(session, quiet);
  const begin = performance.now();
  try {
    const { best, position } = await train(task, videos.batches, recipe, {
      folder: out,
      resume,
      engine,
      signal: session.signal,
      observer: display,
    });
    display.end();
    const seconds = (performance.now() - begin) / 1000;
    const skipped = videos.batches.skipped;
    if (skipped.length > 0) note(`${counted(skipped.length, 'video')} left out; ${out}/log.jsonl says why`);
    const weights = join(out, 'best', 'weights.safetensors');
    const result = { out, recipe: recipe.name, weights, best, steps: position.steps, seconds, skipped };
    if (options.json)
      await session.print(`${JSON.stringify({ ...result, measures: await measuresOf(out, best) }, null, 2)}\n`);
    else await session.print(await report(out, best, recipe, session));
  } catch (error) {
    display.end();
    if (session.signal.aborted) note(`${out}: goes on with --resume where it stopped`);
    throw error;
  } finally {
    await writePage(out, recipe);
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

/** The recipe, with the taxonomy of the data. */
async function withTaxonomy(recipe: DetectionRecipe, taxonomy: Taxonomy): Promise<DetectionRecipe> {
  const { parseRecipe } = await import('../../training/recipe.ts');
  return parseRecipe({ ...recipe, task: 'detection', taxonomy: JSON.parse(JSON.stringify(taxonomy)) }, recipe.name);
}

interface OpenData extends AsyncDisposable {
  readonly batches: BatchSource<DetectionBatch>;
  readonly judged?: import('../../training/detection/detectionTask.ts').JudgedVideos;
}

interface OpenDataOptions {
  readonly threads?: number;
  readonly note: (line: string) => void;
}

async function openData(
  { training, validation }: TrainingFolder,
  folder: string,
  recipe: DetectionRecipe,
  options: OpenDataOptions,
): Promise<OpenData> {
  const { data, training: by } = recipe;
  const windows = {
    windows: {
      kind: 'random',
      leastPart: data.leastPart,
      ratio: data.cropRatio,
      balance: data.balance,
      incomplete: data.incomplete,
    },
    bucketSteps: data.bucketSteps,
    batchSize: data.batchSize,
    seed: by.seed,
  } as const;
  if (data.features) {
    const { featureBatches } = await import('../../training/detection/featureBatches.ts');
    const { judgedFeatures } = await import('../../training/detection/judgedFeatures.ts');
    const { featuresIn } = await import('../../files/readDataFolder.ts');
    const files = await featuresIn(folder);
    const own = labelledFeatures(training, files);
    const batches = await featureBatches(own.videos, { ...windows, ...data.features, skipped: own.missing });
    const judged = hasActions(validation) ? judgedFeatures(validation, files, recipe) : undefined;
    return { batches, judged, async [Symbol.asyncDispose]() {} };
  }
  const [{ labelledVideos }, { FrameStore }, { detectionBatches }, { judgedVideos }] = await Promise.all([
    import('../../training/detection/labelledVideos.ts'),
    import('../../training/frames/frameStore.ts'),
    import('../../training/detection/detectionBatches.ts'),
    import('../../training/detection/judgedVideos.ts'),
  ]);
  const { sizePixels, frameStride: strideFrames } = data;
  const { crop, flip, randAugment, colourJitter } = data.augment;
  // Parts are cut out of pictures that are larger by as much as in official recipes.
  const shortSidePixels = crop ? Math.round((sizePixels * 182) / 160) : sizePixels;
  const cacheBytes = data.cacheMebibytes * 2 ** 20;
  const frames = new FrameStore({ shortSidePixels, cacheBytes, threads: options.threads });
  try {
    const own = await labelledVideos(training, folder);
    const batches = await detectionBatches(own.videos, frames, {
      ...windows,
      sizePixels,
      strideFrames,
      augment: {
        flip,
        ...(crop && { crop }),
        ...(randAugment && { randAugment }),
        ...(colourJitter && { colourJitter }),
      },
      skipped: own.missing,
    });
    const onSkipped = ({ video, reason }: { video: string; reason: string }) =>
      options.note(`validation goes without ${video}, and counts its actions as missed: ${reason}`);
    const found = await labelledVideos(validation, folder);
    for (const one of found.missing) onSkipped(one);
    const judged =
      found.videos.length > 0 && hasActions(validation)
        ? judgedVideos(withFiles(validation, pathsOf(found.videos)), { recipe, threads: options.threads, onSkipped })
        : undefined;
    return { batches, judged, [Symbol.asyncDispose]: () => frames[Symbol.asyncDispose]() };
  } catch (error) {
    await frames[Symbol.asyncDispose]();
    throw error;
  }
}

/** The clips of a data set with their stored features. */
function labelledFeatures({ clips, taxonomy }: Dataset, files: ReadonlyMap<string, string>) {
  const videos = clips.flatMap(({ id, durationSeconds, frameRate, instances }): LabelledVideo[] => {
    const path = files.get(id);
    const actions = instances.map(({ action, start, end }) => ({
      start,
      end,
      classId: taxonomy.actions.indexOf(taxonomy.get(action)),
    }));
    return path === undefined ? [] : [{ id, path, actions, durationSeconds, frameRate }];
  });
  const missing = clips.filter(({ id }) => !files.has(id));
  const reason = 'there are no stored features called ID.npy or ID.npz; make them with microaction features';
  return { videos, missing: missing.map(({ id }) => ({ video: id, reason })) };
}

const hasActions = ({ clips }: Dataset) => clips.some(({ instances }) => instances.length > 0);

const pathsOf = (videos: readonly LabelledVideo[]) => new Map(videos.map(({ id, path }) => [id, path]));

/** The data set with the paths of its clips' files. */
const withFiles = (dataset: Dataset, files: ReadonlyMap<string, string>): Dataset => ({
  ...dataset,
  clips: dataset.clips.map((clip) => ({ ...clip, file: files.get(clip.id) })),
});

function describe({
  path,
  kind,
  loaded,
  fresh,
}: Awaited<ReturnType<typeof import('../../training/detection/initialWeights.ts').loadInitialWeights>>): string {
  const adapters = fresh.filter((name) => name.includes('adapter.')).length;
  const others = fresh.filter((name) => !name.includes('adapter.'));
  const rest = [
    ...(adapters > 0 ? [`${adapters} of adapters`] : []),
    ...(others.length > 0 ? [others.join(', ')] : []),
  ].join(' and ');
  return `${path}: ${counted(loaded, 'tensor')} of a ${kind} loaded${rest === '' ? '' : `; new: ${rest}`}`;
}

async function measuresOf(out: string, best: Best | null): Promise<Readonly<Record<string, number>> | null> {
  const { readRunLog } = await import('../../training/runLog.ts');
  const log = await readRunLog(join(out, 'log.jsonl'));
  const found = log.findLast((record) => record.kind === 'validation' && record.epoch === best?.epoch);
  return found?.kind === 'validation' ? found.measures : null;
}

async function report(out: string, best: Best | null, { data }: DetectionRecipe, session: Session): Promise<string> {
  const weights = join(out, 'best', 'weights.safetensors');
  const look = `Look:  ${join(out, 'training.html')}\n`;
  // What was trained from stored features sees no pictures.
  const use = data.features ? look : `${look}Use:   microaction detect VIDEO --model ${weights}\n`;
  const measures = await measuresOf(out, best);
  if (!best || !measures) return use;
  const thresholds = ['0.2', '0.5', '0.7'];
  const rows = (['action', 'body'] as const).map((level) => [
    level === 'action' ? 'action' : 'body part',
    ...thresholds.map((threshold) => percent(measures[`${level} at ${threshold}`])),
    percent(measures[level]),
  ]);
  return (
    heading(`Best after epoch ${best.epoch}: Detection-mAP in percent, by temporal IoU`, session) +
    numberTable(
      [{ title: 'level', align: 'left' }, ...thresholds.map((title) => ({ title })), { title: 'average' }],
      rows,
      session,
    ) +
    `Mean of both averages ${session.style('bold', percent(best.value))}\n\n${use}`
  );
}

async function writePage(out: string, recipe: DetectionRecipe): Promise<void> {
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
