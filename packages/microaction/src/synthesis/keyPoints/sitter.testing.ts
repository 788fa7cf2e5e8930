import { type Controls, neutralControls } from '../body/controls.ts';
import { type Figure, stand, withArms } from '../body/figure.ts';
import { evenCurls, type HandPose } from '../body/hand.ts';
import type { Side } from '../body/limbs.ts';
import type { Vector } from '../body/vector.ts';
import { type Camera, cameraAt } from '../camera/camera.ts';
import { drawSubject, type Subject } from '../subject.ts';
import { jointCount, jointsOf } from './joints.ts';
import type { JointTrack } from './simulateDetector.ts';

export const subject: Subject = drawSubject(1, 0);

/** Somebody who sits upright, hands on the lap or where they are told to be. */
export function sitter(change: (controls: Controls) => void = () => {}, wrists: Partial<Record<Side, Vector>> = {}) {
  const controls = neutralControls();
  change(controls);
  const hand = (side: Side, out: 1 | -1): HandPose => ({
    wrist: wrists[side] ?? [out * 0.15, 0.62, 0.35],
    fingers: [0, -0.2, 1],
    palm: [0, -1, 0],
    elbow: [out, 0, -0.5],
    curls: evenCurls(0.2),
    spread: 0.3,
  });
  return withArms(stand(controls, subject.size), { left: hand('left', 1), right: hand('right', -1) });
}

/** A figure that keeps still for so many frames, 30 a second; or one for each. */
export function trackOf(figures: readonly Figure[] | Figure, frames = 300): JointTrack {
  const all = Array.isArray(figures) ? (figures as readonly Figure[]) : Array(frames).fill(figures as Figure);
  const joints = new Float32Array(all.length * jointCount * 3);
  for (const [t, figure] of all.entries()) jointsOf(figure, joints, t * jointCount * 3);
  return { timesSeconds: Float64Array.from(all, (_, t) => t / 30), joints, size: subject.size };
}

/** A front view of the whole person, about 190 px across the shoulders. */
export function frontView(focalPixels = 1450): Camera {
  return cameraAt([0, 1, 2.8], { pitch: 5 }, { focalPixels, widthPixels: 1080, heightPixels: 1296 });
}
