import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import type { Action } from '../../taxonomy/taxonomy.ts';
import { seatedHipHeight } from '../body/figure.ts';
import { unit, type Vector } from '../body/vector.ts';
import { type Camera, cameraAt } from '../camera/camera.ts';
import { Dice } from '../dice.ts';
import { jointsOf } from '../keyPoints/joints.ts';
import { simulate } from '../motion/simulate.ts';
import { countedActions } from '../plan/counted.ts';
import { waysOf } from '../plan/limbsOfActions.ts';
import type { ClipPlan } from '../plan/plan.ts';
import { renderFrames } from '../render/renderFrames.ts';
import { drawScene, type Scene } from '../render/scene.ts';
import { drawSubject, type Subject } from '../subject.ts';
import { keyMoments } from './keyMoments.ts';

/** One action, done once by one person. */
export interface FilmStrip {
  readonly action: Action;
  /** The moments that differ most, side by side. */
  readonly strip: Canvas;
  /** All of it at `frameRate`, side by side: to be played. */
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
    const chosen = keyMoments(
      figures.map((figure) => jointsOf(figure)),
      frames,
    );
    const picture = { widthPixels: framePixels, heightPixels: framePixels };
    const scene = calm({
      ...drawScene(own.fork('scene'), subject, picture),
      camera: closeUp(action.bodyPart, subject, framePixels),
    });
    const render = { figureAt, frameCount: plan.frameCount, frameRate: plan.frameRate };
    const pictures = [...renderFrames(own, subject, scene, render)].map((pixels) => pixels.slice());
    const reelStep = Math.round(plan.frameRate / reelFrameRate);
    const played = pictures.filter((_, i) => i % reelStep === 0);
    yield {
      action,
      strip: sideBySide(
        chosen.map((i) => pictures[i]),
        framePixels,
      ),
      reel: sideBySide(played, framePixels),
      reelFrames: played.length,
    };
  }
}

// ---- below: internals ----

/** The act in full, with a breath before and after it. */
function planOf({ name }: Action, dice: Dice): ClipPlan {
  const frameRate = 2 * reelFrameRate;
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

/** From which height to which a body part is looked at, in metres, by the code of the body part. */
function heights(bodyPart: string, { size }: Subject): [bottom: number, top: number] {
  const hips = seatedHipHeight(size);
  const neck = hips + size.lowerTrunk + size.upperTrunk;
  const crown = neck + size.neck + size.headHeight;
  switch (bodyPart) {
    case 'B':
      return [neck - 0.32, crown + 0.1];
    case 'D':
      return [-0.08, hips + 0.35];
    case 'F':
      return [hips + 0.06, crown + 0.12];
    case 'G':
      return [-0.06, neck + 0.1];
    case 'E':
      return [hips - 0.12, crown + 0.08];
    default:
      return [hips - 0.2, crown + 0.2];
  }
}

/** A level camera in front that sees those heights. */
function closeUp(bodyPart: string, subject: Subject, framePixels: number): Camera {
  const [bottom, top] = heights(bodyPart, subject);
  const eye: Vector = [0.25, (bottom + top) / 2 + 0.1, 3.2];
  const reach = eye[2] - (bodyPart === 'D' || bodyPart === 'G' ? 0.45 : 0.1);
  return cameraAt(
    eye,
    { yaw: (Math.atan2(eye[0], eye[2]) * 180) / Math.PI, pitch: (Math.atan2(0.1, reach) * 180) / Math.PI },
    { focalPixels: (framePixels / (top - bottom)) * reach, widthPixels: framePixels, heightPixels: framePixels },
  );
}

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
