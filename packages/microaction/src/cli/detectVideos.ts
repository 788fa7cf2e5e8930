import { basename, resolve } from 'node:path';
import type { Clip } from '../annotation/dataset.ts';
import { messageOf } from '../errors.ts';
import { checkOutputFolder } from '../files/outputFolder.ts';
import type { Detection } from '../inference/detection.ts';
import type { Detector, DetectorOptions } from '../inference/node.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import type { Region, VideoInfo } from '../video/video.ts';
import { outputNames } from './outputNames.ts';
import { clipOf, type OutputRequest, Outputs } from './outputs.ts';
import { type ProgressDisplay, progressDisplay } from './progress.ts';
import type { Session } from './session.ts';

export interface DetectionRequest extends Omit<OutputRequest, 'taxonomy'> {
  /** As `loadDetector` takes it. */
  readonly model: string;
  /** Names actions; the detector's own unless given. */
  readonly taxonomy?: Taxonomy;
  readonly quiet: boolean;
  readonly sampleRate?: number;
  readonly person?: Region;
  readonly device?: DetectorOptions['device'];
  readonly threads?: number;
  readonly minScore?: number;
}

export interface DetectedVideo {
  /** As the person named it. */
  readonly file: string;
  readonly info: VideoInfo;
  readonly clip: Clip;
  /** Which its actions belong to. */
  readonly taxonomy: Taxonomy;
  /** Name of the detector. */
  readonly model: string;
  /** Paths of the files written. */
  readonly written: readonly string[];
}

export interface FailedVideo {
  readonly file: string;
  readonly error: string;
}

/**
 * Detects in one video after the other and writes the files asked for. A video that fails is told on standard
 * error, and the next one follows.
 *
 * @throws the signal's reason
 */
export async function* detectVideos(
  session: Session,
  videos: readonly string[],
  request: DetectionRequest,
): AsyncGenerator<DetectedVideo | FailedVideo> {
  const files = withoutRepeats(videos);
  const names = outputNames(files);
  if (request.formats.length > 0 || request.report) await checkOutputFolder(request.folder);
  const display = progressDisplay(session, { quiet: request.quiet, videos: files.length });
  const where = resolve(request.folder) === resolve('') ? 'the current folder' : request.folder;
  const note = (line: string) => request.quiet || session.note(line);
  const { loadDetector } = await import('../inference/node.ts'); // heavy: only when it is needed
  await using detector = await loadDetector(request);
  const { taxonomy = detector.taxonomy } = request;
  const outputs = await Outputs.load({ ...request, taxonomy });
  for (const [i, file] of files.entries()) {
    try {
      await outputs.check(names[i]);
      const found = await detectShown(session, detector, file, request, display);
      found.warnings?.forEach(note);
      const detection = inTaxonomy(found, taxonomy);
      const leftOut = found.instances.length - detection.instances.length;
      if (leftOut > 0) note(`${file}: left out ${counted(leftOut)} of actions that ${taxonomy.name} lacks`);
      const written = await outputs.write(names[i], file, detection, session.signal);
      if (written.length > 0) note(`${file}: wrote ${written.map((path) => basename(path)).join(', ')} into ${where}`);
      const { info, model } = detection;
      yield { file, info, clip: clipOf(file, file, detection), taxonomy, model, written };
    } catch (error) {
      session.signal.throwIfAborted();
      session.fail(error, file);
      yield { file, error: messageOf(error) };
    }
  }
}

// ---- below: internals ----

async function detectShown(
  { signal }: Session,
  detector: Detector,
  file: string,
  { sampleRate, person, minScore }: DetectionRequest,
  display: ProgressDisplay,
): Promise<Detection> {
  let outcome: string | undefined;
  display.begin(file);
  try {
    const onProgress = display.update.bind(display);
    const detection = await detector.detect(file, { sampleRate, person, minScore, signal, onProgress });
    outcome = counted(detection.instances.length);
    return detection;
  } finally {
    display.end(outcome);
  }
}

/** What another taxonomy knows of a detection, under its own names. */
function inTaxonomy(detection: Detection, taxonomy: Taxonomy): Detection {
  const instances = detection.instances.flatMap((instance) => {
    const action = taxonomy.find(instance.action);
    return action ? [{ ...instance, action: action.name }] : [];
  });
  return { ...detection, instances };
}

function withoutRepeats(videos: readonly string[]): string[] {
  return [...new Map(videos.map((video) => [resolve(video), video])).values()];
}

const counted = (instances: number) => `${instances} instance${instances === 1 ? '' : 's'}`;
