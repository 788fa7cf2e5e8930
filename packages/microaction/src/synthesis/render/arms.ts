import type { Arm, Figure } from '../body/figure.ts';
import type { Side } from '../body/limbs.ts';
import { dot, minus, mix, plus, times, unit } from '../body/vector.ts';
import { type Colour, css, scaled } from './colour.ts';
import { drawRod, type Easel, pixelsPerMetre, type Rod, seen } from './easel.ts';
import type { Wardrobe } from './wardrobe.ts';

export const upperArmRod = ({ shoulder, elbow }: Arm, { size: { girth } }: Figure): Rod => ({
  from: shoulder,
  to: elbow,
  fromRadius: 0.027 + 0.022 * girth,
  toRadius: 0.018 + 0.02 * girth,
});

export const forearmRod = ({ elbow, wrist }: Arm, { size: { girth } }: Figure): Rod => ({
  from: elbow,
  to: wrist,
  fromRadius: 0.019 + 0.02 * girth,
  toRadius: 0.026,
});

export function drawUpperArm(easel: Easel, figure: Figure, side: Side, { look, skin, top }: Wardrobe) {
  const rod = upperArmRod(figure.arms[side], figure);
  if (look.top.sleeves === 'long') {
    drawRod(easel, rod, top, 'to');
    return;
  }
  drawRod(easel, { ...rod, fromRadius: 0.85 * rod.fromRadius, toRadius: 0.88 * rod.toRadius }, skin, 'to');
  drawRod(easel, { ...rod, to: mix(rod.from, rod.to, 0.52), toRadius: rod.toRadius + 0.007 }, top, 'to');
}

export function drawForearm(easel: Easel, figure: Figure, side: Side, { look, skin, top }: Wardrobe) {
  const rod = forearmRod(figure.arms[side], figure);
  if (look.top.sleeves === 'long') {
    drawRod(easel, { ...rod, to: mix(rod.from, rod.to, 0.96), toRadius: 0.033 }, top, 'to');
    drawElbowFolds(easel, figure.arms[side], rod.fromRadius, top);
    return;
  }
  // A muscle's belly near the elbow, slim towards the wrist.
  const belly = mix(rod.from, rod.to, 0.3);
  const skinRod = { ...rod, fromRadius: 0.86 * rod.fromRadius };
  drawRod(easel, { ...skinRod, from: belly, fromRadius: 0.94 * rod.fromRadius }, skin, 'to');
  drawRod(easel, { ...skinRod, to: belly, toRadius: 0.94 * rod.fromRadius }, skin, 'none');
}

// ---- below: internals ----

/** Creases of a sleeve in the bend of the arm; none in a straight one. */
function drawElbowFolds(easel: Easel, { shoulder, elbow, wrist }: Arm, radius: number, top: Colour) {
  const [a, b] = [unit(minus(shoulder, elbow)), unit(minus(wrist, elbow))];
  const bent = 1 + dot(a, b);
  if (bent < 0.25) return;
  const { context } = easel;
  const inwards = times(unit(plus(a, b)), radius);
  const at = seen(easel, elbow);
  context.lineWidth = 0.011 * pixelsPerMetre(easel, at[2]);
  context.lineCap = 'round';
  context.strokeStyle = css(scaled(top, 0.3), Math.min(0.4, 0.3 * bent));
  context.beginPath();
  for (const along of [-0.15, 0.5]) {
    const root = plus(elbow, times(b, along * radius));
    const from = seen(easel, plus(root, times(inwards, 0.8)));
    const to = seen(easel, plus(root, times(inwards, -0.35)));
    context.moveTo(from[0], from[1]);
    context.lineTo(to[0], to[1]);
  }
  context.stroke();
}
