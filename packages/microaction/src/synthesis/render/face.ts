import type { Figure } from '../body/figure.ts';
import { dot, place, plus, times, unit, type Vector } from '../body/vector.ts';
import { blend, type Colour, css, scaled } from './colour.ts';
import { type Easel, hull, pixelsPerMetre, rimPixels, seen, towardsCamera, traceRounded } from './easel.ts';
import { lit } from './light.ts';
import type { Mask } from './scene.ts';
import type { Wardrobe } from './wardrobe.ts';

/** Eyes, brows, nose, mouth and glasses, each on the plane that touches the head where it is. */
export function drawFace(easel: Easel, figure: Figure, wardrobe: Wardrobe) {
  const { head, size } = figure;
  const facing = towardsCamera(easel, head.origin);
  if (dot(head.front, facing) < -0.35) return;
  const face: Face = { easel, figure, wardrobe, h: size.headHeight, facing };
  for (const side of [1, -1] as const) drawEye(face, side);
  drawMouth(face);
  drawNose(face);
  drawGlasses(face);
}

/** Hides the eyes as published clips do: a bar along the eyes, or a box over the upper face. */
export function drawFaceMask(easel: Easel, { head, size }: Figure, { kind, grey }: Mask) {
  const { context } = easel;
  const h = size.headHeight;
  const at = seen(easel, place(head, [0, kind === 'bar' ? 0.02 * h : -0.03 * h, 0.38 * h]));
  const scale = pixelsPerMetre(easel, at[2]) * h;
  const [wide, high] = kind === 'bar' ? [0.78 * scale, 0.24 * scale] : [0.84 * scale, 0.72 * scale];
  context.fillStyle = css([grey, grey, grey]);
  if (kind === 'bar') {
    const [left, right] = [1, -1].map((side) => seen(easel, place(head, [side * 0.2 * h, 0.02 * h, 0.36 * h])));
    context.save();
    context.translate(at[0], at[1]);
    context.rotate(Math.atan2(left[1] - right[1], left[0] - right[0]));
    context.fillRect(-wide / 2, -high / 2, wide, high);
    context.restore();
  } else context.fillRect(at[0] - wide / 2, at[1] - high / 2, wide, high);
}

// ---- below: internals ----

interface Face {
  readonly easel: Easel;
  readonly figure: Figure;
  readonly wardrobe: Wardrobe;
  /** Height of the head, metres. */
  readonly h: number;
  readonly facing: Vector;
}

/** Draws in head heights on a plane, with `x` to the person's left and `y` up. */
function onPlane({ easel, h }: Face, origin: Vector, x: Vector, y: Vector, draw: () => void) {
  const { context, camera } = easel;
  const at = seen(easel, origin);
  const scale = h * pixelsPerMetre(easel, at[2]);
  const { left, up } = camera.frame;
  context.save();
  context.transform(scale * dot(x, left), -scale * dot(x, up), scale * dot(y, left), -scale * dot(y, up), at[0], at[1]);
  draw();
  context.restore();
}

const wide = 0.072;
const high = 0.036;

function drawEye(face: Face, side: 1 | -1) {
  const { easel, figure, wardrobe, h, facing } = face;
  const { context, light } = easel;
  const { head } = figure;
  const { left, up, front } = head;
  const yaw = side * 0.55;
  const x = unit(plus(times(left, Math.cos(yaw)), times(front, -Math.sin(yaw))));
  const normal = unit(plus(times(front, Math.cos(yaw)), times(left, Math.sin(yaw))));
  if (dot(normal, facing) < 0.1) return;
  const { skin, hair } = wardrobe;
  const open = 1 - Math.max(0, Math.min(1, figure.face.eyelids));
  const gazeX = Math.max(-1, Math.min(1, figure.face.gazeYaw / 35));
  const gazeY = -Math.max(-1, Math.min(1, figure.face.gazePitch / 30));
  const shadow = css(blend(skin, [0.12, 0.02, 0.02], 0.75), 0.24);
  const brow = css(lit(blend(scaled(hair, 0.8), skin, 0.12), normal, light));
  const origin = place(head, [side * 0.158 * h, 0.005 * h, 0.374 * h]);
  onPlane(face, origin, x, up, () => {
    context.fillStyle = shadow;
    context.beginPath();
    context.ellipse(-side * 0.012, 0.014, 1.45 * wide, 1.9 * high, 0, 0, 2 * Math.PI);
    context.fill();
    if (open > 0.12) {
      const almond = () => {
        context.beginPath();
        context.moveTo(-wide, 0);
        context.quadraticCurveTo(0, 2.1 * high * open, wide, 0);
        context.quadraticCurveTo(0, -1.7 * high * open, -wide, 0);
      };
      almond();
      context.fillStyle = css(lit([0.9, 0.88, 0.86], normal, light));
      context.fill();
      context.save();
      context.clip();
      context.beginPath();
      context.arc(0.5 * wide * gazeX, 0.5 * high * gazeY, 0.04, 0, 2 * Math.PI);
      context.fillStyle = wardrobe.eyes;
      context.fill();
      context.restore();
    }
    context.strokeStyle = css(blend(scaled(hair, 0.4), [0.1, 0.05, 0.04], 0.5), 0.9);
    context.lineCap = 'round';
    context.lineWidth = 0.022;
    context.beginPath();
    context.moveTo(-1.05 * wide, 0);
    context.quadraticCurveTo(0, open > 0.12 ? 2.2 * high * open : -0.9 * high, 1.05 * wide, 0);
    context.stroke();
    context.strokeStyle = brow;
    context.lineWidth = 0.032;
    context.beginPath();
    context.moveTo(-side * 1.2 * wide, 0.085);
    context.quadraticCurveTo(side * 0.3 * wide, 0.128, side * 1.35 * wide, 0.078);
    context.stroke();
  });
}

function drawNose({ easel, figure: { head }, wardrobe: { skin }, h, facing }: Face) {
  const { context, light } = easel;
  const at = (x: number, y: number, z: number) => seen(easel, place(head, [x * h, y * h, z * h]));
  const bridge = at(0, 0.02, 0.4);
  const tip = at(0, -0.155, 0.52);
  const base = at(0, -0.195, 0.43);
  const wings = [1, -1].map((side) => at(side * 0.072, -0.175, 0.415));
  context.beginPath();
  traceRounded(easel, hull([bridge, bridge, tip, tip, base, ...wings]));
  const turned = dot(head.left, light.towards) * 0.5;
  const normal = unit(plus(head.front, plus(times(head.up, 0.25), times(head.left, turned))));
  context.fillStyle = css(lit(scaled(skin, 1.03), normal, light));
  context.fill();
  // The side that turns away from the light, then the shadow under the tip.
  const away = wings[dot(head.left, light.towards) > 0 ? 1 : 0];
  context.beginPath();
  traceRounded(easel, [bridge, bridge, tip, away, away]);
  context.fillStyle = css(blend(skin, [0.1, 0.02, 0.02], 0.75), 0.26);
  context.fill();
  context.strokeStyle = css(lit(blend(skin, [0.16, 0.03, 0.03], 0.62), facing, light), 0.85);
  context.lineWidth = 1.1 * rimPixels(easel);
  context.lineCap = 'round';
  context.beginPath();
  context.moveTo(wings[0][0], wings[0][1]);
  context.quadraticCurveTo(base[0], base[1], wings[1][0], wings[1][1]);
  context.stroke();
}

function drawMouth(face: Face) {
  const { easel, figure, wardrobe, h, facing } = face;
  const { head } = figure;
  if (dot(head.front, facing) < 0.03) return;
  const { context, light } = easel;
  const gape = Math.max(0, Math.min(1, figure.face.mouth));
  const lips: Colour = lit(blend(wardrobe.skin, [0.62, 0.16, 0.18], 0.45), head.front, light);
  onPlane(face, place(head, [0, -0.3 * h, 0.395 * h]), head.left, head.up, () => {
    context.fillStyle = css(lips);
    context.beginPath();
    context.moveTo(-0.12, 0);
    context.quadraticCurveTo(-0.04, 0.05, 0, 0.026);
    context.quadraticCurveTo(0.04, 0.05, 0.12, 0);
    context.quadraticCurveTo(0, -0.075 - 0.16 * gape, -0.12, 0);
    context.fill();
    context.fillStyle = css(scaled(lips, 0.32));
    context.beginPath();
    context.moveTo(-0.115, 0);
    context.quadraticCurveTo(0, 0.012, 0.115, 0);
    context.quadraticCurveTo(0, -0.022 - 0.13 * gape, -0.115, 0);
    context.fill();
  });
}

function drawGlasses({ easel, figure: { head }, wardrobe: { look }, h, facing }: Face) {
  const { glasses } = look;
  if (!glasses) return;
  const { context } = easel;
  const at = (x: number, y: number, z: number) => seen(easel, place(head, [x * h, y * h, z * h]));
  const power = glasses.shape === 'round' ? 1 : 0.55;
  const bent = (v: number) => Math.sign(v) * Math.abs(v) ** power;
  context.strokeStyle = glasses.colour;
  context.lineWidth = Math.max(0.9, 0.02 * h * pixelsPerMetre(easel, at(0, 0, 0.4)[2]));
  for (const side of [1, -1]) {
    const turn = unit(plus(times(head.front, 0.93), times(head.left, side * 0.36)));
    if (dot(turn, facing) > 0) {
      const ring = Array.from({ length: 12 }, (_, i) => {
        const t = (i * Math.PI) / 6;
        const x = 0.165 + 0.125 * bent(Math.cos(t));
        return at(side * x, 0.005 + 0.098 * bent(Math.sin(t)), 0.47 - 0.9 * x * x);
      });
      context.beginPath();
      traceRounded(easel, ring);
      context.fillStyle = 'rgba(225,235,245,0.12)';
      context.fill();
      context.stroke();
      const bow = [at(side * 0.29, 0.03, 0.39), at(side * 0.365, 0.05, 0)];
      if (dot(head.left, facing) * side > -0.3) {
        context.beginPath();
        context.moveTo(bow[0][0], bow[0][1]);
        context.lineTo(bow[1][0], bow[1][1]);
        context.stroke();
      }
    }
  }
  const [a, b] = [at(0.045, 0.02, 0.46), at(-0.045, 0.02, 0.46)];
  context.beginPath();
  context.moveTo(a[0], a[1]);
  context.lineTo(b[0], b[1]);
  context.stroke();
}
