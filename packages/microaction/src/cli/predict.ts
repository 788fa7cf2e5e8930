import { Command } from 'commander';
import { UsageError, UserError } from '../errors.ts';
import { checkOutputFolder } from '../files/outputFolder.ts';
import { isModelFile } from '../inference/detectors.ts';
import { type DeviceName, device, deviceHelp } from './device.ts';
import { wholeFrom } from './inputs.ts';
import { modelFile } from './modelFile.ts';
import { counted } from './numbers.ts';
import { progressDisplay } from './progress.ts';
import { addViewOptions, type ViewChoice } from './recognize.ts';
import type { Session } from './session.ts';
import { refuseExisting } from './writeFiles.ts';

export function predictCommand(session: Session): Command {
  const command = new Command('predict')
    .description('Find the micro-actions in all videos of a data set, or recognise its clips: one file to be scored.')
    .requiredOption(
      '--data <folder>',
      'the data set: annotations.json, tables such as val.csv or lists such as test_list_videos.txt, and videos',
    )
    .option('--split <name>', 'only videos of this subset: train, val, test or its own')
    .requiredOption(
      '--model <file>',
      `a trained network: RUN/best/weights.safetensors, an exported .onnx; or ${priorsName}, the floor`,
      priorsOrFile,
    )
    .requiredOption('--out <file>', 'predictions.json or .json.gz, as OpenTAD; scores of clips: scores.npy')
    .option('--overwrite', 'replace a file that is there already');
  return addViewOptions(command)
    .option('--device <name>', deviceHelp, device)
    .option('--threads <number>', 'processor threads to use', wholeFrom(1))
    .option('--quiet', 'no progress, no notes; failures only')
    .addHelpText('after', examples)
    .action((options: PredictOptions) => predictEither(session, options));
}

// ---- below: internals ----

/** As `openPriorPredictor` calls itself. */
const priorsName = 'class-priors';
const priorsOrFile = (text: string) => (text === priorsName ? text : modelFile(text));

interface PredictOptions extends ViewChoice {
  readonly data: string;
  readonly split?: string;
  readonly model: string;
  readonly out: string;
  readonly overwrite?: true;
  readonly device?: DeviceName;
  readonly threads?: number;
  readonly quiet?: true;
}

const examples = `
What was found so far is kept beside --out as .partial.jsonl: stopped, the same command goes on from there.
Videos that cannot be read are told, counted and left out, and the exit code is 1.
A network that was trained from stored features reads those in --data, as training does.
--model class-priors looks at no video: it spreads each action over all of them as often
and as long as the training subset of --data has it. A detector has to beat that.
A recogniser of clips makes scores.npy, in the order of the list, where a clip that cannot be read has equal
scores for all actions; or, with --out predictions.json, it slides over long videos.

Examples:
  microaction predict --data mma52 --split test --model runs/dsta-s/best/weights.safetensors --out predictions.json
  microaction evaluate detection --truth mma52/annotations.json --split test --predictions predictions.json
  microaction predict --data ma52 --split val --model runs/manet/best/weights.safetensors --out scores.npy
  microaction evaluate recognition --truth ma52/val_list_videos.txt --scores scores.npy
`;

/** A recogniser gives scores of clips, or a time line of long videos: by what is asked for. */
async function predictEither(session: Session, options: PredictOptions): Promise<void> {
  const { model, out } = options;
  const { taskOf } = await import('../inference/model/modelFiles.ts');
  const isRecogniser = isModelFile(model) && (await taskOf(model)) === 'recognition';
  if (isRecogniser && !documentName.test(out)) {
    const { predictScores } = await import('./predictScores.ts');
    return predictScores(session, options);
  }
  for (const name of ['views', 'samples', 'average'] as const) {
    if (options[name] !== undefined)
      throw new UsageError(`--${name} is of scores: of a recogniser, with --out scores.npy`);
  }
  return predict(session, options);
}

const documentName = /\.json(\.gz)?$/i;

async function predict(
  session: Session,
  { data, split, model, out, overwrite, device, threads, quiet }: PredictOptions,
) {
  const { signal } = session;
  if (!documentName.test(out))
    throw new UserError('wrong-use', `--out ${out}: expected a name that ends in .json or .json.gz`);
  await refuseExisting([out], overwrite);
  const [
    { dirname },
    { openNetworkPredictor, openPriorPredictor },
    { readDataFolder },
    { PredictionStore },
    { partialPath },
  ] = await Promise.all([
    import('node:path'),
    import('../inference/model/videoPredictors.ts'),
    import('../files/readDataFolder.ts'),
    import('../inference/model/predictionStore.ts'),
    import('../inference/model/partialResults.ts'),
  ]);
  await checkOutputFolder(dirname(out));
  await using predictor = isModelFile(model)
    ? await openNetworkPredictor(model, data, { device, threads })
    : await openPriorPredictor(data, { signal });
  const { dataset, warnings } = await readDataFolder(data, { taxonomy: predictor.taxonomy, split, signal });
  const note = (line: string) => quiet || session.note(line);
  warnings.forEach(note);
  await using store = await PredictionStore.open(out, predictor.fingerprint);
  const open = dataset.clips.filter(({ id }) => !store.has(id));
  const done = dataset.clips.length - open.length;
  if (done > 0) note(`${partialPath(out)}: goes on after ${counted(done, 'video')} that an earlier run looked at`);

  const display = progressDisplay(session, { quiet: quiet ?? false, videos: open.length });
  let skipped = 0;
  for (const clip of open) {
    let outcome: string | undefined;
    display.begin(clip.id);
    try {
      const onProgress = display.update.bind(display);
      const found = await predictor.predict(clip, { signal, onProgress });
      await store.add(found);
      if (found.skipped !== undefined) {
        skipped++;
        session.fail(new UserError('skipped', found.skipped), clip.id);
      } else outcome = counted(found.annotations.length, 'prediction');
    } finally {
      display.end(outcome);
    }
  }
  const weights = isModelFile(model) ? { weights: model } : {};
  await store.finish(
    dataset.clips.map(({ id }) => id),
    { model: predictor.name, ...weights, ...(split && { split }) },
  );
  const sum = `${counted(dataset.clips.length - skipped, 'video')}${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  note(`wrote ${out}: ${sum}`);
}
