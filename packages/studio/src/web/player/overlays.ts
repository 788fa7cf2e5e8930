import type { BodyPoint, PoseTrack } from 'microaction';
import { nearestIndex } from './personRegions.ts';
import type { Box } from './picture.ts';

/** Draws key points over the picture. Coordinates of the canvas are CSS pixels of the stage. */
export function paintPoints(context: CanvasRenderingContext2D, pose: PoseTrack, seconds: number, box: Box): void {
  const { timesSeconds, points, x, y, confidence, widthPixels, heightPixels } = pose;
  if (timesSeconds.length === 0) return;
  const t = nearestIndex(timesSeconds, seconds);
  const usual = timesSeconds.length > 1 ? (timesSeconds.at(-1)! - timesSeconds[0]) / (timesSeconds.length - 1) : 1;
  if (Math.abs(timesSeconds[t] - seconds) > 2 * usual) return;
  const place = (k: number) => {
    const i = t * points.length + k;
    if (Number.isNaN(x[i]) || confidence[i] < seenFrom) return undefined;
    return [box.left + (x[i] / widthPixels) * box.width, box.top + (y[i] / heightPixels) * box.height] as const;
  };
  const path = new Path2D();
  for (const [from, to] of bones) {
    const [a, b] = [place(points.indexOf(from)), place(points.indexOf(to))];
    if (!a || !b) continue;
    path.moveTo(...a);
    path.lineTo(...b);
  }
  const dots = new Path2D();
  const radius = Math.max(2, Math.min(4, box.height / 200));
  for (let k = 0; k < points.length; k++) {
    const at = place(k);
    if (!at) continue;
    dots.moveTo(at[0] + radius, at[1]);
    dots.arc(at[0], at[1], radius, 0, 2 * Math.PI);
  }
  // Dark below light: to be seen on any picture.
  for (const [colour, width] of [
    ['rgb(0 0 0 / 0.7)', 4],
    ['#ffe14d', 1.5],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke(path);
    context.stroke(dots);
  }
  context.fillStyle = '#ffe14d';
  context.fill(dots);
}

/** Shows what differs from the frame before, as heat. */
export class MotionHeat {
  readonly canvas: HTMLCanvasElement;
  readonly #small = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  #before: Uint8Array | undefined;
  #frameBefore = Number.NaN;

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
  }

  /** @param frame - shown by the video element now; a jump shows nothing, since there is nothing to compare with */
  show(video: HTMLVideoElement, frame: number): void {
    const context = this.canvas.getContext('2d');
    if (!context || !this.#small || video.videoWidth === 0) return;
    const width = 160;
    const height = Math.max(1, Math.round((width * video.videoHeight) / video.videoWidth));
    for (const canvas of [this.canvas, this.#small.canvas]) {
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    }
    this.#small.drawImage(video, 0, 0, width, height);
    const picture = this.#small.getImageData(0, 0, width, height);
    const light = lightness(picture.data);
    const isNext = this.#before?.length === light.length && Math.abs(frame - this.#frameBefore) <= mostFramesApart;
    if (frame !== this.#frameBefore)
      context.putImageData(heat(picture, light, isNext ? this.#before : undefined), 0, 0);
    this.#before = light;
    this.#frameBefore = frame;
  }
}

// ---- below: internals ----

const seenFrom = 0.3;
const mostFramesApart = 8;
/** Differences of lightness (of 255) below are noise; the other is the brightest heat. */
const noise = 6;
const brightest = 60;

const bones: readonly (readonly [BodyPoint, BodyPoint])[] = [
  ['leftShoulder', 'rightShoulder'],
  ['leftHip', 'rightHip'],
  ...(['left', 'right'] as const).flatMap((side) => {
    const point = (name: string) => `${side}${name}` as BodyPoint;
    return [
      [point('Shoulder'), point('Elbow')],
      [point('Elbow'), point('Wrist')],
      [point('Wrist'), point('Index')],
      [point('Shoulder'), point('Hip')],
      [point('Hip'), point('Knee')],
      [point('Knee'), point('Ankle')],
      [point('Ankle'), point('FootIndex')],
      [point('Eye'), point('Ear')],
      ['nose', point('Eye')],
    ] as const;
  }),
];

function lightness(rgba: Uint8ClampedArray): Uint8Array {
  const light = new Uint8Array(rgba.length / 4);
  for (let i = 0, p = 0; i < light.length; i++, p += 4) light[i] = (rgba[p] + 2 * rgba[p + 1] + rgba[p + 2]) >> 2;
  return light;
}

function heat(into: ImageData, now: Uint8Array, before: Uint8Array | undefined): ImageData {
  const { data } = into;
  for (let i = 0, p = 0; i < now.length; i++, p += 4) {
    const change = before ? Math.abs(now[i] - before[i]) - noise : 0;
    const share = Math.min(1, Math.max(0, change / (brightest - noise)));
    data[p] = 255;
    data[p + 1] = 40 + 200 * share;
    data[p + 2] = 40 * (1 - share);
    data[p + 3] = 255 * Math.sqrt(share);
  }
  return into;
}
