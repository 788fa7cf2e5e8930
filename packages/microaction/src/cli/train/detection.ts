import type { Command } from 'commander';
import type { Dataset } from '../../annotation/dataset.ts';
import type { TrainingFolder } from '../../files/readDataFolder.ts';
import type { BatchSource, SkippedVideo } from '../../training/batches.ts';
import type { DetectionBatch } from '../../training/detection/detectionBatch.ts';
import type { JudgedVideos } from '../../training/detection/detectionTask.ts';
import type { InitialWeights } from '../../training/detection/initialWeights.ts';
import type { DetectionRecipe } from '../../training/recipe.ts';
import { counted, percent } from '../numbers.ts';
import { heading, numberTable } from '../numberTable.ts';
import type { Session } from '../session.ts';
import { type Measures, type Opened, type Trainable, type TrainContext, trainTaskCommand } from './trainRun.ts';

export const trainDetectionCommand = (session: Session): Command => trainTaskCommand(session, detection);

/** Training of detectors. */
export const detection: Trainable<'detection', DetectionFolder, DetectionBatch> = {
  task: 'detection',
  description: 'Train a detector that finds several actions at a time in whole videos.',
  dataHelp: 'videos and annotations: annotations.json, or train.csv and val.csv',
  weightsHelp: 'begin with these weights: VideoMAE, OpenTAD, or of another run',
  // As `detectionRecipes` has them, which is loaded when it is needed.
  recipeNames: [
    'dsta-s',
    'dsta-b',
    'adatad-s',
    'adatad-b',
    'standard-s',
    'full-s',
    'snippet-s',
    'tiny',
    'tiny-snippets',
  ],
  explanation: `
A run that was stopped, by Ctrl-C or otherwise, goes on with --resume and ends
with the same weights as one that was not. OUT/best/weights.safetensors is what
\`microaction detect --model\` takes; OUT/training.html shows the curves.

Examples:
  microaction train detection --data simulated --recipe tiny --out run
  microaction train detection --data mma52 --recipe dsta-s --weights videomae-s.pth --device cuda --out dsta
  microaction train detection --data mma52 --out dsta --resume
`,
  recipes: async () => (await import('../../training/detection/recipes.ts')).detectionRecipes,
  async read(folder, options) {
    const { readTrainingFolder } = await import('../../files/readDataFolder.ts');
    return { ...(await readTrainingFolder(folder, options)), folder };
  },
  open: openDetection,
  summary: (measures) => {
    const numbers = ['action', 'body', 'average'].map((name) => `${name} ${percent(measures[name])} %`);
    return `mAP: ${numbers.join(', ')}`;
  },
  table,
  // What was trained from stored features sees no pictures.
  use: (weights, { data }) => (data.features ? undefined : `microaction detect VIDEO --model ${weights}`),
};

/** A data set, and where its files are. */
export interface DetectionFolder extends TrainingFolder {
  readonly folder: string;
}

// ---- below: internals ----

async function openDetection(
  data: DetectionFolder,
  recipe: DetectionRecipe,
  context: TrainContext,
): Promise<Opened<DetectionBatch>> {
  const [{ DetectionTask }, { loadInitialWeights }] = await Promise.all([
    import('../../training/detection/detectionTask.ts'),
    import('../../training/detection/initialWeights.ts'),
  ]);
  const { device, threads } = context.options;
  await using opening = new AsyncDisposableStack();
  const { batches, judged } = opening.use(await openData(data, data.folder, recipe, context));
  const task = opening.use(new DetectionTask({ recipe, engine: { device, threads }, judged }));
  const opened = opening.move();
  return {
    task,
    batches,
    fill: async (weights) => describe(await loadInitialWeights(task.model, weights)),
    ...(recipe.tuned === 'adapters' && {
      unfilled: 'No --weights: adapters are trained in a backbone that knows nothing.',
    }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

interface OpenData extends AsyncDisposable {
  readonly batches: BatchSource<DetectionBatch>;
  readonly judged?: JudgedVideos;
}

async function openData(
  { training, validation }: TrainingFolder,
  folder: string,
  recipe: DetectionRecipe,
  context: TrainContext,
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
  const onSkipped = ({ video, reason }: SkippedVideo) =>
    context.note(`validation goes without ${video}, and counts its actions as missed: ${reason}`);
  if (data.features) {
    const { featureBatches } = await import('../../training/detection/featureBatches.ts');
    const { judgedFeatures } = await import('../../training/detection/judgedFeatures.ts');
    const { labelledFeatures } = await import('../../training/detection/labelledVideos.ts');
    const own = await labelledFeatures(training, folder);
    const batches = await featureBatches(own.videos, { ...windows, ...data.features, skipped: own.missing });
    const found = await labelledFeatures(validation, folder);
    for (const one of found.missing) onSkipped(one);
    const judged =
      found.videos.length > 0 && hasActions(validation)
        ? judgedFeatures(validation, found.videos, { recipe, onSkipped })
        : undefined;
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
  const frames = new FrameStore({ shortSidePixels, cacheBytes, threads: context.options.threads });
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
    const found = await labelledVideos(validation, folder);
    for (const one of found.missing) onSkipped(one);
    const judged =
      found.videos.length > 0 && hasActions(validation)
        ? judgedVideos(validation, {
            recipe,
            threads: context.options.threads,
            onSkipped,
          })
        : undefined;
    return { batches, judged, [Symbol.asyncDispose]: () => frames[Symbol.asyncDispose]() };
  } catch (error) {
    await frames[Symbol.asyncDispose]();
    throw error;
  }
}

const hasActions = ({ clips }: Dataset) => clips.some(({ instances }) => instances.length > 0);

function describe({ path, kind, loaded, fresh }: InitialWeights): string {
  const adapters = fresh.filter((name) => name.includes('adapter.')).length;
  const others = fresh.filter((name) => !name.includes('adapter.'));
  const rest = [
    ...(adapters > 0 ? [`${adapters} of adapters`] : []),
    ...(others.length > 0 ? [others.join(', ')] : []),
  ].join(' and ');
  return `${path}: ${counted(loaded, 'tensor')} of a ${kind} loaded${rest === '' ? '' : `; new: ${rest}`}`;
}

function table(measures: Measures, epoch: number, session: Session): string {
  const thresholds = ['0.2', '0.5', '0.7'];
  const rows = (['action', 'body'] as const).map((level) => [
    level === 'action' ? 'action' : 'body part',
    ...thresholds.map((threshold) => percent(measures[`${level} at ${threshold}`])),
    percent(measures[level]),
  ]);
  return (
    heading(`Best after epoch ${epoch}: Detection-mAP in percent, by temporal IoU`, session) +
    numberTable(
      [{ title: 'level', align: 'left' }, ...thresholds.map((title) => ({ title })), { title: 'average' }],
      rows,
      session,
    ) +
    `Mean of both averages ${session.style('bold', percent(measures.average))}\n`
  );
}
