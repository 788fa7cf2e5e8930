import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { type Camera, project } from '../camera/camera.ts';
import { paintChair } from './chair.ts';
import { type Easel, type Point, pixelsPerMetre, seen } from './easel.ts';
import { paintRoom, paintVignette } from './room.ts';
import type { Scene } from './scene.ts';

/** Room and chair, drawn once for a clip: all that does not move but by the camera's tremor. */
export class Backdrop {
  readonly #picture: Canvas;
  readonly #marginPixels: number;
  readonly #still: Camera;

  constructor({ camera, light, room, chair }: Scene) {
    const { widthPixels: width, heightPixels: height } = camera;
    const margin = Math.ceil(height / 40);
    const picture = createCanvas(width + 2 * margin, height + 2 * margin);
    const context = picture.getContext('2d');
    const easel: Easel = { context, camera, light };
    context.translate(margin, margin);
    paintRoom(easel, room);
    if (room.defocus > 0) soften(picture, (room.defocus / 1000) * height);
    paintGroundShadow(easel);
    paintChair(easel, chair);
    paintVignette(easel, room);
    this.#picture = picture;
    this.#marginPixels = margin;
    this.#still = camera;
  }

  /** Fills a picture as the camera sees it at this moment. A tremor so small shifts and rolls the whole picture. */
  paint(context: Easel['context'], camera: Camera) {
    const margin = this.#marginPixels;
    if (camera === this.#still) {
      context.drawImage(this.#picture, -margin, -margin);
      return;
    }
    const { from, to, roll } = tremor(this.#still, camera);
    context.save();
    context.translate(to[0], to[1]);
    context.rotate(roll);
    context.drawImage(this.#picture, -from[0] - margin, -from[1] - margin);
    context.restore();
  }
}

/** How far a place of the picture moves from one camera to the next, pixels. */
export function backdropMove(before: Camera, after: Camera): (at: Point) => Point {
  const { from, to, roll } = tremor(before, after);
  const [sine, cosine] = [Math.sin(roll), Math.cos(roll)];
  return ([x, y]) => {
    const [dx, dy] = [x - from[0], y - from[1]];
    return [to[0] + cosine * dx - sine * dy - x, to[1] + sine * dx + cosine * dy - y];
  };
}

// ---- below: internals ----

/** The picture turns by `roll`, in radians, about a place that goes from `from` to `to`. */
function tremor(before: Camera, after: Camera): { from: Point; to: Point; roll: number } {
  const [a, b] = [before, after].map((camera) => {
    const [left, right] = [project(camera, [1, 0.8, 0]), project(camera, [-1, 0.8, 0])];
    const middle: Point = [(left[0] + right[0]) / 2, (left[1] + right[1]) / 2];
    return { middle, slope: Math.atan2(right[1] - left[1], right[0] - left[0]) };
  });
  return { from: a.middle, to: b.middle, roll: b.slope - a.slope };
}

function soften(picture: Canvas, pixels: number) {
  const copy = createCanvas(picture.width, picture.height);
  copy.getContext('2d').drawImage(picture, 0, 0);
  const context = picture.getContext('2d');
  context.save();
  context.resetTransform();
  context.filter = `blur(${pixels.toFixed(2)}px)`;
  context.drawImage(copy, 0, 0);
  context.restore();
}

/** The dark under a chair. */
function paintGroundShadow(easel: Easel) {
  const { context } = easel;
  const at = seen(easel, [0, 0, 0.12]);
  const scale = pixelsPerMetre(easel, at[2]);
  const flat = Math.abs(seen(easel, [0, 0, 0.5])[1] - seen(easel, [0, 0, -0.3])[1]) / (0.8 * scale);
  context.save();
  context.translate(at[0], at[1]);
  context.scale(scale, Math.max(0.08, flat) * scale);
  const shade = context.createRadialGradient(0, 0, 0, 0, 0, 0.62);
  shade.addColorStop(0, 'rgba(0,0,0,0.42)');
  shade.addColorStop(0.55, 'rgba(0,0,0,0.25)');
  shade.addColorStop(1, 'rgba(0,0,0,0)');
  context.fillStyle = shade;
  context.fillRect(-0.7, -0.7, 1.4, 1.4);
  context.restore();
}
