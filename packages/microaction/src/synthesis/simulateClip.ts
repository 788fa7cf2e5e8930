import type { Clip } from '../annotation/dataset.ts';
import { Dice } from '../dice.ts';
import type { PoseTrack } from '../pose/poseTrack.ts';
import type { Figure } from './body/figure.ts';
import { shaken } from './camera/drawCamera.ts';
import { jointCount, jointsOf } from './keyPoints/joints.ts';
import { simulateDetector } from './keyPoints/simulateDetector.ts';
import { simulate } from './motion/simulate.ts';
import { clipOf } from './plan/clipOf.ts';
import type { ClipPlan } from './plan/plan.ts';
import { drawScene, type Scene } from './render/scene.ts';
import { drawSubject, type Subject } from './subject.ts';

export interface ClipSettings {
  /** Of the data set: subjects are drawn from it. */
  readonly seed: number;
  /** Width and height of the pictures, also where none are drawn: key points are in its pixels. */
  readonly sizePixels: number;
  /** Hide the eyes, as the published clips do. */
  readonly maskEyes?: boolean;
}

/** One clip: who moves how before which camera, and what a coder would write down. */
export interface SimulatedClip {
  readonly plan: ClipPlan;
  /** Without a file. */
  readonly clip: Clip;
  readonly subject: Subject;
  readonly scene: Scene;
  /** The person at any moment, in seconds from the first frame. */
  figureAt(seconds: number): Figure;
  /** Where all joints are at each frame: [T, J, 3] metres; J are `jointNames`. */
  joints(): Float32Array;
  /** The 33 key points at each frame as pose networks would have found them, unsmoothed. */
  keyPoints(joints?: Float32Array): PoseTrack;
}

/** Draws everything about a clip that is planned. Nothing moves before it is asked for. */
export function simulateClip(plan: ClipPlan, { seed, sizePixels, maskEyes = false }: ClipSettings): SimulatedClip {
  const dice = new Dice(plan.seed);
  const { frameCount, frameRate } = plan;
  const { subject, figureAt } = simulate(plan, drawSubject(seed, plan.subject));
  const scene = drawScene(dice.fork('scene'), subject, {
    widthPixels: sizePixels,
    heightPixels: sizePixels,
    masked: maskEyes,
  });
  const timesSeconds = Float64Array.from({ length: frameCount }, (_, frame) => frame / frameRate);
  const joints = () => {
    const all = new Float32Array(frameCount * jointCount * 3);
    timesSeconds.forEach((seconds, frame) => void jointsOf(figureAt(seconds), all, frame * jointCount * 3));
    return all;
  };
  return {
    plan,
    clip: clipOf(plan, { widthPixels: sizePixels, heightPixels: sizePixels }),
    subject,
    scene,
    figureAt,
    joints,
    keyPoints(places = joints()) {
      const cameras = Array.from(timesSeconds, (seconds) => shaken(scene.camera, scene.shake, seconds));
      return simulateDetector({ timesSeconds, joints: places, size: subject.size }, cameras, dice.fork('detector'));
    },
  };
}
