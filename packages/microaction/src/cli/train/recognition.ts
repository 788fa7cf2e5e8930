import { join } from 'node:path';
import type { Command } from 'commander';
import type { TensorData } from 'onnxgrad';
import { UsageError } from '../../errors.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { RecognitionRecipe } from '../../training/recipe.ts';
import type { TrainingClips } from '../../training/recognition/labelledClips.ts';
import type { RecognitionBatch } from '../../training/recognition/recognitionBatch.ts';
import { percent } from '../numbers.ts';
import { heading, numberTable } from '../numberTable.ts';
import type { Session } from '../session.ts';
import {
  type Measures,
  type Opened,
  type Trainable,
  type TrainContext,
  type TrainOptions,
  trainTaskCommand,
} from './trainRun.ts';

export const trainRecognitionCommand = (session: Session): Command =>
  trainTaskCommand(session, recognition).option(
    '--word-vectors <file>',
    'what labels mean, for MANet: vectors of labels (.npy ...), or of words as text (GloVe)',
  );

// ---- below: internals ----

const explanation = `
--data is a folder as MA-52 comes: train_list_videos.txt and
val_list_videos.txt, videos in train and val; or annotations as for detection,
of clips that show one action each, such as \`microaction synthesize\` makes.

A run that was stopped, by Ctrl-C or otherwise, goes on with --resume and ends
with the same weights as one that was not. OUT/best/weights.safetensors is what
\`microaction recognize --model\` takes; OUT/training.html shows the curves.

Examples:
  microaction train recognition --data simulated --recipe tiny-tsm --out run
  microaction train recognition --data ma52 --recipe manet --weights resnet50.pth \\
    --word-vectors glove.6B.300d.txt --device cuda --out manet
  microaction train recognition --data ma52 --out manet --resume
`;

const recognition: Trainable<'recognition', TrainingClips, RecognitionBatch> = {
  task: 'recognition',
  description: 'Train a recogniser that tells which one action a short clip shows.',
  dataHelp: 'clips and their labels: lists as MA-52 has them, or annotations',
  weightsHelp: 'begin with these weights: torchvision, mmaction2, MANet, PySlowFast, or of another run',
  // As `recognitionRecipes` has them, which is loaded when it is needed.
  recipeNames: ['manet', 'tsm', 'tsn', 'i3d', 'slowfast', 'c3d', 'tiny-manet', 'tiny-tsm', 'tiny-tsn', 'tiny-videomae'],
  explanation,
  recipes: async () => (await import('../../training/recognition/recipes.ts')).recognitionRecipes,
  async read(folder, options) {
    const { readTrainingClips } = await import('../../training/recognition/labelledClips.ts');
    return readTrainingClips(folder, options);
  },
  open: openRecognition,
  summary: (measures) => {
    const numbers = ['action top-1', 'body top-1', 'F1 mean'].map((name) => `${name} ${percent(measures[name])} %`);
    return numbers.join(', ');
  },
  table,
  use: (weights) => `microaction recognize CLIP --model ${weights}`,
};

async function openRecognition(
  clips: TrainingClips,
  recipe: RecognitionRecipe,
  context: TrainContext,
): Promise<Opened<RecognitionBatch>> {
  const [
    { FrameStore },
    { judgedClips, recognitionBatches },
    { RecognitionTask },
    { loadInitialWeights },
    { partsOf },
  ] = await Promise.all([
    import('../../training/frames/frameStore.ts'),
    import('../../training/recognition/recognitionBatches.ts'),
    import('../../training/recognition/recognitionTask.ts'),
    import('../../training/recognition/initialWeights.ts'),
    import('../../inference/recognition/trainedRecogniser.ts'),
  ]);
  const { device, threads } = context.options;
  const { sizePixels, shortSidePixels, sampling, batchSize, balance, mixup, incomplete } = recipe.data;
  const { crop, flip, randAugment, colourJitter } = recipe.data;
  const { taxonomy, training, validation } = clips;
  const wordVectors = await labelVectors(recipe, taxonomy, context);
  await using opening = new AsyncDisposableStack();
  const frames = opening.use(
    new FrameStore({ shortSidePixels, cacheBytes: recipe.data.cacheMebibytes * 2 ** 20, threads }),
  );
  const shape = { classes: taxonomy.actions.length, sampling, sizePixels, batchSize };
  const batches = await recognitionBatches(training, frames, {
    ...shape,
    augment: {
      flip,
      ...(crop && { crop }),
      ...(randAugment && { randAugment }),
      ...(colourJitter && { colourJitter }),
    },
    mirrored: mirroredClasses(recipe, taxonomy),
    balance,
    ...(mixup && { mixup: { alpha: mixup.alpha, ...(mixup.withinParts && { parts: partsOf(taxonomy) }) } }),
    incomplete,
    seed: recipe.training.seed,
    skipped: clips.missing,
  });
  const onSkipped = ({ video, reason }: { video: string; reason: string }) =>
    context.note(`validation goes without ${video}: ${reason}`);
  // Of pictures as they are after shrinking, the middle, as large as the network's.
  const centre = sizePixels / shortSidePixels;
  const judged = validation.length > 0 ? judgedClips(validation, frames, { ...shape, centre, onSkipped }) : undefined;
  const classCounts = taxonomy.actions.map((_, id) => training.filter(({ classId }) => classId === id).length);
  const task = opening.use(
    new RecognitionTask({ recipe, engine: { device, threads }, judged, classCounts, wordVectors }),
  );
  const opened = opening.move();
  return {
    task,
    batches,
    fill: async (weights) => {
      const { weightsSummary } = await import('../../models/recognition/weightsSummary.ts');
      return `${weights}: ${weightsSummary(await loadInitialWeights(task.model, weights))}`;
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** The class that each becomes where left and right change places. */
function mirroredClasses({ data }: RecognitionRecipe, taxonomy: Taxonomy): Record<number, number> {
  const classOf = (action: string) => taxonomy.actions.indexOf(taxonomy.get(action));
  return Object.fromEntries(
    data.mirrored.flatMap((pair) => {
      const [one, other] = pair.map(classOf);
      return [
        [one, other],
        [other, one],
      ];
    }),
  );
}

/** Where a run keeps what labels mean: going on must not depend on another file. */
const keptVectors = (run: string) => join(run, 'label-vectors.safetensors');

/** What labels mean: as the user says, as the run began with, or by the words they share. */
async function labelVectors(
  { loss }: RecognitionRecipe,
  { actions }: Taxonomy,
  { options, note }: TrainContext,
): Promise<TensorData | undefined> {
  const { resume, out, wordVectors: path } = options as TrainOptions & { readonly wordVectors?: string };
  if (loss.embeddingWeight === null) {
    if (path === undefined) return undefined;
    throw new UsageError(
      `--word-vectors ${path}: loss.embeddingWeight is null, so the recipe learns no meaning of labels`,
    );
  }
  if (resume && path !== undefined) {
    throw new UsageError(
      `--word-vectors ${path}: the run keeps those that it was begun with; leave it out with --resume`,
    );
  }
  const labels = actions.map(({ name }) => name);
  const [{ readLabelVectors }, { substituteLabelVectors }, { saveWeights }] = await Promise.all([
    import('../../models/recognition/wordVectorsNode.ts'),
    import('../../models/recognition/wordVectors.ts'),
    import('onnxgrad/weights/node'),
  ]);
  if (resume) return (await readLabelVectors(keptVectors(out), labels)).vectors;
  const read = path === undefined ? undefined : await readLabelVectors(path, labels);
  if (!read) note('No --word-vectors: labels mean alike where they share words, by vectors drawn for each word.');
  else if (read.unknown.length > 0) note(`${path}: does not know ${read.unknown.join(', ')}; labels mean the rest`);
  const vectors = read?.vectors ?? substituteLabelVectors(labels);
  await saveWeights(keptVectors(out), new Map([['vectors', vectors]]));
  return vectors;
}

function table(measures: Measures, epoch: number, session: Session): string {
  const rows = (['action', 'body'] as const).map((level) => [
    level === 'action' ? 'action' : 'body part',
    ...['top-1', 'top-5', 'F1 macro', 'F1 micro'].map((name) => percent(measures[`${level} ${name}`])),
  ]);
  return (
    heading(`Best after epoch ${epoch}: accuracy and F1 in percent`, session) +
    numberTable(
      [{ title: 'level', align: 'left' }, ...['top-1', 'top-5', 'F1 macro', 'F1 micro'].map((title) => ({ title }))],
      rows,
      session,
    ) +
    `Mean of all four F1 ${session.style('bold', percent(measures['F1 mean']))}\n`
  );
}
