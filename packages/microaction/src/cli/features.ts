import { Command } from 'commander';
import { UsageError, UserError } from '../errors.ts';
import type { FeatureMaker } from '../inference/model/videoFeatures.ts';
import { type DeviceName, device, deviceHelp } from './device.ts';
import { wholeFrom } from './inputs.ts';
import { modelFile } from './modelFile.ts';
import { readTaxonomy } from './readTaxonomy.ts';
import type { Session } from './session.ts';
import type { FeatureOrigin } from './writeFeatures.ts';

export function featuresCommand(session: Session): Command {
  return new Command('features')
    .description('Features of all videos of a data set, to train from: a .npy [channels, steps] for each.')
    .requiredOption('--data <folder>', 'the data set: annotations.json or tables such as val.csv, and videos')
    .option('--split <name>', 'only videos of this subset: train, val, test or its own')
    .option('--weights <file>', 'VideoMAE as published (.pth, .safetensors): a feature for each clip by itself')
    .option(
      '--model <file>',
      'weights.safetensors of a run: a detector as its head sees it, a recogniser clip by clip',
      modelFile,
    )
    .requiredOption('--out <folder>', 'where ID.npy and features.json go')
    .option(
      '--stride <frames>',
      'of clips by themselves: from the start of one to that of the next (default: 4)',
      wholeFrom(1),
    )
    .option('--clip <frames>', 'of a recogniser: how long a clip is (default: 48)', wholeFrom(1))
    .option('--size <pixels>', 'of --weights: side of the square pictures (default: 160)', wholeFrom(16))
    .option('--taxonomy <file>', 'what labels of the data set mean (JSON)')
    .option('--overwrite', 'make anew what is there already')
    .option('--device <name>', deviceHelp, device)
    .option('--threads <number>', 'processor threads to use', wholeFrom(1))
    .option('--quiet', 'no progress, no notes; failures only')
    .addHelpText('after', examples)
    .action((options: FeaturesOptions) => features(session, options));
}

// ---- below: internals ----

interface FeaturesOptions {
  readonly data: string;
  readonly split?: string;
  readonly weights?: string;
  readonly model?: string;
  readonly out: string;
  readonly stride?: number;
  readonly clip?: number;
  readonly size?: number;
  readonly taxonomy?: string;
  readonly overwrite?: true;
  readonly device?: DeviceName;
  readonly threads?: number;
  readonly quiet?: true;
}

const examples = `
Videos whose features are there already are passed over: stopped, the same command goes on. features.json says what a
recipe needs to know under data.features: channels, strideFrames, offsetFrames.

Examples:
  microaction features --data mma52 --weights vit-small-k400.pth --out mma52/features
  microaction features --data mma52 --model recogniser/best/weights.safetensors --stride 8 --out mma52/features
`;

async function features(session: Session, options: FeaturesOptions): Promise<void> {
  const { data, split, out, overwrite, threads, quiet = false } = options;
  const { signal } = session;
  const [{ checkOutputFolder }, { readDataFolder }, { writeFeatures }] = await Promise.all([
    import('../files/outputFolder.ts'),
    import('../files/readDataFolder.ts'),
    import('./writeFeatures.ts'),
  ]);
  await checkOutputFolder(out);
  const taxonomy = await readTaxonomy(options.taxonomy);
  const { dataset, warnings } = await readDataFolder(data, { taxonomy, split, signal });
  if (!quiet) for (const warning of warnings) session.note(warning);
  const { maker, about } = await makerOf(options);
  await using _ = maker;
  await writeFeatures(session, dataset.clips, maker, { about, out, overwrite, threads, quiet });
}

async function makerOf(options: FeaturesOptions): Promise<{ maker: FeatureMaker; about: FeatureOrigin }> {
  const { weights, model, stride = 4, size = 160, device, threads } = options;
  if ((weights === undefined) === (model === undefined)) {
    throw new UsageError('features: expected either --weights FILE or --model FILE, one of both');
  }
  const { detectorFeatures, snippetFeatures } = await import('../inference/model/videoFeatures.ts');
  if (model !== undefined) {
    if (options.size !== undefined)
      throw new UsageError('features: --size is of --weights; a trained model has its own');
    const { taskOf } = await import('../inference/model/modelFiles.ts');
    if ((await taskOf(model)) === 'recognition') return ofRecogniser(model, options);
    if (options.stride !== undefined) {
      throw new UsageError('features: --stride is of clips by themselves; a trained detector has its own');
    }
    const { loadTrainedModel } = await import('../inference/model/modelDetector.ts');
    const { model: network, recipe } = await loadTrainedModel(model);
    const about = { of: recipe.name, file: model, sizePixels: recipe.data.sizePixels };
    return { maker: detectorFeatures(network, recipe, { device, threads }), about };
  }
  if (options.clip !== undefined) throw new UsageError('features: --clip is of a recogniser; VideoMAE has its own');
  const [{ openWeights }, { snippetModel, videoMaeOf }, { WeightsError }, { explaining }] = await Promise.all([
    import('onnxgrad/weights/node'),
    import('../inference/model/snippetModel.ts'),
    import('onnxgrad/weights'),
    import('../inference/model/engineFailure.ts'),
  ]);
  const file = weights as string;
  try {
    await using opened = await openWeights(file);
    const network = videoMaeOf(await opened.readAll(), file);
    const { clipFrames, patchPixels } = network.options;
    if (size % patchPixels !== 0) throw new UsageError(`--size ${size}: expected a multiple of ${patchPixels}`);
    if (stride > clipFrames)
      throw new UsageError(`--stride ${stride}: expected at most ${clipFrames}, a clip's frames`);
    const snippets = await explaining(file, () => snippetModel(network, { sizePixels: size, device, threads }));
    return { maker: snippetFeatures(snippets, stride), about: { of: 'VideoMAE', file, sizePixels: size, clipFrames } };
  } catch (error) {
    if (!(error instanceof WeightsError)) throw error;
    const message = error.message.includes(file) ? error.message : `${file}: ${error.message}`;
    throw new UserError(error.code, message, { cause: error });
  }
}

/** A recogniser may look at clips of any length; actions last about two seconds. */
async function ofRecogniser(
  file: string,
  { stride = 4, clip = 48, device, threads }: FeaturesOptions,
): Promise<{ maker: FeatureMaker; about: FeatureOrigin }> {
  if (stride > clip) throw new UsageError(`--stride ${stride}: expected at most --clip, ${clip}`);
  const [{ loadTrainedRecogniser }, { recogniserSnippets }, { snippetFeatures }, { explaining }] = await Promise.all([
    import('../inference/recognition/modelRecogniser.ts'),
    import('../inference/recognition/recogniserSnippets.ts'),
    import('../inference/model/videoFeatures.ts'),
    import('../inference/model/engineFailure.ts'),
  ]);
  const { model, recipe } = await loadTrainedRecogniser(file);
  const options = { clipFrames: clip, device, threads };
  const snippets = await explaining(file, () => recogniserSnippets(model, recipe, options));
  const about = { of: recipe.name, file, sizePixels: snippets.sizePixels, clipFrames: clip };
  return { maker: snippetFeatures(snippets, stride), about };
}
