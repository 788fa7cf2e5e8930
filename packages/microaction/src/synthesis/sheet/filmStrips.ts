import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { Dice } from '../../dice.ts';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import type { Action } from '../../taxonomy/taxonomy.ts';
import { unit, type Vector } from '../body/vector.ts';
import { type Camera, cameraAt } from '../camera/camera.ts';
import { jointIndex, jointNames, jointsOf } from '../keyPoints/joints.ts';
import { simulate } from '../motion/simulate.ts';
import { countedActions } from '../plan/counted.ts';
import { waysOf } from '../plan/limbsOfActions.ts';
import type { ClipPlan } from '../plan/plan.ts';
import { renderFrames } from '../render/renderFrames.ts';
import { drawScene, type Scene } from '../render/scene.ts';
import { drawSubject } from '../subject.ts';
import { keyMoments } from './keyMoments.ts';

/** One action, done once by one person. */
export interface FilmStrip {
  readonly action: Action;
  /** The moments that differ most, side by side. */
  readonly strip: Canvas;
  /** All of it at `reelFrameRate`, side by side: to be played. */
  readonly reel: Canvas;
  readonly reelFrames: number;
}

export interface FilmStripOptions {
  readonly seed: number;
  /** Width and height of a picture. */
  readonly framePixels: number;
  /** Pictures in a strip. */
  readonly frames: number;
}

/** Frames a second of a reel. */
export const reelFrameRate = 12;

/** Each action by another person, close enough to see what moves, before a calm background. */
export function* filmStrips({ seed, framePixels, frames }: FilmStripOptions): Generator<FilmStrip> {
  const dice = new Dice(seed).fork('film strips');
  for (const action of microActions52.actions) {
    const own = dice.fork(action.name);
    const plan = planOf(action, own);
    const { subject, figureAt } = simulate(plan, drawSubject(seed, action.id));
    const figures = Array.from({ length: plan.frameCount }, (_, i) => figureAt(i / plan.frameRate));
    const poses = figures.map((figure) => jointsOf(figure));
    const chosen = keyMoments(poses, frames);
    const picture = { widthPixels: framePixels, heightPixels: framePixels };
    const scene = calm({
      ...drawScene(own.fork('scene'), subject, picture),
      camera: closeUp(action.bodyPart, poses, framePixels),
    });
    const render = { figureAt, frameCount: plan.frameCount, frameRate: plan.frameRate };
    const pictures = [...renderFrames(own, subject, scene, render)].map((pixels) => pixels.slice());
    yield {
      action,
      strip: sideBySide(
        chosen.map((i) => pictures[i]),
        framePixels,
      ),
      reel: sideBySide(pictures, framePixels),
      reelFrames: pictures.length,
    };
  }
}

// ---- below: internals ----

/** The act in full, with a breath before and after it. */
function planOf({ name }: Action, dice: Dice): ClipPlan {
  const frameRate = reelFrameRate;
  const durationSeconds = Math.max(1.2, Math.min(3, countedActions[name][1]));
  const around = 0.25;
  const ways = waysOf(name);
  const act = {
    action: name,
    start: around,
    end: around + durationSeconds,
    limbs: ways[dice.integer(0, ways.length - 1)],
    seed: dice.seedFor('act'),
  };
  return {
    id: name,
    subset: 'training',
    subject: 0,
    frameRate,
    frameCount: Math.round((durationSeconds + 2 * around) * frameRate),
    acts: [act],
    seed: dice.seedFor('clip'),
  };
}

/** Nothing but the person draws the eye: a light wall, even light, a sharp and quiet picture. */
function calm(scene: Scene): Scene {
  return {
    ...scene,
    light: { towards: unit([-0.5, 0.7, 0.8]), key: [0.42, 0.42, 0.42], ambient: [0.72, 0.72, 0.72] },
    room: { ...scene.room, things: [], wall: [0.82, 0.83, 0.85], floor: [0.62, 0.6, 0.57], vignette: 0.05, defocus: 0 },
    shake: [],
    noiseLevels: 0,
    shutter: 0,
  };
}

/** What is in every picture of a body part, by its code; `moving`: and whatever moves far. */
const views: Readonly<Record<string, { landmarks: readonly string[]; moving: boolean; eyeHeight: number }>> = {
  A: { landmarks: ['crown', 'leftKnee', 'rightKnee'], moving: true, eyeHeight: 1.05 },
  B: { landmarks: ['crown', 'neck', 'leftShoulder', 'rightShoulder'], moving: false, eyeHeight: 1.05 },
  C: { landmarks: ['chin', 'pelvis', 'leftElbow', 'rightElbow'], moving: true, eyeHeight: 1.05 },
  // Feet that go to and fro are seen from above.
  D: { landmarks: ['pelvis', 'leftKnee', 'rightKnee', 'leftToe', 'rightToe'], moving: true, eyeHeight: 1.35 },
  E: { landmarks: ['crown', 'waist', 'leftShoulder', 'rightShoulder'], moving: true, eyeHeight: 1.05 },
  F: { landmarks: ['crown', 'waist'], moving: false, eyeHeight: 1.05 },
  G: { landmarks: ['leftKnee', 'rightKnee', 'neck'], moving: true, eyeHeight: 1.35 },
};

/**
 * A camera in front that sees what belongs to a body part.
 *
 * @param poses - [moments][3 x joints] metres
 */
function closeUp(bodyPart: string, poses: readonly Float32Array[], framePixels: number): Camera {
  const { landmarks, moving, eyeHeight } = views[bodyPart];
  const inView = [...landmarks.map(jointIndex), ...(moving ? movingJoints(poses) : [])];
  const eye: Vector = [0.3, eyeHeight, 3.2];
  const slopes = poses.flatMap((pose) =>
    inView.map((joint) => {
      const [x, y, z] = pose.subarray(3 * joint);
      return [(x - eye[0]) / (eye[2] - z), (y - eye[1]) / (eye[2] - z)];
    }),
  );
  const [across, upright] = [0, 1].map((axis) => {
    const [low, high] = slopes.reduce(
      ([least, most], slope) => [Math.min(least, slope[axis]), Math.max(most, slope[axis])],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    );
    return { middle: (low + high) / 2, half: (high - low) / 2 };
  });
  const margin = 0.08 / eye[2];
  const half = Math.max(across.half + margin, upright.half + margin, 0.31 / eye[2]);
  return cameraAt(
    eye,
    { yaw: -degrees(Math.atan(across.middle)), pitch: -degrees(Math.atan(upright.middle)) },
    { focalPixels: framePixels / 2 / half, widthPixels: framePixels, heightPixels: framePixels },
  );
}

/** Joints that go at least 8 cm, and half as far from where they are at first as the one that goes furthest. */
function movingJoints(poses: readonly Float32Array[]): number[] {
  const far = jointNames.map((_, joint) => {
    const [x, y, z] = poses[0].subarray(3 * joint);
    return Math.max(
      ...poses.map((pose) => Math.hypot(pose[3 * joint] - x, pose[3 * joint + 1] - y, pose[3 * joint + 2] - z)),
    );
  });
  const least = Math.max(0.08, Math.max(...far) / 2);
  return [...far.keys()].filter((joint) => far[joint] >= least);
}

const degrees = (radians: number) => (radians * 180) / Math.PI;

function sideBySide(pictures: readonly Uint8ClampedArray<ArrayBuffer>[], framePixels: number): Canvas {
  const canvas = createCanvas(pictures.length * framePixels, framePixels);
  const context = canvas.getContext('2d');
  pictures.forEach((pixels, i) => {
    const image = context.createImageData(framePixels, framePixels);
    image.data.set(pixels);
    context.putImageData(image, i * framePixels, 0);
  });
  return canvas;
}
