import type { Frame, Region, Video } from '../video/video.ts';
import { blazePoseInput, decodeBlazePose } from './blazePose.ts';
import type { BodyPoints } from './bodyPoints.ts';
import { decodeMoveNet, moveNetInput } from './moveNet.ts';
import type { Network, PoseNetworks } from './network.ts';
import { decodePersons, detectorInput } from './personDetector.ts';
import { type BodyPoint, bodyPoints } from './poseTrack.ts';
import { boundsOf, overlap, squareAround, union } from './region.ts';
import { cropSquare, type InputFormat } from './squareCrop.ts';

/** The squares in which the networks look for the person during a part of the video; they stand still. */
export interface CropSegment {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly moveNet: Region;
  readonly blazePose: Region;
}

export interface FindPersonOptions {
  readonly networks: PoseNetworks;
  /** The person in this box rather than the largest; pixels of the displayed frame. */
  readonly person?: Region;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { doneSeconds: number; totalSeconds: number }) => void;
}

/**
 * Looks at some frames, at least `minSamples` and one every `maxStepSeconds`, decides which person to follow and
 * where to look for it. A square is kept as long as the person fits, since moving it would look like motion.
 *
 * @returns segments that cover the video, in order; null when there is no person, or none in the given box
 */
export async function findPerson(video: Video, options: FindPersonOptions): Promise<CropSegment[] | null> {
  const { durationSeconds } = video.info;
  const sightings: Sighting[][] = [];
  for await (const frame of sampleFrames(video, options.signal)) {
    sightings.push(await lookAt(frame, video, options.networks));
    options.onProgress?.({ doneSeconds: frame.timeSeconds, totalSeconds: durationSeconds });
  }
  const person = choosePerson(linkSightings(sightings), options.person);
  return person && planCrops(person, durationSeconds);
}

/** One person in one frame. */
export interface Sighting {
  readonly timeSeconds: number;
  /** Round the points that can be seen. */
  readonly body: Region;
  /** What BlazePose wants to see. */
  readonly square: Region;
}

/** Joins what was seen of the same person at successive times: the nearest of similar size. */
export function linkSightings(sightings: readonly (readonly Sighting[])[]): Sighting[][] {
  const persons: Sighting[][] = [];
  for (const seen of sightings) {
    const pairs = seen.flatMap((next) =>
      persons.map((person) => ({ next, person, cost: unlikeness(person.at(-1)!, next) })),
    );
    pairs.sort((a, b) => a.cost - b.cost);
    const linked = new Set<Sighting>();
    const extended = new Set<Sighting[]>();
    for (const { next, person, cost } of pairs) {
      if (cost > 1 || linked.has(next) || extended.has(person)) continue;
      person.push(next);
      linked.add(next);
      extended.add(person);
    }
    for (const next of seen) if (!linked.has(next)) persons.push([next]);
  }
  return persons;
}

/** The person that the box shows, or without a box the one that is largest for longest. */
export function choosePerson(persons: readonly Sighting[][], box?: Region): Sighting[] | null {
  const weigh = box
    ? (person: Sighting[]) => Math.max(...person.map(({ body }) => overlap(body, box)))
    : (person: Sighting[]) => person.reduce((sum, { square }) => sum + square.height, 0);
  let chosen: Sighting[] | null = null;
  let most = box ? minBoxOverlap : 0;
  for (const person of persons) {
    const weight = weigh(person);
    if (weight > most) {
      most = weight;
      chosen = person;
    }
  }
  return chosen;
}

/** Squares for a person: a new one only where it no longer fits the old one. */
export function planCrops(person: readonly Sighting[], durationSeconds: number): CropSegment[] {
  const groups: { sightings: Sighting[]; body: Region }[] = [];
  for (const sighting of person) {
    const group = groups.at(-1);
    const joint = group && union(group.body, sighting.body);
    const longest =
      group && Math.max(...[...group.sightings, sighting].map(({ body }) => Math.max(body.width, body.height)));
    if (group && joint && longest && Math.max(joint.width, joint.height) <= longest * maxGrowth) {
      group.sightings.push(sighting);
      group.body = joint;
    } else {
      groups.push({ sightings: [sighting], body: sighting.body });
    }
  }
  return groups.map(({ sightings, body }, index) => {
    const before = groups[index - 1]?.sightings.at(-1);
    const after = groups[index + 1]?.sightings[0];
    return {
      startSeconds: before ? (before.timeSeconds + sightings[0].timeSeconds) / 2 : 0,
      endSeconds: after ? (sightings.at(-1)!.timeSeconds + after.timeSeconds) / 2 : durationSeconds,
      moveNet: squareAround(body, moveNetMargin),
      blazePose: squareAround(sightings.map(({ square }) => square).reduce(union), 1),
    };
  });
}

const minSamples = 5;
const maxStepSeconds = 5;
/** Steps up to this are read in one go; longer ones by jumping. */
const maxReadStepSeconds = 2;
const sampleLongSidePixels = 640;
const maxPersons = 4;

// Measured on pictures without a person (noise, bars, gradients, one colour): the seven surest MoveNet points
// stay below 0.2 on average; persons reach 0.6. BlazePose alone is fooled by colour bars.
const minConfidence = 0.4;
const minPresence = 0.5;
const surestPoints = 7;

/** Confidence from which a point counts as part of the body in view: BlazePose's, MoveNet's. */
const visible = 0.5;
const seen = 0.3;
/** Of the distance from the shoulders to the nose. */
const headAboveNose = 0.8;

const minBoxOverlap = 0.1;
const maxGrowth = 1.5;
/**
 * No room beyond the top of the head: measured on nods and head turns, a square 1.25 times as large as the person
 * halves the ratio of signal to noise.
 */
const moveNetMargin = 1;

async function* sampleFrames(video: Video, signal?: AbortSignal): AsyncGenerator<Frame> {
  const { durationSeconds, frameRate } = video.info;
  const count = Math.max(minSamples, Math.ceil(durationSeconds / maxStepSeconds));
  const step = durationSeconds / count;
  const size = { longSidePixels: sampleLongSidePixels, signal };
  if (step <= maxReadStepSeconds) {
    const sampleRate = 1 / step < frameRate ? 1 / step : undefined;
    yield* video.frames({ ...size, startSeconds: sampleRate && step / 2, sampleRate });
  } else {
    for (let index = 0; index < count; index++) {
      signal?.throwIfAborted();
      yield await video.frameAt((index + 0.5) * step, size);
    }
  }
}

/** The persons in one frame, as far as the networks agree that they are persons. */
async function lookAt(frame: Frame, video: Video, networks: PoseNetworks): Promise<Sighting[]> {
  const { widthPixels: width, heightPixels: height } = video.info;
  const all = squareAround({ x: 0, y: 0, width, height }, 1);
  const detected = decodePersons(await look(networks.detector, detectorInput, frame, all), all);
  const squares = detected.length > 0 ? detected.slice(0, maxPersons).map((person) => person.square) : [all];
  const sightings: Sighting[] = [];
  for (const square of squares) {
    const rough = decodeBlazePose(await look(networks.blazePose, blazePoseInput, frame, square), square);
    if (rough.presence < minPresence) continue;
    const fine = decodeBlazePose(await look(networks.blazePose, blazePoseInput, frame, rough.square), rough.square);
    if (fine.presence < minPresence) continue;
    const seenByBlazePose = union(boundsOf(fine.points, visible), headOf(fine.points));
    const near = squareAround(seenByBlazePose, moveNetMargin);
    const moveNet = decodeMoveNet(await look(networks.moveNet, moveNetInput, frame, near), near);
    if (surest(moveNet) < minConfidence) continue;
    const body = union(seenByBlazePose, boundsOf(moveNet, seen));
    sightings.push({ timeSeconds: frame.timeSeconds, body, square: fine.square });
  }
  return sightings;
}

function look(network: Network, format: InputFormat, frame: Frame, square: Region) {
  return network.run(cropSquare(frame, square, format), 1);
}

/** From the nose to above the top of the head, which has no point. */
function headOf({ x, y }: BodyPoints): Region {
  const point = (name: BodyPoint) => bodyPoints.indexOf(name);
  const above = (axis: Float32Array) => {
    const shoulders = (axis[point('leftShoulder')] + axis[point('rightShoulder')]) / 2;
    return axis[point('nose')] + headAboveNose * (axis[point('nose')] - shoulders);
  };
  const top = { x: above(x), y: above(y), width: 0, height: 0 };
  return union(top, { x: x[point('nose')], y: y[point('nose')], width: 0, height: 0 });
}

function surest({ confidence }: BodyPoints): number {
  const highest = confidence.toSorted((a, b) => b - a).subarray(0, surestPoints);
  return highest.reduce((sum, value) => sum + value, 0) / surestPoints;
}

/** 0 for the same place and size; above 1 it is someone else. */
function unlikeness(a: Sighting, b: Sighting): number {
  const size = Math.max(a.square.width, b.square.width);
  const dx = a.square.x + a.square.width / 2 - b.square.x - b.square.width / 2;
  const dy = a.square.y + a.square.height / 2 - b.square.y - b.square.height / 2;
  return (2 * Math.hypot(dx, dy)) / size + Math.abs(Math.log2(a.square.width / b.square.width));
}
