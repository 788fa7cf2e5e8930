import { Command } from 'commander';
import { messageOf } from '../errors.ts';
import type { Averaging } from '../inference/recognition/averageViews.ts';
import type { ClipRecogniser } from '../inference/recognition/clipRecogniser.ts';
import type { RecognisedClip } from '../inference/recognition/recogniseClip.ts';
import { type CropKind, cropKinds } from '../inference/recognition/viewSizes.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { nameOf } from './arguments.ts';
import { type DeviceName, device, deviceHelp } from './device.ts';
import { wholeFrom } from './inputs.ts';
import { modelFile } from './modelFile.ts';
import { counted, percent } from './numbers.ts';
import { type NumberColumn, numberTable } from './numberTable.ts';
import { printable } from './printable.ts';
import { type ProgressDisplay, progressDisplay } from './progress.ts';
import type { Session } from './session.ts';
import { formatTime } from './times.ts';

export function recognizeCommand(session: Session): Command {
  const command = new Command('recognize')
    .description('Tell which micro-action each of some short clips shows.')
    .argument('<clip...>', 'files that FFmpeg can decode, each of one action from its start to its end')
    .requiredOption(
      '--model <file>',
      'a trained recogniser: RUN/best/weights.safetensors, an exported .onnx',
      modelFile,
    )
    .option('--top <count>', 'how many of the likeliest actions are shown', wholeFrom(1), 5)
    .option('--json', 'print one JSON document on standard output and nothing else there');
  return addViewOptions(command)
    .option('--device <name>', deviceHelp, device)
    .option('--threads <number>', 'processor threads to use', wholeFrom(1))
    .option('--quiet', 'no progress, no notes; failures only')
    .addHelpText('after', examples)
    .action((clips: string[], options: RecognizeOptions) => recognize(session, clips, options));
}

/** How often and where each clip is looked at. */
export interface ViewChoice {
  readonly views?: CropKind;
  readonly samples?: number;
  readonly average?: Averaging;
}

export function addViewOptions(command: Command): Command {
  return command
    .option(
      '--views <name>',
      `parts of the pictures: ${cropKinds.join(', ')} (default: centre); what is said of each is averaged`,
      nameOf(cropKinds, 'kind of views'),
    )
    .option('--samples <count>', 'samples of frames out of each clip, averaged (default: 1)', wholeFrom(1))
    .option(
      '--average <what>',
      'of several views: probability (default), score (logits)',
      nameOf(['probability', 'score'], 'average'),
    );
}

// ---- below: internals ----

interface RecognizeOptions extends ViewChoice {
  readonly model: string;
  readonly top: number;
  readonly json?: true;
  readonly device?: DeviceName;
  readonly threads?: number;
  readonly quiet?: true;
}

const examples = `
Clips that cannot be read are told and counted, the others go on, and the exit code is 1.
Long videos with several actions: microaction detect VIDEO --model RECOGNISER

Examples:
  microaction recognize clip.mp4 --model runs/manet/best/weights.safetensors
  microaction recognize test/*.mp4 --model manet.onnx --top 1 --json | jq '.clips[].actions[0].name'
  microaction recognize clip.mp4 --model runs/i3d/best/weights.safetensors --views three --samples 10
`;

async function recognize(session: Session, clips: readonly string[], options: RecognizeOptions): Promise<void> {
  const { model, top, json, quiet = false, device, threads } = options;
  const [{ loadClipRecogniser }, { recogniseClip, sideOf }, { openVideo }, { isEngineFailure }] = await Promise.all([
    import('../inference/recognition/modelRecogniser.ts'),
    import('../inference/recognition/recogniseClip.ts'),
    import('../video/node.ts'),
    import('../inference/model/engineFailure.ts'),
  ]);
  await using recogniser = await loadClipRecogniser(model, { device, threads });
  const { views: crops = 'centre', samples, average: averaging } = options;
  sideOf(crops, recogniser); // refused before any clip is looked at
  const { signal } = session;
  const display = progressDisplay(session, { quiet, videos: clips.length });
  const found: object[] = [];
  const failed: { file: string; error: string }[] = [];
  for (const file of clips) {
    try {
      const clip = await shown(display, file, async (onProgress) => {
        await using video = await openVideo(file, { signal, threads });
        return await recogniseClip(video, recogniser, { crops, samples, averaging, signal, onProgress });
      });
      const ranked = rankedActions(clip, recogniser).slice(0, top);
      if (!quiet) for (const warning of clip.warnings) session.note(named(file, warning));
      if (json) found.push({ file, views: clip.views, actions: ranked });
      else await session.print(clipTable(file, clip, ranked, recogniser.taxonomy, session));
    } catch (error) {
      signal.throwIfAborted();
      if (isEngineFailure(error)) throw error;
      session.fail(error, file);
      failed.push({ file, error: messageOf(error) });
    }
  }
  if (json) {
    const { name } = recogniser.recipe;
    const document = { model: name, weights: model, clips: found, ...(failed.length > 0 && { failed }) };
    await session.print(`${JSON.stringify(document, null, 2)}\n`);
  }
  if (failed.length > 0 && clips.length > 1 && !quiet) {
    session.note(`${counted(clips.length - failed.length, 'clip')} recognised, ${failed.length} failed`);
  }
}

async function shown<T>(
  display: ProgressDisplay,
  file: string,
  work: (onProgress: ProgressDisplay['update']) => Promise<T>,
): Promise<T> {
  display.begin(file);
  try {
    return await work(display.update.bind(display));
  } finally {
    display.end();
  }
}

interface RankedAction {
  readonly id: number;
  readonly name: string;
  readonly bodyPart: string;
  readonly probability: number;
}

/** By decreasing probability, of equal ones the first in the taxonomy. */
function rankedActions({ probabilities }: RecognisedClip, { taxonomy }: ClipRecogniser): RankedAction[] {
  const actions = taxonomy.actions.map(({ id, name }, k) => ({
    id,
    name,
    bodyPart: taxonomy.bodyPartOf(name).name,
    probability: probabilities[k],
  }));
  return actions.sort((a, b) => b.probability - a.probability);
}

function clipTable(
  file: string,
  { info, views }: RecognisedClip,
  ranked: readonly RankedAction[],
  taxonomy: Taxonomy,
  session: Session,
): string {
  const facts = [`${formatTime(info.durationSeconds)}${info.durationSeconds < 60 ? ' s' : ''}`];
  if (views > 1) facts.push(`${views} views`);
  const heading = `${session.style('bold', printable(file))}  ${session.style('dim', facts.join(', '))}\n\n`;
  const rows = ranked.map(({ name, bodyPart, probability }) => [
    percent(probability, 1),
    bar(probability),
    taxonomy.get(name).code,
    name,
    bodyPart,
  ]);
  return `${heading}${numberTable(columns, rows, session)}\n`;
}

const columns: readonly NumberColumn[] = [
  { title: '%' },
  { title: '', align: 'left', givesWay: 1 },
  { title: 'code', align: 'left' },
  { title: 'action', align: 'left' },
  { title: 'body part', align: 'left', givesWay: 2 },
];

const barCells = 20;

const bar = (part: number) => '━'.repeat(Math.round(part * barCells)).padEnd(barCells);

const named = (file: string, text: string) => (text.includes(file) ? text : `${file}: ${text}`);
