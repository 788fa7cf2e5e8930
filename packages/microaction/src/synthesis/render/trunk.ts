import type { Figure } from '../body/figure.ts';
import type { Side } from '../body/limbs.ts';
import { dot, type Frame, mix, place, plus, times, type Vector } from '../body/vector.ts';
import { acrossRound, type Easel, type Point, pixelsPerMetre, type Rod, rimOf, seen, traceRounded } from './easel.ts';
import { drawGarment, drawNeckline } from './garment.ts';
import type { Wardrobe } from './wardrobe.ts';

/** A cross-section of the trunk: an ellipse around a place of the spine. Metres. */
export interface Section {
  readonly frame: Frame;
  readonly halfWidth: number;
  readonly halfDepth: number;
}

/** From the seat up to the collar bones. */
export function trunkSections({ size, pelvis, waist, chest }: Figure): Section[] {
  const { girth, hipHalf, shoulderHalf, upperTrunk } = size;
  const along = (frame: Frame, up: number): Frame => ({ ...frame, origin: place(frame, [0, up, 0]) });
  const hips = hipHalf + 0.075 * girth;
  const belly = 0.08 + 0.06 * girth;
  return [
    { frame: along(pelvis, -0.09), halfWidth: 0.96 * hips, halfDepth: 0.11 * girth },
    { frame: along(pelvis, 0.02), halfWidth: hips, halfDepth: 0.12 * girth },
    { frame: waist, halfWidth: belly, halfDepth: 0.108 * girth },
    { frame: along(chest, 0.35 * upperTrunk), halfWidth: 0.5 * belly + 0.44 * shoulderHalf, halfDepth: 0.114 * girth },
    { frame: along(chest, 0.62 * upperTrunk), halfWidth: 0.92 * shoulderHalf, halfDepth: 0.116 * girth },
    { frame: along(chest, 0.84 * upperTrunk), halfWidth: 0.98 * shoulderHalf, halfDepth: 0.09 * girth },
  ];
}

/** A place on the cloth: `around` -1 is at the person's right side, 0 in front, 1 at the left side. */
export function onSection({ frame, halfWidth, halfDepth }: Section, around: number): Vector {
  const angle = (around * Math.PI) / 2;
  return place(frame, [halfWidth * Math.sin(angle), 0, halfDepth * Math.cos(angle)]);
}

/** What of the trunk can cover others and be covered. */
export const trunkRod = ({ pelvis, neck, size }: Figure): Rod => ({
  from: pelvis.origin,
  to: neck,
  fromRadius: 0.16 * size.girth,
  toRadius: 0.8 * size.shoulderHalf,
});

export function drawTrunk(easel: Easel, figure: Figure, wardrobe: Wardrobe) {
  const { context } = easel;
  const sections = trunkSections(figure);
  const outline = outlineOf(easel, figure, sections);
  const { chest, size } = figure;
  context.save();
  context.beginPath();
  traceRounded(easel, outline);
  context.fillStyle = acrossRound(easel, sections[3].frame.origin, chest.up, 1.05 * size.shoulderHalf, wardrobe.top);
  rimOf(easel, wardrobe.top);
  context.fill();
  context.clip();
  drawGarment(easel, figure, sections, wardrobe);
  context.restore();
  drawNeckline(easel, figure, sections, wardrobe);
}

// ---- below: internals ----

/** Up the left side, over the shoulders and down the right side. */
function outlineOf(easel: Easel, { shoulders, chest, size }: Figure, sections: readonly Section[]): Point[] {
  const sides = sections.map((section) => edges(easel, section));
  const shoulder = (side: Side, out: number): Vector[] => {
    const top = plus(shoulders[side], times(chest.up, 0.032 + 0.012 * size.girth));
    const collar = place(chest, [out * 0.07, size.upperTrunk + 0.022, -0.015]);
    return [
      plus(top, times(chest.left, out * 0.012)),
      top,
      mix(top, collar, 0.6),
      collar,
      place(chest, [out * 0.04, size.upperTrunk + 0.012, 0.02]),
    ];
  };
  const flat = (at: Vector): Point => {
    const [x, y] = seen(easel, at);
    return [x, y];
  };
  return [
    ...sides.map(([left]) => left),
    ...shoulder('left', 1).map(flat),
    ...shoulder('right', -1).map(flat).reverse(),
    ...sides.map(([, right]) => right).reverse(),
  ];
}

/** Where a cross-section ends in the picture, at the person's left and right. */
function edges(easel: Easel, { frame, halfWidth, halfDepth }: Section): [left: Point, right: Point] {
  const { left, up } = easel.camera.frame;
  const flat = (v: Vector): Point => [dot(v, left), -dot(v, up)];
  const [x, y, depth] = seen(easel, frame.origin);
  const spine = flat(frame.up);
  const tall = Math.hypot(...spine) || 1;
  const across: Point = [-spine[1] / tall, spine[0] / tall];
  const reach = (v: Vector) => {
    const [vx, vy] = flat(v);
    return vx * across[0] + vy * across[1];
  };
  const half =
    pixelsPerMetre(easel, depth) *
    Math.hypot(halfWidth * reach(frame.left), halfDepth * reach(frame.front)) *
    (Math.sign(reach(frame.left)) || 1);
  return [
    [x + half * across[0], y + half * across[1]],
    [x - half * across[0], y - half * across[1]],
  ];
}
