import { createCanvas } from '@napi-rs/canvas';
import type { Dice } from '../../dice.ts';
import type { Figure } from '../body/figure.ts';
import { sides } from '../body/limbs.ts';
import type { Vector } from '../body/vector.ts';
import { type Camera, project } from '../camera/camera.ts';
import { shaken } from '../camera/drawCamera.ts';
import type { Subject } from '../subject.ts';
import { Backdrop } from './backdrop.ts';
import { Painter } from './painter.ts';
import type { Scene } from './scene.ts';
import { SensorNoise } from './sensorNoise.ts';

export interface RenderOptions {
  /** The person at a moment of the clip, in seconds from its start. Asked for moments shortly before 0 as well. */
  readonly figureAt: (seconds: number) => Figure;
  readonly frameCount: number;
  readonly frameRate: number;
}

/**
 * The pictures of a clip, each as long as the scene's camera says: RGBA, opaque, 8 bits, [height, width, 4]. What moves
 * while the shutter is open is blurred: up to four moments are averaged. The same dice give the same bytes.
 */
export function* renderFrames(
  dice: Dice,
  subject: Subject,
  scene: Scene,
  { figureAt, frameCount, frameRate }: RenderOptions,
): Generator<Uint8ClampedArray<ArrayBuffer>> {
  const { widthPixels, heightPixels } = scene.camera;
  const noise = new SensorNoise(dice.fork('noise'), scene.noiseLevels);
  const backdrop = new Backdrop(scene);
  const painter = new Painter(subject, scene);
  const moment = createCanvas(widthPixels, heightPixels).getContext('2d');
  const exposure = createCanvas(widthPixels, heightPixels).getContext('2d');
  const draw = (seconds: number, figure = figureAt(seconds)) => {
    const camera = shaken(scene.camera, scene.shake, seconds);
    backdrop.paint(moment, camera);
    painter.paint(moment, figure, camera);
  };

  for (let i = 0; i < frameCount; i++) {
    const open = (i - scene.shutter / 2) / frameRate;
    const close = (i + scene.shutter / 2) / frameRate;
    const [first, last] = scene.shutter > 0 ? [figureAt(open), figureAt(close)] : [undefined, undefined];
    const moments = first && last ? momentsFor(largestMove(first, last, scene.camera)) : 1;
    if (moments === 1) {
      draw(i / frameRate);
    } else {
      for (let k = 0; k < moments; k++) {
        draw(open + ((k + 0.5) / moments) * (close - open));
        // Each weighs as much as all before it: the mean so far.
        exposure.globalAlpha = 1 / (k + 1);
        exposure.drawImage(moment.canvas, 0, 0);
      }
    }
    const shown = moments === 1 ? moment : exposure;
    const pixels = shown.getImageData(0, 0, widthPixels, heightPixels).data as Uint8ClampedArray<ArrayBuffer>;
    if (scene.noiseLevels > 0) noise.addTo(pixels, widthPixels);
    yield pixels;
  }
}

// ---- below: internals ----

/** Pictures to average where something moves so many pixels (of 256 in height) while the shutter is open. */
const momentsFor = (pixels: number) => (pixels < 0.4 ? 1 : pixels < 1.6 ? 2 : pixels < 5 ? 3 : 4);

/** How far what moves most moves between two figures, in pixels of a picture of 256 in height. */
function largestMove(a: Figure, b: Figure, camera: Camera): number {
  const [from, to] = [a, b].map((figure) => quickPoints(figure).map((point) => project(camera, point)));
  const moves = from.map((point, i) => Math.hypot(point[0] - to[i][0], point[1] - to[i][1]));
  return (Math.max(...moves) * 256) / camera.heightPixels;
}

const quickPoints = ({ head, neck, arms, legs }: Figure): Vector[] => [
  head.origin,
  neck,
  ...sides.flatMap((side) => [
    arms[side].elbow,
    arms[side].wrist,
    arms[side].fingers[1][2],
    arms[side].fingers[4][2],
    legs[side].knee,
    legs[side].toe,
    legs[side].heel,
  ]),
];
