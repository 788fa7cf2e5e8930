import type { Figure, Leg } from '../body/figure.ts';
import type { Side } from '../body/limbs.ts';
import { mix, plus, times } from '../body/vector.ts';
import { blend, css, scaled } from './colour.ts';
import {
  acrossRound,
  drawRod,
  type Easel,
  flatten,
  hull,
  pixelsPerMetre,
  type Rod,
  rimOf,
  rodOutline,
  seen,
  traceRounded,
} from './easel.ts';
import type { Wardrobe } from './wardrobe.ts';

export const legRods = (leg: Leg, figure: Figure): Rod[] => [thighRod(leg, figure), shinRod(leg, figure)];

/** Shoe, thigh, then the shin, which comes forward from the knee. */
export function drawLeg(easel: Easel, figure: Figure, side: Side, wardrobe: Wardrobe) {
  const { look, skin, bottom } = wardrobe;
  const leg = figure.legs[side];
  const thigh = thighRod(leg, figure);
  const shin = shinRod(leg, figure);
  const { kind } = look.bottom;
  drawShoe(easel, leg, wardrobe);
  if (kind === 'trousers') {
    drawRod(easel, thigh, bottom, 'none');
    drawRod(easel, { ...shin, to: mix(leg.knee, leg.ankle, 0.96), toRadius: 0.052 }, bottom, 'to');
    drawKneeFolds(easel, leg, thigh.toRadius, wardrobe);
    return;
  }
  drawRod(easel, { ...thigh, fromRadius: 0.93 * thigh.fromRadius, toRadius: 0.92 * thigh.toRadius }, skin, 'none');
  drawRod(easel, { ...shin, fromRadius: 0.92 * thigh.toRadius, toRadius: 0.036 }, skin, 'to');
  if (kind === 'shorts') {
    drawRod(easel, { ...thigh, to: mix(leg.hip, leg.knee, 0.8), toRadius: thigh.toRadius + 0.012 }, bottom, 'to');
  }
}

/** What lies between the thighs; all of a skirt. */
export function drawLap(easel: Easel, { legs, pelvis, size }: Figure, { bottom }: Wardrobe) {
  const { context } = easel;
  const rods = (['left', 'right'] as const).map((side) => {
    const thigh = thighRod(legs[side], { size });
    return flatten(easel, { ...thigh, to: mix(thigh.from, thigh.to, 0.3) });
  });
  context.beginPath();
  traceRounded(easel, hull(rods.flatMap(rodOutline)));
  context.fillStyle = acrossRound(easel, mix(legs.left.hip, legs.right.hip, 0.5), pelvis.up, 0.2, scaled(bottom, 0.72));
  context.fill();
}

/** A skirt's cloth over both thighs, drawn over the legs. */
export function drawSkirt(easel: Easel, { legs, pelvis, size }: Figure, { bottom }: Wardrobe) {
  const { context } = easel;
  const rods = (['left', 'right'] as const).map((side) => {
    const thigh = thighRod(legs[side], { size });
    return flatten(easel, { ...thigh, to: mix(thigh.from, thigh.to, 0.92), toRadius: thigh.toRadius + 0.012 });
  });
  context.beginPath();
  traceRounded(easel, hull(rods.flatMap(rodOutline)));
  context.fillStyle = acrossRound(easel, mix(legs.left.knee, legs.right.knee, 0.5), pelvis.up, 0.25, bottom);
  rimOf(easel, bottom);
  context.fill();
}

/** The dark where feet stand on the floor or come near it. */
export function footShadows(easel: Easel, { legs }: Figure) {
  const { context } = easel;
  for (const { heel, toe } of Object.values(legs)) {
    const above = Math.max(0, Math.min(heel[1], toe[1]) - 0.02);
    const strength = 0.6 * Math.max(0, 1 - above / 0.15);
    if (strength === 0) continue;
    const rod: Rod = {
      from: [heel[0], 0, heel[2]],
      to: [toe[0], 0, toe[2]],
      fromRadius: 0.05,
      toRadius: 0.05,
    };
    const flat = flatten(easel, rod);
    const wide = Math.hypot(flat.to[0] - flat.from[0], 0) / 2 + 1.5 * flat.toPixels;
    const high = Math.abs(flat.to[1] - flat.from[1]) / 2 + 0.9 * flat.toPixels;
    context.save();
    context.translate((flat.from[0] + flat.to[0]) / 2, (flat.from[1] + flat.to[1]) / 2);
    context.scale(wide, high);
    const shade = context.createRadialGradient(0, 0, 0.3, 0, 0, 1);
    shade.addColorStop(0, `rgba(0,0,0,${strength.toFixed(3)})`);
    shade.addColorStop(1, 'rgba(0,0,0,0)');
    context.fillStyle = shade;
    context.fillRect(-1, -1, 2, 2);
    context.restore();
  }
}

// ---- below: internals ----

const thighRod = ({ hip, knee }: Leg, { size: { girth } }: Pick<Figure, 'size'>): Rod => ({
  from: hip,
  to: knee,
  fromRadius: 0.088 * girth,
  toRadius: 0.05 + 0.012 * girth,
});

const shinRod = ({ knee, ankle }: Leg, { size: { girth } }: Pick<Figure, 'size'>): Rod => ({
  from: knee,
  to: ankle,
  fromRadius: 0.05 + 0.012 * girth,
  toRadius: 0.04,
});

function drawShoe(easel: Easel, leg: Leg, { shoes, skin, look }: Wardrobe) {
  const { up } = leg.foot;
  const raised = (at: Leg['heel'], by: number) => plus(at, times(up, by));
  const sock = look.bottom.kind === 'trousers' ? scaled(shoes, 0.55) : skin;
  drawRod(easel, { from: leg.ankle, to: raised(leg.heel, 0.03), fromRadius: 0.036, toRadius: 0.034 }, sock);
  const sole: Rod = { from: raised(leg.heel, 0.004), to: raised(leg.toe, -0.002), fromRadius: 0.032, toRadius: 0.034 };
  drawRod(easel, sole, blend(scaled(shoes, 0.55), [0.2, 0.2, 0.2], 0.4));
  const ball = raised(leg.ball, 0.02);
  drawRod(easel, { from: raised(leg.heel, 0.04), to: ball, fromRadius: 0.036, toRadius: 0.038 }, shoes, 'none');
  drawRod(easel, { from: ball, to: raised(leg.toe, 0.014), fromRadius: 0.041, toRadius: 0.031 }, shoes);
  const instep = mix(leg.ankle, leg.ball, 0.3);
  drawRod(easel, { from: instep, to: ball, fromRadius: 0.04, toRadius: 0.037 }, shoes, 'none');
}

function drawKneeFolds(easel: Easel, { hip, knee, ankle }: Leg, radius: number, { bottom }: Wardrobe) {
  const { context } = easel;
  const at = seen(easel, knee);
  const scale = pixelsPerMetre(easel, at[2]);
  const down = seen(easel, mix(knee, ankle, 0.2));
  const back = seen(easel, mix(knee, hip, 0.2));
  const [dx, dy] = [down[0] - at[0], down[1] - at[1]];
  const long = Math.hypot(dx, dy) || 1;
  const [ax, ay] = [(-dy / long) * radius * scale, (dx / long) * radius * scale];
  context.strokeStyle = css(blend(bottom, [0, 0, 0], 0.6), 0.3);
  context.lineWidth = 0.011 * scale;
  context.lineCap = 'round';
  context.beginPath();
  context.moveTo(at[0] + 0.75 * ax, at[1] + 0.75 * ay);
  context.quadraticCurveTo(at[0] + 0.3 * dx, at[1] + 0.3 * dy, at[0] - 0.35 * ax, at[1] - 0.35 * ay);
  context.moveTo(back[0] - 0.8 * ax, back[1] - 0.8 * ay);
  context.quadraticCurveTo(at[0], at[1], at[0] + 0.1 * ax, at[1] + 0.1 * ay);
  context.stroke();
}
