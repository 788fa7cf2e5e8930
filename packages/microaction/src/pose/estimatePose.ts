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

  const timesSeconds: number[] = [];
  const moveNet: BodyPoints[] = [];
  const blazePose: BodyPoints[] = [];
  for (const segment of segments) {
    const frames = video.frames({
      startSeconds: segment.startSeconds,
      endSeconds: segment === segments.at(-1) ? undefined : segment.endSeconds,
      sampleRate: sampleRate < info.frameRate ? sampleRate : undefined,
      ...pictureOf(segment, video),
      signal,
    });
    for await (const frame of frames) {
      if (frame.timeSeconds <= (timesSeconds.at(-1) ?? -Infinity)) continue; // one frame, shown at two samples
      const points = await pointsIn(frame, segment, networks);
      timesSeconds.push(frame.timeSeconds);
      moveNet.push(points.moveNet);
      blazePose.push(points.blazePose);
      onProgress?.({
        stage: 'following the person',
        doneSeconds: frame.timeSeconds,
        totalSeconds: info.durationSeconds,
      });
    }
  }
  return {
    moveNet: trackOf(cocoPoints, timesSeconds, moveNet, video),
    blazePose: trackOf(bodyPoints, timesSeconds, blazePose, video),
  };
}

const minPresence = 0.5;

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
  const scale = Math.max(moveNetInput.sizePixels / moveNet.width, blazePoseInput.sizePixels / blazePose.width);
  return { region, longSidePixels: Math.ceil(Math.max(region.width, region.height) * scale) };
}

async function pointsIn(frame: Frame, segment: CropSegment, networks: PoseNetworks) {
  const moveNetImage = new Float32Array(3 * moveNetInput.sizePixels ** 2);
  const blazePoseImage = new Float32Array(3 * blazePoseInput.sizePixels ** 2);
  cropSquare(frame, segment.moveNet, moveNetInput, moveNetImage);
  cropSquare(frame, segment.blazePose, blazePoseInput, blazePoseImage);
  const [moveNetOutputs, blazePoseOutputs] = await Promise.all([
    networks.moveNet.run(moveNetImage, 1),
    networks.blazePose.run(blazePoseImage, 1),
  ]);
  const { points, presence } = decodeBlazePose(blazePoseOutputs, segment.blazePose);
  if (presence < minPresence) {
    points.x.fill(Number.NaN);
    points.y.fill(Number.NaN);
    points.confidence.fill(0);
  }
  return { moveNet: decodeMoveNet(moveNetOutputs, segment.moveNet), blazePose: points };
}

function trackOf(
  points: readonly BodyPoint[],
  times: readonly number[],
  samples: BodyPoints[],
  { info }: Video,
): PoseTrack {
  const join = (key: keyof BodyPoints) => {
    const all = new Float32Array(samples.length * points.length);
    for (const [index, sample] of samples.entries()) all.set(sample[key], index * points.length);
    return all;
  };
  return {
    points,
    timesSeconds: Float64Array.from(times),
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
