import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { UsageError, UserError } from '../errors.ts';
import type { FeatureMaker } from '../inference/model/videoFeatures.ts';
import { type DeviceName, device, deviceHelp } from './device.ts';
import { wholeFrom } from './inputs.ts';
import { modelFile } from './modelFile.ts';
import { counted } from './numbers.ts';
import { progressDisplay } from './progress.ts';
import { readTaxonomy } from './readTaxonomy.ts';
import type { Session } from './session.ts';

export function featuresCommand(session: Session): Command {
  return new Command('features')
    .description('Features of all videos of a data set, to train from: a .npy [channels, steps] for each.')
    .requiredOption('--data <folder>', 'the data set: annotations.json or tables such as val.csv, and videos')
    .option('--split <name>', 'only videos of this subset: train, val, test or its own')
    .option('--weights <file>', 'VideoMAE as published (.pth, .safetensors): a feature for each clip by itself')
    .option('--model <file>', 'weights.safetensors of a training run: features as its head sees them', modelFile)
    .requiredOption('--out <folder>', 'where ID.npy and features.json go')
    .option(
      '--stride <frames>',
      'of --weights: from the start of a clip to that of the next (default: 4)',
      wholeFrom(1),
    )
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

Example:
  microaction features --data mma52 --weights vit-small-k400.pth --out mma52/features
`;

async function features(session: Session, options: FeaturesOptions): Promise<void> {
  const { data, split, out, overwrite, threads, quiet = false } = options;
  const { signal } = session;
  const [{ checkOutputFolder }, { readDataFolder }, { writeAtomically }, { openVideo }, { writeNpy }, engine] =
    await Promise.all([
      import('../files/outputFolder.ts'),
      import('../files/readDataFolder.ts'),
      import('../files/writeAtomically.ts'),
      import('../video/node.ts'),
      import('onnxgrad/weights'),
      import('../inference/model/engineFailure.ts'),
    ]);
  await checkOutputFolder(out);
  const taxonomy = await readTaxonomy(options.taxonomy);
  const { dataset, warnings } = await readDataFolder(data, { taxonomy, split, signal });
  const note = (line: string) => quiet || session.note(line);
  warnings.forEach(note);
  const { maker, about } = await makerOf(options);
  await using _ = maker;
  const { channels, strideFrames, offsetFrames } = maker;
  const manifest = { ...about, layout: '[channels, steps]', channels, strideFrames, offsetFrames };
  await writeManifest(join(out, 'features.json'), manifest, { overwrite, signal });

  const display = progressDisplay(session, { quiet, videos: dataset.clips.length });
  let [made, kept, skipped] = [0, 0, 0];
  for (const { id, file } of dataset.clips) {
    const path = join(out, `${id}.npy`);
    if (!overwrite && (await stat(path).catch(() => undefined))) {
      kept++;
      continue;
    }
    let outcome: string | undefined;
    display.begin(id);
    try {
      if (file === undefined) throw new UserError('no-such-file', `${id}: the data set has no video of this name`);
      await using video = await openVideo(file, { signal, threads });
      const { durationSeconds } = video.info;
      const onProgress = ({ done, total }: { done: number; total: number }) =>
        display.update({
          stage: 'making features',
          doneSeconds: (done / total) * durationSeconds,
          totalSeconds: durationSeconds,
        });
      const { steps, data: numbers } = await engine.explaining(about.file, () =>
        maker.features(video, { signal, onProgress }),
      );
      await writeAtomically(path, writeNpy({ dtype: 'float32', shape: [channels, steps], data: numbers }), { signal });
      outcome = counted(steps, 'step');
      made++;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof UserError) || error.code === 'disk-full' || engine.isEngineFailure(error)) throw error;
      session.fail(error, id);
      skipped++;
    } finally {
      display.end(outcome);
    }
  }
  const also = `${kept > 0 ? `, ${kept} were there` : ''}${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  note(`wrote features of ${counted(made, 'video')} into ${out}${also}`);
}

async function makerOf(options: FeaturesOptions): Promise<{ maker: FeatureMaker; about: Origin }> {
  const { weights, model, stride = 4, size = 160, device, threads } = options;
  if ((weights === undefined) === (model === undefined)) {
    throw new UsageError('features: expected either --weights FILE or --model FILE, one of both');
  }
  const { detectorFeatures, snippetFeatures } = await import('../inference/model/videoFeatures.ts');
  if (model !== undefined) {
    if (options.stride !== undefined || options.size !== undefined) {
      throw new UsageError('features: --stride and --size are of --weights; a trained model has its own');
    }
    const { loadTrainedModel } = await import('../inference/model/modelDetector.ts');
    const { model: network, recipe } = await loadTrainedModel(model);
    const about = { of: recipe.name, file: model, sizePixels: recipe.data.sizePixels };
    return { maker: detectorFeatures(network, recipe, { device, threads }), about };
  }
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

/** What features were made by; the manifest says it. */
interface Origin {
  readonly of: string;
  readonly file: string;
  readonly sizePixels: number;
  readonly clipFrames?: number;
}

/** One folder holds features of one kind. */
async function writeManifest(
  path: string,
  manifest: Record<string, unknown>,
  { overwrite, signal }: { readonly overwrite?: true; readonly signal: AbortSignal },
): Promise<void> {
  const { writeAtomically } = await import('../files/writeAtomically.ts');
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (before !== undefined && before !== text && !overwrite) {
    const advice = 'name another folder, or add --overwrite to make all anew';
    throw new UserError('exists', `${path}: this folder holds features of another kind; ${advice}`);
  }
  await writeAtomically(path, text, { signal });
}
