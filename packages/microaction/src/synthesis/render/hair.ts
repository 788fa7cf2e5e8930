import type { Figure } from '../body/figure.ts';
import { dot, place, times, unit, type Vector } from '../body/vector.ts';
import { blend, css, scaled } from './colour.ts';
import { drawRod, type Easel, rimOf, seen, tracePolygon, traceRounded } from './easel.ts';
import { type Ellipsoid, visibleCap } from './ellipsoid.ts';
import { lit } from './light.ts';
import type { Wardrobe } from './wardrobe.ts';

/** Hair on the crown, down to a plane from the forehead over the ears to the nape. */
export function drawHair(easel: Easel, figure: Figure, skull: Ellipsoid, facing: Vector, wardrobe: Wardrobe) {
  const { size } = figure;
  const h = size.headHeight;
  const { style, parting, fringe } = wardrobe.look.hair;
  if (style === 'bald') return;
  const puff = { short: 1.04, full: 1.15, long: 1.09, bun: 1.05 }[style];
  const grown: Ellipsoid = {
    frame: { ...skull.frame, origin: place(skull.frame, [0, (puff - 1) * 0.12 * h, -0.3 * (puff - 1) * h]) },
    half: times(skull.half, puff),
  };
  const axis = unit([0.14 * parting, 0.86, -0.52 + (fringe ? 0.14 : 0)]);
  const above = { short: 0.11, full: 0.03, long: 0.02, bun: 0.1 }[style] - (fringe ? 0.05 : 0);
  // Where it begins the skin shines through.
  easel.context.globalAlpha = 0.45;
  paintHair(easel, figure, visibleCap(grown, facing, axis, above - 0.07), wardrobe);
  easel.context.globalAlpha = 1;
  paintHair(easel, figure, visibleCap(grown, facing, axis, above), wardrobe);
}

/** A bun at the back of the crown: behind the head unless it is bowed. */
export function drawBun(easel: Easel, { head, size: { headHeight: h } }: Figure, { hair }: Wardrobe) {
  const at = place(head, [0, 0.5 * h, -0.22 * h]);
  drawRod(easel, { from: at, to: at, fromRadius: 0.17 * h, toRadius: 0.17 * h }, hair);
}

/** Long hair at one side of the face. The far side goes behind the face, the near one before it. */
export function drawLock(easel: Easel, { head, chest, size }: Figure, side: 1 | -1, { hair }: Wardrobe) {
  const { context, light } = easel;
  const h = size.headHeight;
  const on = (x: number, y: number, z: number) => seen(easel, place(head, [side * x * h, y * h, z * h]));
  const low = (x: number, y: number) => seen(easel, place(chest, [side * x * h, size.upperTrunk + y * h, 0.1 * h]));
  context.beginPath();
  traceRounded(easel, [
    on(0.16, 0.42, 0.2),
    on(0.36, 0.25, 0.05),
    on(0.43, -0.1, 0),
    on(0.45, -0.35, -0.05),
    low(0.5, -0.25),
    low(0.3, -0.35),
    on(0.3, -0.45, 0),
    on(0.31, -0.15, 0.08),
    on(0.29, 0.12, 0.2),
  ]);
  const [top, bottom] = [on(0.36, 0.3, 0), low(0.4, -0.3)];
  const shade = context.createLinearGradient(top[0], top[1], bottom[0], bottom[1]);
  shade.addColorStop(0, css(lit(hair, unit([side * 0.7, 0.3, 0.7]), light)));
  shade.addColorStop(1, css(lit(scaled(hair, 0.78), unit([side * 0.5, 0, 0.8]), light)));
  context.fillStyle = shade;
  rimOf(easel, hair);
  context.fill();
}

/** Hair that falls on the back, behind neck and shoulders. */
export function drawBackHair(easel: Easel, { head, chest, size }: Figure, { hair }: Wardrobe) {
  const h = size.headHeight;
  const on = (x: number, y: number, z: number) => seen(easel, place(head, [x * h, y * h, z * h]));
  const back = (x: number, y: number) => seen(easel, place(chest, [x * h, size.upperTrunk + y * h, -0.1 * h]));
  easel.context.beginPath();
  traceRounded(easel, [
    on(0.3, 0.3, -0.1),
    on(0.4, 0, -0.06),
    on(0.42, -0.3, -0.08),
    back(0.5, -0.15),
    back(0.42, -0.6),
    back(-0.42, -0.6),
    back(-0.5, -0.15),
    on(-0.42, -0.3, -0.08),
    on(-0.4, 0, -0.06),
    on(-0.3, 0.3, -0.1),
  ]);
  easel.context.fillStyle = css(lit(scaled(hair, 0.72), chest.front, easel.light));
  rimOf(easel, hair);
  easel.context.fill();
}

// ---- below: internals ----

function paintHair(easel: Easel, { head, size }: Figure, outlines: readonly (readonly Vector[])[], { hair }: Wardrobe) {
  if (outlines.length === 0) return;
  const { context, light } = easel;
  const h = size.headHeight;
  context.beginPath();
  for (const outline of outlines) {
    tracePolygon(
      easel,
      outline.map((p) => seen(easel, p)),
    );
  }
  const lamp = dot(light.towards, head.left) > 0 ? 1 : -1;
  const bright = seen(easel, place(head, [lamp * 0.2 * h, 0.5 * h, 0.1 * h]));
  const dark = seen(easel, place(head, [-lamp * 0.3 * h, -0.2 * h, 0]));
  const shade = context.createLinearGradient(bright[0], bright[1], dark[0], dark[1]);
  shade.addColorStop(0, css(lit(blend(hair, [1, 0.95, 0.9], 0.12), [0, 0.8, 0.6], light)));
  shade.addColorStop(0.45, css(lit(hair, head.front, light)));
  shade.addColorStop(1, css(lit(scaled(hair, 0.72), head.front, light)));
  context.fillStyle = shade;
  rimOf(easel, hair);
  context.fill('evenodd');
}
