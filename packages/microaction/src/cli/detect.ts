import { Command } from 'commander';
import type { Clip } from '../annotation/dataset.ts';
import type { FormatName } from '../annotation/formats/format.ts';
import { UsageError } from '../errors.ts';
import { detectorNames, isModelFile } from '../inference/detectors.ts';
import type { Region } from '../video/video.ts';
import { nameOf, namesOf, numberWhere, region } from './arguments.ts';
import { detectionTable } from './detectionTable.ts';
import { type DetectedVideo, detectVideos } from './detectVideos.ts';
import { type DeviceName, device, deviceHelp } from './device.ts';
import { formatNames } from './inputs.ts';
import { readTaxonomy } from './readTaxonomy.ts';
import type { Session } from './session.ts';

export function detectCommand(session: Session): Command {
  return new Command('detect')
    .description('Find the micro-actions in videos of a person.')
    .argument('<video...>', 'files that FFmpeg can decode: MP4, MOV, WebM, MKV, AVI ...')
    .option(
      '--model <name or file>',
      `the detector: ${detectorNames.join(', ')}, or a trained network: RUN/best/weights.safetensors, an exported .onnx`,
      nameOrFile,
      detectorNames[0],
    )
    .option(
      '--format <names>',
      `write files in these formats: ${fileFormats.join(', ')}`,
      namesOf(fileFormats, 'format'),
    )
    .option(
      '--out <folder>',
      'write files into this folder (default: the current one); alone it means --format json,csv,eaf',
    )
    .option('--report', 'write a page that shows the video, its time line and the motion behind it')
    .option('--overwrite', 'replace files that are there already')
    .option('--json', 'print one JSON document on standard output and nothing else there')
    .option('--min-score <score>', 'leave out what is less sure, 0 to 1 (a network: 0.2 unless given)', score)
    .option('--person <x,y,w,h>', 'follow the person in this box, in pixels of the picture as shown', region)
    .option('--fps <number>', 'look at so many pictures a second', sampleRate)
    .option('--device <name>', `of a trained network, ${deviceHelp}`, device)
    .option('--threads <number>', 'processor threads to use', threadCount)
    .option('--taxonomy <file>', 'name actions as this taxonomy (JSON) does')
    .option('--quiet', 'no progress, no notes; failures only')
    .addHelpText('after', examples)
    .action((videos: string[], options: DetectOptions) => detect(session, videos, options));
}

export interface DetectOptions {
  readonly model: string;
  readonly format?: readonly FormatName[];
  readonly out?: string;
  readonly report?: true;
  readonly overwrite?: true;
  readonly json?: true;
  readonly minScore?: number;
  readonly person?: Region;
  readonly fps?: number;
  readonly device?: DeviceName;
  readonly threads?: number;
  readonly taxonomy?: string;
  readonly quiet?: true;
}

// ---- below: internals ----

/** All that say one video in one file. */
const fileFormats = formatNames.filter((name) => name !== 'thumos');

const nameOrFile = (text: string) => (isModelFile(text) ? text : nameOf(detectorNames, 'model')(text));
const score = numberWhere((value) => value >= 0 && value <= 1, 'a number from 0 to 1');
const sampleRate = numberWhere((value) => value > 0 && value <= 60, 'a number above 0 and at most 60');
const threadCount = numberWhere(
  (value) => Number.isInteger(value) && value >= 1 && value <= 256,
  'a whole number from 1 to 256',
);

const examples = `
Without --format, --out or --json a table is printed.

Examples:
  microaction detect interview.mp4
  microaction detect interview.mp4 --report
  microaction detect *.mp4 --format csv,eaf --out coded
  microaction detect interview.mp4 --json | jq '.videos[].instances[].action'
  microaction detect interview.mp4 --model runs/dsta-s/best/weights.safetensors
  microaction detect interview.mp4 --model runs/manet/best/weights.safetensors     a recogniser slides over the video
`;

async function detect(session: Session, videos: readonly string[], options: DetectOptions): Promise<void> {
  const { model } = options;
  if (isModelFile(model) && (options.fps !== undefined || options.person !== undefined)) {
    const option = options.fps !== undefined ? '--fps' : '--person';
    throw new UsageError(`${option} is of detectors by key points; a trained network sees videos as it was trained to`);
  }
  if (!isModelFile(model) && options.device !== undefined) {
    throw new UsageError('--device is of trained networks; the detector by key points runs on the processor');
  }
  const taxonomy = options.taxonomy === undefined ? undefined : await readTaxonomy(options.taxonomy);
  const formats = options.format ?? (options.out !== undefined && !options.report ? usualFormats : []);
  const clips: Clip[] = [];
  const failed: { file: string; error: string }[] = [];
  let used: DetectedVideo | undefined;
  const results = detectVideos(session, videos, {
    model,
    taxonomy,
    formats,
    folder: options.out ?? '.',
    report: options.report ?? false,
    overwrite: options.overwrite ?? false,
    quiet: options.quiet ?? false,
    sampleRate: options.fps,
    person: options.person,
    device: options.device,
    threads: options.threads,
    minScore: options.minScore,
  });
  for await (const result of results) {
    if ('error' in result) failed.push(result);
    else {
      used = result;
      if (options.json) clips.push(result.clip);
      else if (!options.format && options.out === undefined) await session.print(detectionTable(result, session));
    }
  }
  if (options.json) {
    const { json } = await import('../annotation/formats/json.ts');
    // Videos that failed stand in a field of their own, only when there are any.
    const foreign = failed.length > 0 ? { format: json.name, document: { failed } } : undefined;
    const document = { taxonomy: taxonomy ?? used?.taxonomy ?? (await readTaxonomy(undefined)), clips, foreign };
    await session.print(json.write(document, { model: used?.model ?? model }));
  }
}

const usualFormats = ['json', 'csv', 'eaf'] as const satisfies readonly FormatName[];
