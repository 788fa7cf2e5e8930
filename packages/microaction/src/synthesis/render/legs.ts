import type { Figure, Leg } from '../body/figure.ts';
import { mix, place, plus, times } from '../body/vector.ts';
import { scaled } from './colour.ts';
import { acrossRound, drawRod, type Easel, flatten, hull, type Point, type Rod, seen, traceRounded } from './easel.ts';
import type { Wardrobe } from './wardrobe.ts';

export const thighRod = ({ hip, knee }: Leg, { size: { girth } }: Figure): Rod => ({
  from: hip,
  to: knee,
  fromRadius: 0.088 * girth,
  toRadius: 0.06 + 0.008 * girth,
});

export function drawLeg(easel: Easel, figure: Figure, leg: Leg, wardrobe: Wardrobe) {
  const { look, skin, bottom } = wardrobe;
  const { girth } = figure.size;
  drawShoe(easel, leg, wardrobe);
  const long = look.bottom.kind === 'trousers';
  const shin: Rod = { from: leg.knee, to: leg.ankle, fromRadius: 0.052 * girth + 0.006, toRadius: 0.037 };
  if (long) {
    const hem = mix(leg.knee, leg.ankle, 0.97);
    drawRod(easel, { ...shin, to: hem, fromRadius: 0.06 + 0.006 * girth, toRadius: 0.05 }, bottom);
  } else drawRod(easel, shin, skin);
  drawRod(easel, thighRod(leg, figure), look.bottom.kind === 'shorts' ? bottom : bottom);
}

function drawShoe(easel: Easel, leg: Leg, { shoes }: Wardrobe) {
  const { context } = easel;
  const up = leg.foot.up;
  const heel = plus(leg.heel, times(up, 0.035));
  const instep = mix(leg.ankle, leg.ball, 0.35);
  const rods: Rod[] = [
    { from: heel, to: plus(leg.ball, times(up, 0.012)), fromRadius: 0.036, toRadius: 0.04 },
    { from: plus(leg.ball, times(up, 0.012)), to: plus(leg.toe, times(up, 0.01)), fromRadius: 0.042, toRadius: 0.032 },
    { from: instep, to: plus(leg.ball, times(up, 0.02)), fromRadius: 0.042, toRadius: 0.036 },
  ];
  const sole: Rod = { from: leg.heel, to: leg.toe, fromRadius: 0.03, toRadius: 0.03 };
  drawRod(easel, { ...sole, from: mix(leg.heel, leg.ball, 1) }, scaled(shoes, 0.7));
  for (const rod of rods) drawRod(easel, rod, shoes, 0.25);
  context.beginPath();
}

export function drawSeat(easel: Easel, figure: Figure, wardrobe: Wardrobe) {
  const { context } = easel;
  const { legs } = figure;
  const skirt = wardrobe.look.bottom.kind === 'skirt';
  const reach = skirt ? 0.95 : 0.35;
  const points: Point[] = [];
  for (const side of ['left', 'right'] as const) {
    const rod = thighRod(legs[side], figure);
    const flat = flatten(easel, { ...rod, to: mix(rod.from, rod.to, reach) });
    for (let i = 0; i < 12; i++) {
      const [c, s] = [Math.cos((i * Math.PI) / 6), Math.sin((i * Math.PI) / 6)];
      points.push([flat.from[0] + flat.fromPixels * c, flat.from[1] + flat.fromPixels * s]);
      points.push([flat.to[0] + flat.toPixels * c, flat.to[1] + flat.toPixels * s]);
    }
  }
  context.beginPath();
  traceRounded(easel, hull(points));
  const middle = mix(legs.left.hip, legs.right.hip, 0.5);
  context.fillStyle = acrossRound(easel, middle, figure.pelvis.up, 0.2, scaled(wardrobe.bottom, 0.8));
  context.fill();
  void seen;
  void place;
}
