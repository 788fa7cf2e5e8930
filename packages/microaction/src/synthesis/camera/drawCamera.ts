import type { Dice } from '../../dice.ts';
import { seatedHipHeight } from '../body/figure.ts';
import type { Proportions } from '../body/proportions.ts';
import { turned, type Vector } from '../body/vector.ts';
import { type Camera, cameraAt } from './camera.ts';

/** Of a picture. */
export interface PictureSize {
  readonly widthPixels: number;
  readonly heightPixels: number;
}

/**
 * A camera 1.8 to 3.5 m in front of one who sits over the origin. Most pictures hold all of the person with room for
 * a raised arm; one in five is tighter, and may cut off feet or elbows.
 */
export function drawCamera(dice: Dice, size: Proportions, picture: PictureSize): Camera {
  const distance = dice.uniform(1.8, 3.5);
  const around = dice.normal(0, 6);
  const eyeHeight = dice.uniform(0.75, 1.4);
  const tight = dice.chance(0.2);
  const above = tight ? dice.uniform(0.04, 0.12) : dice.uniform(0.12, 0.3);
  const below = tight ? dice.uniform(-0.25, 0) : dice.uniform(0.04, 0.12);
  const aside = tight ? 0.42 : 0.52;

  const yaw = radians(around);
  const eye: Vector = [distance * Math.sin(yaw), eyeHeight, distance * Math.cos(yaw)];
  const upTo = (height: number, metres: number) => Math.atan2(height - eyeHeight, metres);
  const top = upTo(seatedHeight(size) + above, distance);
  const bottom = upTo(-below, distance - toesForward(size));
  const focalPixels = Math.min(
    picture.heightPixels / 2 / Math.tan((top - bottom) / 2),
    (picture.widthPixels / 2 / aside) * distance,
  );
  const turn = {
    yaw: around + dice.normal(0, tight ? 2 : 0.7),
    pitch: -degrees((top + bottom) / 2) + dice.normal(0, 0.4),
    roll: dice.normal(0, 0.5),
  };
  return cameraAt(eye, turn, { ...picture, focalPixels });
}

/** A camera's tremor by the hand or the stand that holds it: its turns are sums of slow waves. */
export type Shake = readonly ShakeWave[];

export interface ShakeWave {
  readonly about: 'yaw' | 'pitch' | 'roll';
  readonly degrees: number;
  readonly hertz: number;
  readonly phase: number;
}

/** About a pixel at most in a picture of 256 pixels. Four cameras in ten stand still. */
export function drawShake(dice: Dice, camera: Camera): Shake {
  if (dice.chance(0.4)) return [];
  const pixel = degrees(camera.heightPixels / 256 / camera.focalPixels);
  const strength = dice.uniform(0.05, 0.35) * pixel;
  const wave = (about: ShakeWave['about'], hertz: number): ShakeWave => ({
    about,
    degrees: strength * dice.uniform(0.5, 1),
    hertz: hertz * dice.uniform(0.7, 1.4),
    phase: dice.uniform(0, 2 * Math.PI),
  });
  return [0.2, 0.9, 2.3].flatMap((hertz) => [wave('yaw', hertz), wave('pitch', hertz)]).concat(wave('roll', 0.5));
}

/** The camera at one moment of its clip. */
export function shaken(camera: Camera, shake: Shake, seconds: number): Camera {
  if (shake.length === 0) return camera;
  const turn = { yaw: 0, pitch: 0, roll: 0 };
  for (const { about, degrees, hertz, phase } of shake) {
    turn[about] += degrees * Math.sin(2 * Math.PI * hertz * seconds + phase);
  }
  return { ...camera, frame: turned(camera.frame, [0, 0, 0], turn) };
}

// ---- below: internals ----

const radians = (degrees: number) => (degrees * Math.PI) / 180;
const degrees = (radians: number) => (radians * 180) / Math.PI;

/** From the floor to the crown of one who sits upright, metres. */
const seatedHeight = (size: Proportions) =>
  seatedHipHeight(size) + size.lowerTrunk + size.upperTrunk + size.neck + 0.86 * size.headHeight;

/** How far the tips of the feet are in front of the seat. */
const toesForward = (size: Proportions) => 0.94 * size.thigh + 0.9 * size.foot;
