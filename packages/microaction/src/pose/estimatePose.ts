import { UserError } from '../errors.ts';
import type { Frame, Region, Video } from '../video/video.ts';
import { blazePoseInput, decodeBlazePose } from './blazePose.ts';
import type { BodyPoints } from './bodyPoints.ts';
import { type CropSegment, findPerson } from './findPerson.ts';
import { decodeMoveNet, moveNetInput } from './moveNet.ts';
import type { PoseNetworks } from './network.ts';
import { type BodyPoint, bodyPoints, cocoPoints, type PoseEstimate, type PoseTrack } from './poseTrack.ts';
import { clip, union } from './region.ts';
import { cropSquare } from './squareCrop.ts';

export interface PoseOptions {
  readonly networks: PoseNetworks;
  /** Samples per second, 15 when absent; every frame of a video that has fewer. */
  readonly sampleRate?: number;
  /** The person in this box rather than the largest; pixels of the displayed frame. */
  readonly person?: Region;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: PoseProgress) => void;
}

export interface PoseProgress {
  readonly stage: 'finding the person' | 'following the person';
  /** Seconds of video done and in all, in this stage. */
  readonly doneSeconds: number;
  readonly totalSeconds: number;
}

export const defaultSampleRate = 15;

/**
 * The key points of one person over a video, as two networks see them, unsmoothed. Holds a few frames at a time.
 * Where BlazePose sees nobody, its points are NaN.
 *
 * @throws UserError `no-person`
 */
export async function estimatePose(video: Video, options: PoseOptions): Promise<PoseEstimate> {
  const { networks, sampleRate = defaultSampleRate, person, signal, onProgress } = options;
  const { info } = video;
  const segments = await findPerson(video, {
    networks,
    person,
    signal,
    onProgress: (progress) => onProgress?.({ stage: 'finding the person', ...progress }),
  });
  if (!segments) throw new UserError('no-person', noPerson(person));

  const samples: PoseSample[] = [];
  const running: Promise<PoseSample>[] = [];
  const keep = (sample: PoseSample) => {
    samples.push(sample);
    onProgress?.({
      stage: 'following the person',
      doneSeconds: sample.timeSeconds,
      totalSeconds: info.durationSeconds,
    });
  };
  let lastSeconds = -Infinity;
  for (const segment of segments) {
    const frames = video.frames({
      startSeconds: segment.startSeconds,
      endSeconds: segment === segments.at(-1) ? undefined : segment.endSeconds,
      sampleRate: sampleRate < info.frameRate ? sampleRate : undefined,
      ...pictureOf(segment, video),
      signal,
    });
    for await (const frame of frames) {
      if (frame.timeSeconds <= lastSeconds) continue; // one frame, shown at two samples
      lastSeconds = frame.timeSeconds;
      const sample = look(frame, segment, networks);
      sample.catch(() => {}); // seen when its turn comes
      running.push(sample);
      if (running.length > networks.parallelRuns) keep(await running.shift()!);
    }
  }
  for (const sample of running) keep(await sample);

  return {
    moveNet: trackOf(cocoPoints, samples, 'moveNet', video),
    blazePose: trackOf(bodyPoints, samples, 'blazePose', video),
  };
}

const minPresence = 0.5;

/** Resolution of the decoded picture over that of the network's: cutting the square out of it blurs a little. */
const sharpness = 1.25;

/** The part of the frame that both squares need, at the resolution of the finer one. */
function pictureOf({ moveNet, blazePose }: CropSegment, { info }: Video): { region: Region; longSidePixels: number } {
  const needed = clip(union(moveNet, blazePose), info.widthPixels, info.heightPixels);
  const left = Math.floor(needed.x);
  const top = Math.floor(needed.y);
  const region = {
    x: left,
    y: top,
    width: Math.ceil(needed.x + needed.width) - left,
    height: Math.ceil(needed.y + needed.height) - top,
  };
  const scale =
    sharpness * Math.max(moveNetInput.sizePixels / moveNet.width, blazePoseInput.sizePixels / blazePose.width);
  return { region, longSidePixels: Math.ceil(Math.max(region.width, region.height) * scale) };
}

interface PoseSample {
  readonly timeSeconds: number;
  readonly moveNet: BodyPoints;
  readonly blazePose: BodyPoints;
}

/** Has read the frame when it returns; the promise waits for the networks. */
async function look(frame: Frame, segment: CropSegment, { moveNet, blazePose }: PoseNetworks): Promise<PoseSample> {
  const { timeSeconds } = frame;
  const [moveNetOutputs, blazePoseOutputs] = await Promise.all([
    moveNet.run(cropSquare(frame, segment.moveNet, moveNetInput), 1),
    blazePose.run(cropSquare(frame, segment.blazePose, blazePoseInput), 1),
  ]);
  const { points, presence } = decodeBlazePose(blazePoseOutputs, segment.blazePose);
  if (presence < minPresence) {
    points.x.fill(Number.NaN);
    points.y.fill(Number.NaN);
    points.confidence.fill(0);
  }
  return { timeSeconds, moveNet: decodeMoveNet(moveNetOutputs, segment.moveNet), blazePose: points };
}

function trackOf(
  points: readonly BodyPoint[],
  samples: readonly PoseSample[],
  network: 'moveNet' | 'blazePose',
  { info }: Video,
): PoseTrack {
  const join = (key: keyof BodyPoints) => {
    const all = new Float32Array(samples.length * points.length);
    for (const [index, sample] of samples.entries()) all.set(sample[network][key], index * points.length);
    return all;
  };
  return {
    points,
    timesSeconds: Float64Array.from(samples, ({ timeSeconds }) => timeSeconds),
    x: join('x'),
    y: join('y'),
    confidence: join('confidence'),
    widthPixels: info.widthPixels,
    heightPixels: info.heightPixels,
  };
}

function noPerson(box?: Region): string {
  if (!box) return 'No person was found in the video. At least head and shoulders must be seen.';
  const { x, y, width, height } = box;
  return `No person was found in the box ${x},${y},${width},${height} (x, y, width, height in pixels). Leave it out to follow the largest person.`;
}
