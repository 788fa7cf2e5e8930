import type { Figure } from '../body/figure.ts';
import { cross, dot, type Frame, length, minus, place, plus, times, unit, type Vector } from '../body/vector.ts';
import { blend, type Colour, css, scaled } from './colour.ts';
import {
  drawRod,
  type Easel,
  hull,
  type Point,
  pixelsPerMetre,
  rimPixels,
  seen,
  towardsCamera,
  traceRounded,
} from './easel.ts';
import { lit } from './light.ts';
import type { Wardrobe } from './wardrobe.ts';

/** Half axes of the skull, in head heights: to the side, up, to the front. */
const skull: Vector = [0.345, 0.47, 0.43];

export function drawNeck(easel: Easel, { neck, head, size, chest }: Figure, { skin }: Wardrobe) {
  const top = place(head, [0, -0.22 * size.headHeight, -0.08 * size.headHeight]);
  const bottom = plus(neck, plus(times(chest.up, -0.015), times(chest.front, 0.01)));
  const radius = 0.04 + 0.014 * size.girth;
  drawRod(easel, { from: bottom, to: top, fromRadius: radius * 1.12, toRadius: radius }, scaled(skin, 0.86), 0.2);
}

export function drawHead(easel: Easel, figure: Figure, wardrobe: Wardrobe) {
  const { context, light } = easel;
  const { head, size } = figure;
  const h = size.headHeight;
  const { skin } = wardrobe;
  const at = (x: number, y: number, z: number) => place(head, [x * h, y * h, z * h]);
  const ellipsoid: Ellipsoid = { frame: head, half: times(skull, h) };
  const facing = towardsCamera(easel, head.origin);

  for (const side of [1, -1]) drawEar(easel, figure, side, wardrobe);

  // Face: the skull's outline with jaw and chin.
  const rim = silhouette(ellipsoid, facing).map((p) => seen(easel, p));
  const jaw = [
    at(0.27, -0.28, 0.1),
    at(-0.27, -0.28, 0.1),
    at(0.14, -0.47, 0.3),
    at(-0.14, -0.47, 0.3),
    at(0, -0.5, 0.33),
    at(0, -0.3, -0.1),
    at(0.06, -0.5, 0.33),
    at(-0.06, -0.5, 0.33),
  ].map((p) => seen(easel, p));
  context.beginPath();
  traceRounded(easel, hull([...rim.filter((_, i) => lowerCut(i, rim.length, head, facing, easel, ellipsoid)), ...jaw]));
  const towardsLight = minus(light.towards, times(facing, dot(light.towards, facing)));
  const lightSide = length(towardsLight) > 1e-6 ? unit(towardsLight) : easel.camera.frame.up;
  const bright = seen(easel, plus(head.origin, times(lightSide, 0.42 * h)));
  const dark = seen(easel, plus(head.origin, times(lightSide, -0.46 * h)));
  const gradient = context.createLinearGradient(bright[0], bright[1], dark[0], dark[1]);
  for (const [stop, sine] of [
    [0, 0.9],
    [0.3, 0.45],
    [0.6, -0.2],
    [1, -0.9],
  ]) {
    const normal = plus(times(lightSide, sine), times(facing, Math.sqrt(1 - sine * sine)));
    gradient.addColorStop(stop, css(lit(skin, normal, light)));
  }
  context.fillStyle = gradient;
  context.fill();
  context.lineWidth = rimPixels(easel);
  context.strokeStyle = css(blend(skin, [0.1, 0.02, 0], 0.7), 0.35);
  context.stroke();

  drawFace(easel, figure, wardrobe);
  drawHair(easel, figure, wardrobe, ellipsoid, facing);
}

// ---- below: internals ----

interface Ellipsoid {
  readonly frame: Frame;
  readonly half: Vector;
}

/** Only the upper part of the skull is seen; the jaw is narrower. */
function lowerCut(i: number, count: number, head: Frame, facing: Vector, easel: Easel, ellipsoid: Ellipsoid): boolean {
  const p = silhouette(ellipsoid, facing, count)[i];
  return dot(minus(p, head.origin), head.up) > -0.16 * ellipsoid.half[1] * 2 || easel === undefined;
}

/** Unit vector of the space in which the ellipsoid is a ball. */
const toBall = ({ frame, half }: Ellipsoid, v: Vector): Vector =>
  unit([dot(v, frame.left) * half[0], dot(v, frame.up) * half[1], dot(v, frame.front) * half[2]]);

const fromBall = ({ frame, half }: Ellipsoid, p: Vector): Vector =>
  place(frame, [p[0] * half[0], p[1] * half[1], p[2] * half[2]]);

/** The rim of an ellipsoid as seen from a direction. */
function silhouette(ellipsoid: Ellipsoid, facing: Vector, count = 28): Vector[] {
  const v = gaze(ellipsoid, facing);
  const [a, b] = besides(v);
  return Array.from({ length: count }, (_, i) => {
    const t = (2 * Math.PI * i) / count;
    return fromBall(ellipsoid, plus(times(a, Math.cos(t)), times(b, Math.sin(t))));
  });
}

/** The direction of sight in the space of the ball. */
const gaze = ({ frame, half }: Ellipsoid, facing: Vector): Vector =>
  unit([dot(facing, frame.left) / half[0], dot(facing, frame.up) / half[1], dot(facing, frame.front) / half[2]]);

function besides(v: Vector): [Vector, Vector] {
  const a = unit(cross(Math.abs(v[1]) < 0.9 ? [0, 1, 0] : [0, 0, 1], v));
  return [a, cross(v, a)];
}

/**
 * The visible part of a cap of an ellipsoid: where `axis` . p > `above` on the ball. Points around it, or nothing.
 */
function cap(ellipsoid: Ellipsoid, facing: Vector, axis: Vector, above: number): Vector[] {
  const v = gaze(ellipsoid, facing);
  const n = unit(axis);
  const nv = dot(n, v);
  const flat = minus(n, times(v, nv));
  const flatLength = length(flat);
  const ring = Math.sqrt(1 - above * above);
  const [u, w] = ((): [Vector, Vector] => {
    const raw = minus(v, times(n, nv));
    const first = length(raw) > 1e-6 ? unit(raw) : besides(n)[0];
    return [first, cross(n, first)];
  })();
  const onRing = (t: number) => plus(times(n, above), plus(times(u, ring * Math.cos(t)), times(w, ring * Math.sin(t))));
  if (Math.abs(above) >= flatLength) {
    if (nv > 0 && above > 0) return steps(0, 2 * Math.PI, 28).map((t) => fromBall(ellipsoid, onRing(t)));
    if (above < 0) return silhouette(ellipsoid, facing);
    return [];
  }
  const e = unit(flat);
  const f = cross(v, e);
  const open = Math.acos(above / flatLength);
  const rim = steps(-open, open, 20).map((t) => plus(times(e, Math.cos(t)), times(f, Math.sin(t))));
  const seenFrom = Math.acos(Math.max(-1, Math.min(1, (-nv * above) / (ring * flatLength))));
  // The ring comes back from the rim's end to its start.
  const end = rim[rim.length - 1];
  const there = onRing(seenFrom);
  const sign = dot(minus(there, end), minus(there, end)) < 1e-3 ? 1 : -1;
  const back = steps(sign * seenFrom, -sign * seenFrom, 20).map(onRing);
  return [...rim, ...back].map((p) => fromBall(ellipsoid, p));
}

const steps = (from: number, to: number, count: number) =>
  Array.from({ length: count + 1 }, (_, i) => from + ((to - from) * i) / count);

function drawEar(easel: Easel, { head, size }: Figure, side: number, { skin }: Wardrobe) {
  const h = size.headHeight;
  const top = place(head, [side * 0.355 * h, 0.04 * h, -0.03 * h]);
  const bottom = place(head, [side * 0.33 * h, -0.13 * h, 0.01 * h]);
  drawRod(easel, { from: top, to: bottom, fromRadius: 0.055 * h, toRadius: 0.04 * h }, scaled(skin, 0.93), 0.4);
}

/** Draws in metres on a plane that touches the head: x to the person's left, y up. */
function onPlane(easel: Easel, origin: Vector, x: Vector, y: Vector, draw: () => void) {
  const { context, camera } = easel;
  const at = seen(easel, origin);
  const scale = pixelsPerMetre(easel, at[2]);
  const { left, up } = camera.frame;
  context.save();
  context.transform(scale * dot(x, left), -scale * dot(x, up), scale * dot(y, left), -scale * dot(y, up), at[0], at[1]);
  draw();
  context.restore();
}

function drawFace(easel: Easel, figure: Figure, wardrobe: Wardrobe) {
  const { context, light } = easel;
  const { head, size, face } = figure;
  const { skin, hair } = wardrobe;
  const h = size.headHeight;
  const { left, up, front } = head;
  const facing = towardsCamera(easel, head.origin);
  const open = 1 - Math.max(0, Math.min(1, face.eyelids));
  const dark: Colour = blend(skin, [0.16, 0.03, 0.02], 0.7);
  const tilt = (yaw: number): [Vector, Vector] => [
    unit(plus(times(left, Math.cos(yaw)), times(front, -Math.sin(yaw)))),
    unit(plus(times(front, Math.cos(yaw)), times(left, Math.sin(yaw)))),
  ];

  for (const side of [1, -1]) {
    const [x, normal] = tilt(side * 0.45);
    if (dot(normal, facing) < 0.12) continue;
    const eye = place(head, [side * 0.15 * h, 0.02 * h, 0.375 * h]);
    onPlane(easel, eye, x, up, () => {
      const wide = 0.068 * h;
      const high = 0.034 * h;
      // Socket.
      context.fillStyle = css(dark, 0.22);
      context.beginPath();
      context.ellipse(0, 0.2 * high, 1.5 * wide, 2 * high, 0, 0, 2 * Math.PI);
      context.fill();
      if (open > 0.15) {
        context.save();
        context.beginPath();
        context.ellipse(0, 0, wide, high * open, 0, 0, 2 * Math.PI);
        context.fillStyle = css(lit([0.95, 0.94, 0.92], normal, light));
        context.fill();
        context.clip();
        const gx = 0.55 * wide * Math.max(-1, Math.min(1, face.gazeYaw / 35));
        const gy = -0.6 * high * Math.max(-1, Math.min(1, face.gazePitch / 30));
        context.beginPath();
        context.arc(gx, gy, 0.036 * h, 0, 2 * Math.PI);
        context.fillStyle = '#22160f';
        context.fill();
        context.restore();
      }
      // Upper lid; the whole lid when shut.
      context.strokeStyle = css(scaled(hair, 0.5), 0.9);
      context.lineWidth = 0.018 * h;
      context.lineCap = 'round';
      context.beginPath();
      context.moveTo(-wide, 0);
      context.quadraticCurveTo(0, (open > 0.15 ? 2.1 * open : -0.6) * high, wide, 0);
      context.stroke();
      // Brow.
      context.strokeStyle = css(blend(hair, skin, 0.15));
      context.lineWidth = 0.028 * h;
      context.beginPath();
      context.moveTo(-1.25 * wide, 0.085 * h - (side > 0 ? 0 : 0.018 * h));
      context.quadraticCurveTo(0, 0.115 * h, 1.25 * wide, 0.085 * h - (side > 0 ? 0.018 * h : 0));
      context.stroke();
    });
  }

  // Nose: from the bridge to the tip, a lit side and a shaded one.
  const bridge = seen(easel, place(head, [0, 0.03 * h, 0.42 * h]));
  const tip = seen(easel, place(head, [0, -0.15 * h, 0.55 * h]));
  const base = seen(easel, place(head, [0, -0.19 * h, 0.45 * h]));
  const wings = [1, -1].map((side) => seen(easel, place(head, [side * 0.07 * h, -0.175 * h, 0.43 * h])));
  context.beginPath();
  traceRounded(easel, [bridge, wings[0], base, wings[1]]);
  context.fillStyle = css(dark, 0.16);
  context.fill();
  context.beginPath();
  traceRounded(easel, hull([bridge, tip, ...wings, tip]));
  context.fillStyle = css(lit(skin, unit(plus(front, times(up, 0.3))), light));
  context.fill();
  context.strokeStyle = css(dark, 0.6);
  context.lineWidth = rimPixels(easel);
  context.beginPath();
  context.moveTo(wings[0][0], wings[0][1]);
  context.quadraticCurveTo(base[0], base[1] + 0.3 * (base[1] - tip[1]), wings[1][0], wings[1][1]);
  context.stroke();

  if (dot(front, facing) > 0.05) {
    onPlane(easel, place(head, [0, -0.295 * h, 0.41 * h]), left, up, () => {
      const gape = Math.max(0, face.mouth);
      context.fillStyle = css(lit(blend(skin, [0.62, 0.2, 0.2], 0.55), front, light));
      context.beginPath();
      context.ellipse(0, 0, 0.105 * h, (0.028 + 0.05 * gape) * h, 0, 0, 2 * Math.PI);
      context.fill();
      context.fillStyle = css([0.22, 0.06, 0.06]);
      context.beginPath();
      context.ellipse(0, 0.002 * h, 0.1 * h, (0.007 + 0.045 * gape) * h, 0, 0, 2 * Math.PI);
      context.fill();
    });
  }
  const glasses = wardrobe.look.glasses;
  if (glasses) {
    context.strokeStyle = glasses.colour;
    context.lineWidth = Math.max(0.8, 0.018 * h * pixelsPerMetre(easel, bridge[2]));
    for (const side of [1, -1]) {
      const ring = Array.from({ length: 12 }, (_, i) => {
        const t = (i * Math.PI) / 6;
        const power = glasses.shape === 'round' ? 1 : 0.6;
        const bend = (v: number) => Math.sign(v) * Math.abs(v) ** power;
        const x = 0.15 + 0.105 * bend(Math.cos(t));
        return seen(
          easel,
          place(head, [side * x * h, (0.015 + 0.08 * bend(Math.sin(t))) * h, (0.46 - 0.4 * x * x) * h]),
        );
      });
      context.beginPath();
      traceRounded(easel, ring);
      context.stroke();
    }
  }
}

function drawHair(easel: Easel, { head, size }: Figure, wardrobe: Wardrobe, skullShape: Ellipsoid, facing: Vector) {
  const { context, light } = easel;
  const { style } = wardrobe.look.hair;
  if (style === 'bald') return;
  const colour = wardrobe.hair;
  const puff = { short: 1.05, full: 1.16, long: 1.1, bun: 1.05 }[style];
  const grown: Ellipsoid = {
    frame: { ...head, origin: place(head, [0, (puff - 1) * 0.3 * skullShape.half[1], -0.02 * size.headHeight]) },
    half: times(skullShape.half, puff),
  };
  const lean = (32 * Math.PI) / 180;
  const points = cap(grown, facing, [0, Math.cos(lean), -Math.sin(lean)], 0.12).map((p) => seen(easel, p));
  if (points.length === 0) return;
  context.beginPath();
  points.forEach((p, i) => (i === 0 ? context.moveTo(p[0], p[1]) : context.lineTo(p[0], p[1])));
  context.closePath();
  const top = seen(easel, place(head, [0, 0.5 * size.headHeight, 0]));
  const bottom = seen(easel, place(head, [0, -0.1 * size.headHeight, 0]));
  const gradient = context.createLinearGradient(top[0], top[1], bottom[0], bottom[1]);
  gradient.addColorStop(0, css(lit(blend(colour, [1, 1, 1], 0.08), [0, 1, 0], light)));
  gradient.addColorStop(1, css(lit(scaled(colour, 0.75), facing, light)));
  context.fillStyle = gradient;
  context.fill();
}

export const backHair = (easel: Easel, figure: Figure, wardrobe: Wardrobe) => {
  const { look, hair } = wardrobe;
  if (look.hair.style !== 'long') return;
  const h = figure.size.headHeight;
  const at = (x: number, y: number, z: number) => seen(easel, place(figure.head, [x * h, y * h, z * h]));
  const low = (x: number): Point => {
    const [px, py] = seen(easel, place(figure.chest, [x * h, figure.size.upperTrunk - 0.12 * h, -0.02]));
    return [px, py];
  };
  easel.context.beginPath();
  traceRounded(easel, [
    at(0, 0.45, -0.1),
    at(0.42, 0.25, -0.1),
    at(0.44, -0.2, -0.05),
    low(0.48),
    low(0.2),
    low(-0.2),
    low(-0.48),
    at(-0.44, -0.2, -0.05),
    at(-0.42, 0.25, -0.1),
  ]);
  easel.context.fillStyle = css(lit(scaled(hair, 0.8), [0, 0, 1], easel.light));
  easel.context.fill();
};
void toBall;
