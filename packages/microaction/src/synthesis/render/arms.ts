import type { Arm, Figure } from '../body/figure.ts';
import type { Side } from '../body/limbs.ts';
import { mix } from '../body/vector.ts';
import { drawRod, type Easel, type Rod } from './easel.ts';
import type { Wardrobe } from './wardrobe.ts';

export const upperArmRod = ({ shoulder, elbow }: Arm, { size: { girth } }: Figure): Rod => ({
  from: shoulder,
  to: elbow,
  fromRadius: 0.028 + 0.025 * girth,
  toRadius: 0.02 + 0.022 * girth,
});

export const forearmRod = ({ elbow, wrist }: Arm, { size: { girth } }: Figure): Rod => ({
  from: elbow,
  to: wrist,
  fromRadius: 0.02 + 0.022 * girth,
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
    return;
  }
  // A muscle's belly near the elbow, slim towards the wrist.
  const belly = mix(rod.from, rod.to, 0.3);
  const skinRod = { ...rod, fromRadius: 0.86 * rod.fromRadius };
  drawRod(easel, { ...skinRod, from: belly, fromRadius: 0.94 * rod.fromRadius }, skin, 'to');
  drawRod(easel, { ...skinRod, to: belly, toRadius: 0.94 * rod.fromRadius }, skin, 'none');
}
