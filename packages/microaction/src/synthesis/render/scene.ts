import type { Dice } from '../../dice.ts';
import type { Camera } from '../camera/camera.ts';
import { drawCamera, drawShake, type PictureSize, type Shake } from '../camera/drawCamera.ts';
import type { Subject } from '../subject.ts';
import { type Chair, drawChair } from './chair.ts';
import { drawLight, type Light } from './light.ts';
import { drawRoom, type Room } from './room.ts';

/** All that stays the same in a clip, besides its subject. Plain data. */
export interface Scene {
  readonly camera: Camera;
  readonly shake: Shake;
  readonly light: Light;
  readonly room: Room;
  readonly chair: Chair;
  /** Standard deviation of the sensor's noise, in levels of 8 bits. */
  readonly noiseLevels: number;
  /** How long the shutter is open, as a share of the time between two frames; 0 is sharp. */
  readonly shutter: number;
  /** What hides the eyes. */
  readonly mask?: Mask;
}

export interface Mask {
  readonly kind: 'bar' | 'box';
  /** 0 black to 1 white. */
  readonly grey: number;
}

export interface SceneOptions extends PictureSize {
  /** Hide the eyes, as published clips do. */
  readonly masked?: boolean;
}

/** The scene of one clip, the same for the same dice. */
export function drawScene(dice: Dice, subject: Subject, { masked, ...picture }: SceneOptions): Scene {
  const camera = drawCamera(dice.fork('camera'), subject.size, picture);
  const sensor = dice.fork('sensor');
  const mask = dice.fork('mask');
  return {
    camera,
    shake: drawShake(dice.fork('shake'), camera),
    light: drawLight(dice.fork('light')),
    room: drawRoom(dice.fork('room')),
    chair: drawChair(dice.fork('chair'), subject.size),
    noiseLevels: sensor.chance(0.15) ? 0 : 0.5 + 3.5 * sensor.uniform() ** 2,
    shutter: sensor.chance(0.15) ? 0 : sensor.uniform(0.25, 0.8),
    mask: masked ? { kind: mask.oneOf(['bar', 'box'] as const), grey: mask.oneOf([0, 0, 0.5, 0.7]) } : undefined,
  };
}
