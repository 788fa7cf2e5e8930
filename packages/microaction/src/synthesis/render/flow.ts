import type { Figure } from '../body/figure.ts';
import { type Side, sides } from '../body/limbs.ts';
import { place } from '../body/vector.ts';
import { project } from '../camera/camera.ts';
import { shaken } from '../camera/drawCamera.ts';
import type { Subject } from '../subject.ts';
import { forearmRod, upperArmRod } from './arms.ts';
import { backdropMove } from './backdrop.ts';
import { type FlatRod, flatten, type Point, type Rod, type View } from './easel.ts';
import { neckRod } from './head.ts';
import { legRods } from './legs.ts';
import { Painter } from './painter.ts';
import type { Scene } from './scene.ts';
import { onSection, trunkSections } from './trunk.ts';

/** A figure and when it is shown, in seconds from the clip's start. */
export interface Moment {
  readonly figure: Figure;
  readonly seconds: number;
}

/**
 * Dense optical flow: how far what each pixel shows at one moment has moved at another, in pixels to the right and
 * down, [height, width, 2]. What is hidden at the second moment has its flow as well.
 *
 * Each part of the body moves with marks on it, between which motion is interpolated. From frame to frame at 256 pixels,
 * places of the body that can be seen move by 0.2 pixels in the mean and their flow is wrong by 0.01, rarely by more
 * than 0.05. Room and chair move with the camera alone, as they are drawn; shadows and the eyes' gaze do not count.
 */
export class OpticalFlow {
  readonly #scene: Scene;
  readonly #painter: Painter;

  constructor(subject: Subject, scene: Scene) {
    this.#scene = scene;
    this.#painter = new Painter(subject, scene);
  }

  between(from: Moment, to: Moment): Float32Array {
    const { camera, shake } = this.#scene;
    const [before, after] = [from, to].map(({ seconds }) => shaken(camera, shake, seconds));
    const { widthPixels: width, heightPixels: height } = camera;
    const { names, labels } = this.#painter.label(from.figure, before);
    const fields = names.map((name) => {
      const [a, b] = [marks({ camera: before }, from.figure, name), marks({ camera: after }, to.figure, name)];
      return { a, moves: a.map(([x, y], i): Point => [b[i][0] - x, b[i][1] - y]) };
    });
    const room = backdropMove(before, after);
    const flow = new Float32Array(width * height * 2);
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        const centre: Point = [x + 0.5, y + 0.5];
        const field = fields[labels[i] - 1];
        const [dx, dy] = field ? interpolated(centre, field.a, field.moves) : room(centre);
        flow[2 * i] = dx;
        flow[2 * i + 1] = dy;
      }
    }
    return flow;
  }
}

// ---- below: internals ----

/**
 * The move at a place: of the affine map that fits the marks' moves best, near ones weighing most (moving least squares,
 * S. Schaefer et al. 2006). Where marks stand in a line, a small ridge keeps the move across it as it is on it.
 */
function interpolated([x, y]: Point, places: readonly Point[], moves: readonly Point[]): Point {
  let [sum, px, py, mx, my] = [0, 0, 0, 0, 0];
  let [xx, xy, yy, xu, yu, xv, yv] = [0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < places.length; i++) {
    const [dx, dy] = [places[i][0] - x, places[i][1] - y];
    const [u, v] = moves[i];
    const weight = 1 / (dx * dx + dy * dy + 0.5) ** 2;
    sum += weight;
    px += weight * dx;
    py += weight * dy;
    mx += weight * u;
    my += weight * v;
    xx += weight * dx * dx;
    xy += weight * dx * dy;
    yy += weight * dy * dy;
    xu += weight * dx * u;
    yu += weight * dy * u;
    xv += weight * dx * v;
    yv += weight * dy * v;
  }
  [px, py, mx, my] = [px / sum, py / sum, mx / sum, my / sum];
  const ridge = 0.5;
  const a = xx / sum - px * px + ridge;
  const b = xy / sum - px * py;
  const c = yy / sum - py * py + ridge;
  const determinant = a * c - b * b;
  const at = (mean: number, alongX: number, alongY: number) => {
    const [gx, gy] = [alongX / sum - px * mean, alongY / sum - py * mean];
    // From the weighted middle of the marks to the place itself.
    return mean - ((c * gx - b * gy) * px + (a * gy - b * gx) * py) / determinant;
  };
  return [at(mx, xu, yu), at(my, xv, yv)];
}

/** Places on a part of the body, in the picture: as many, in the same order, for any figure. */
function marks(eye: View, figure: Figure, name: string): Point[] {
  const { head, size, chest } = figure;
  const at = (point: Rod['from']): Point => {
    const [x, y] = project(eye.camera, point);
    return [x, y];
  };
  const side: Side = name.startsWith('left') ? 'left' : 'right';
  const onHead = () =>
    [-0.34, -0.26, -0.14, 0, 0.14, 0.26, 0.34].flatMap((x) =>
      [-0.45, -0.3, -0.15, 0, 0.15, 0.3, 0.45].map((y) => {
        const z = 0.42 * Math.sqrt(Math.max(0, 1 - (x / 0.36) ** 2 - (y / 0.6) ** 2));
        return at(place(head, [x * size.headHeight, y * size.headHeight, z * size.headHeight]));
      }),
    );
  switch (name.replace(/^(left|right)/, '')) {
    case 'UpperArm':
      return alongRod(flatten(eye, upperArmRod(figure.arms[side], figure)));
    case 'Forearm':
      return alongRod(flatten(eye, forearmRod(figure.arms[side], figure)));
    case 'Hand':
      return [figure.arms[side].wrist, ...figure.arms[side].fingers.flat()].map(at);
    case 'Leg': {
      const { heel, ball, toe } = figure.legs[side];
      return [
        ...legRods(figure.legs[side], figure).flatMap((rod) => alongRod(flatten(eye, rod))),
        ...[heel, ball, toe].map(at),
      ];
    }
    case 'neck':
      return alongRod(flatten(eye, neckRod(figure)));
    case 'head':
      return onHead();
    case 'backHair':
      return [...onHead(), at(chest.origin)];
    case 'lap':
    case 'skirt':
      return sides.flatMap((one) => alongRod(flatten(eye, legRods(figure.legs[one], figure)[0])));
    default:
      return [
        ...trunkSections(figure).flatMap((section) =>
          [-0.8, -0.4, 0, 0.4, 0.8].map((around) => at(onSection(section, around))),
        ),
        ...sides.map((one) => at(figure.shoulders[one])),
      ];
  }
}

/** Places on the axis of a rod and on both of its sides. */
function alongRod({ from, to, fromPixels, toPixels }: FlatRod): Point[] {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const long = Math.hypot(dx, dy);
  // Seen along its axis it has no sides.
  const [nx, ny] = long > fromPixels ? [-dy / long, dx / long] : [0, 0];
  return [0, 0.2, 0.4, 0.6, 0.8, 1].flatMap((share) =>
    [-1, 0, 1].map((out): Point => {
      const radius = out * (fromPixels + (toPixels - fromPixels) * share);
      return [from[0] + share * dx + radius * nx, from[1] + share * dy + radius * ny];
    }),
  );
}
