import type { Arm, Figure } from '../body/figure.ts';
import type { Side } from '../body/limbs.ts';
import { mix } from '../body/vector.ts';
import { drawRod, type Easel, type Rod } from './easel.ts';
import type { Wardrobe } from './wardrobe.ts';

export const upperArmRod = ({ shoulder, elbow }: Arm, { size: { girth } }: Figure): Rod => ({
  from: shoulder,
  to: elbow,
  fromRadius: 0.03 + 0.027 * girth,
  toRadius: 0.022 + 0.022 * girth,
});

export const forearmRod = ({ elbow, wrist }: Arm, { size: { girth } }: Figure): Rod => ({
  from: elbow,
  to: wrist,
  fromRadius: 0.02 + 0.022 * girth,
  toRadius: 0.027,
});

export function drawUpperArm(easel: Easel, figure: Figure, side: Side, { look, skin, top }: Wardrobe) {
  const rod = upperArmRod(figure.arms[side], figure);
  if (look.top.sleeves === 'long') {
    drawRod(easel, rod, top);
    return;
  }
  drawRod(easel, { ...rod, fromRadius: 0.85 * rod.fromRadius, toRadius: 0.88 * rod.toRadius }, skin);
  drawRod(easel, { ...rod, to: mix(rod.from, rod.to, 0.5), toRadius: rod.toRadius + 0.008 }, top);
}

export function drawForearm(easel: Easel, figure: Figure, side: Side, { look, skin, top }: Wardrobe) {
  const rod = forearmRod(figure.arms[side], figure);
  if (look.top.sleeves === 'long') {
    drawRod(easel, { ...rod, to: mix(rod.from, rod.to, 0.97), toRadius: 0.034 }, top);
  } else drawRod(easel, { ...rod, fromRadius: 0.88 * rod.fromRadius }, skin);
}
