import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { type Camera, project } from '../camera/camera.ts';
import { paintChair } from './chair.ts';
import { type Easel, pixelsPerMetre, seen } from './easel.ts';
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
    const [a, b] = [this.#still, camera].map((one) => [
      project(one, this.#anchors.left),
      project(one, this.#anchors.right),
    ]);
    const roll = Math.atan2(b[1][1] - b[0][1], b[1][0] - b[0][0]) - Math.atan2(a[1][1] - a[0][1], a[1][0] - a[0][0]);
    const [ax, ay] = [(a[0][0] + a[1][0]) / 2, (a[0][1] + a[1][1]) / 2];
    const [bx, by] = [(b[0][0] + b[1][0]) / 2, (b[0][1] + b[1][1]) / 2];
    context.save();
    context.translate(bx, by);
    context.rotate(roll);
    context.drawImage(this.#picture, -ax - margin, -ay - margin);
    context.restore();
  }

  /** Two places by whose move the picture is moved. */
  readonly #anchors = { left: [1, 0.8, 0], right: [-1, 0.8, 0] } as const;
}

// ---- below: internals ----

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
