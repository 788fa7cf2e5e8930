import { availableParallelism } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { UsageError, UserError } from '../errors.ts';
import { checkOutputFolder } from '../files/outputFolder.ts';
import { writeAtomically } from '../files/writeAtomically.ts';
import { microActions52 } from '../taxonomy/microActions52.ts';
import { beginIn, type SynthesisSettings, wholeFilesIn } from './output/dataFolderNode.ts';
import { bytesOf, datasetBytes } from './output/estimate.ts';
import { checkFreeSpace } from './output/freeSpaceNode.ts';
import { type LayoutName, layouts } from './output/layouts.ts';
import { countedFrames, countedTrimmedSeconds } from './plan/counted.ts';
import { type DatasetSettings, defaultSizePixels, planDataset } from './simulateDataset.ts';
import type { ClipTask, Refusal, ThreadData } from './synthesizeWorker.ts';

export interface SynthesisRequest extends DatasetSettings {
  /** No videos: labels, key points and joints alone. */
  readonly keyPointsOnly?: boolean;
  /** Dense optical flow as well; pictures of at most 512 pixels. */
  readonly flow?: boolean;
}

export interface SynthesisOptions {
  /** Processor threads; as many as there are cores when absent. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

/** How far a data set has come. */
export interface SynthesisProgress {
  /** Clips whose files are there, those of earlier runs included. */
  readonly doneClips: number;
  readonly totalClips: number;
  /** Frames of the clips that this run has made. */
  readonly madeFrames: number;
  /** Frames that this run had to make and has not. */
  readonly leftFrames: number;
}

/**
 * Makes a data set of simulated people in a folder: labels, key points, joints and videos. The same request makes the
 * same bytes. A run that was stopped goes on where it was; labels are written last, when all they name is there.
 *
 * @throws before anything is written: UsageError, UserError `unknown-action`, `disk-full`, `other-settings`,
 * `not-empty` ...; while it is made: what writing throws; the signal's reason
 */
export async function* synthesize(
  folder: string,
  request: SynthesisRequest,
  { threads = availableParallelism(), signal }: SynthesisOptions = {},
): AsyncGenerator<SynthesisProgress> {
  const { layout = 'mma52', frameRate = 30, sizePixels = defaultSizePixels, seed } = request;
  const { keyPointsOnly = false, maskEyes = false, flow = false } = request;
  if (folder === '') throw new UsageError('The name of the folder is empty; name a new or empty folder.');
  checkSize(sizePixels, flow);
  const pictures = { widthPixels: sizePixels, heightPixels: sizePixels, videos: !keyPointsOnly, flow };
  const settings = settingsOf(request);
  await checkOutputFolder(folder);
  const whole = await wholeFilesIn(folder, settings, { signal });
  // A plan takes time and memory: first see whether even the shortest clips would find room.
  const fewest = Number.isFinite(request.videos) ? Math.max(0, request.videos - whole.size) : 0; // refused below
  const frameCount = Math.floor(shortestSeconds[layout] * frameRate);
  await checkFreeSpace(folder, fewest * bytesOf({ frameCount }, pictures), clipsIn(fewest));
  const plans = planDataset(request);
  const { placesOf, textFilesOf } = layouts[layout];
  const missing = (path: string) => (whole.has(path) ? undefined : join(folder, path));
  const tasks = placesOf(plans).map(
    (places, i): ClipTask => ({
      plan: plans[i],
      settings: { seed, sizePixels, maskEyes },
      keyPoints: missing(places.keyPoints),
      video: keyPointsOnly ? undefined : missing(places.video),
      flow: flow ? missing(places.flow) : undefined,
    }),
  );
  const left = tasks.filter((task) => filesOf(task).length > 0);
  await checkFreeSpace(
    folder,
    datasetBytes(
      left.map(({ plan }) => plan),
      pictures,
    ),
    clipsIn(left.length),
  );
  await beginIn(folder, settings, { signal });

  let doneClips = plans.length - left.length;
  let madeFrames = 0;
  let leftFrames = left.reduce((sum, { plan }) => sum + plan.frameCount, 0);
  const progress = (): SynthesisProgress => ({ doneClips, totalClips: plans.length, madeFrames, leftFrames });
  yield progress();
  for await (const { plan } of inThreads(left, threads, signal)) {
    doneClips += 1;
    madeFrames += plan.frameCount;
    leftFrames -= plan.frameCount;
    yield progress();
  }
  await checkAllThere(folder, tasks, settings, signal);
  for (const { path, content } of textFilesOf(plans, pictures)) {
    if (!whole.has(path)) await writeAtomically(join(folder, path), content, { signal });
  }
}

// ---- below: internals ----

/** Pictures below are too small to show a hand, above too large for one process's memory. */
function checkSize(sizePixels: number, flow: boolean): void {
  if (flow && sizePixels > 512) {
    throw new UsageError(
      `flow: found pictures of ${sizePixels} pixels, expected 512 at most: all of a clip is held in memory.`,
    );
  }
  if (Number.isInteger(sizePixels) && sizePixels >= 32 && sizePixels <= 2048 && sizePixels % 2 === 0) return;
  throw new UsageError(`sizePixels: found ${sizePixels}, expected an even number of pixels from 32 to 2048.`);
}

const shortestSeconds: Readonly<Record<LayoutName, number>> = {
  mma52: countedFrames.fewest / countedFrames.frameRate,
  ma52: countedTrimmedSeconds.low,
};

/** What a task is to make. */
const filesOf = ({ keyPoints, video, flow }: ClipTask): string[] =>
  [keyPoints, video, flow].filter((path) => path !== undefined);

const clipsIn = (count: number) => (count === 1 ? '1 clip' : `${count} clips`);

/** Labels must not name what somebody has taken away in the meantime. */
async function checkAllThere(
  folder: string,
  tasks: readonly ClipTask[],
  settings: SynthesisSettings,
  signal: AbortSignal | undefined,
): Promise<void> {
  const there = new Set([...(await wholeFilesIn(folder, settings, { signal }))].map((path) => join(folder, path)));
  const made = tasks.flatMap(filesOf);
  const gone = made.find((path) => !there.has(path));
  if (gone === undefined) return;
  throw new UserError('files-gone', `${gone}: was written and is gone; let the folder alone and run the same again`);
}

/** All that the bytes depend on. */
function settingsOf(request: SynthesisRequest): SynthesisSettings {
  const { only, layout = 'mma52', sizePixels = defaultSizePixels, balance = 'counted', frameRate = 30 } = request;
  return {
    simulator: simulatorVersion,
    layout,
    videos: request.videos,
    subjects: request.subjects,
    seed: request.seed,
    frameRate,
    sizePixels,
    balance,
    only: only && [...new Set(only.map((name) => microActions52.get(name).name))],
    maskEyes: request.maskEyes ?? false,
    keyPointsOnly: request.keyPointsOnly ?? false,
    flow: request.flow ?? false,
  };
}

/** Counts changes of what people do and look like: a folder is gone on with by the simulator that began it. */
const simulatorVersion = 1;

/** Runs tasks over threads; yields them in order as they are done. */
async function* inThreads(
  tasks: readonly ClipTask[],
  threads: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<ClipTask> {
  if (tasks.length === 0) return;
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const askToStop = () => void Atomics.store(stop, 0, 1);
  signal?.addEventListener('abort', askToStop);
  const size = Math.min(threads, tasks.length);
  const pool = new Piscina<ClipTask, Refusal | undefined>({
    filename: fileURLToPath(new URL(`./synthesizeWorker${extname(import.meta.url)}`, import.meta.url)),
    minThreads: size,
    maxThreads: size,
    // Vectors are many and live briefly: with more room for the young, a tenth less time goes into clearing them away.
    resourceLimits: { maxYoungGenerationSizeMb: 128 },
    workerData: { stop } satisfies ThreadData,
  });
  const running: Promise<ClipTask>[] = [];
  try {
    for (const task of tasks) {
      signal?.throwIfAborted();
      const done = pool.run(task).then((refusal) => {
        if (refusal) throw new UserError(refusal.code, refusal.message);
        return task;
      });
      done.catch(() => {}); // told when its turn comes
      running.push(done);
      if (running.length >= 4 * size) yield await running.shift()!;
    }
    while (running.length > 0) yield await running.shift()!;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    askToStop();
    await Promise.allSettled(running); // a file that is being written is taken away, not left half
    signal?.removeEventListener('abort', askToStop);
    await pool.destroy();
  }
}
