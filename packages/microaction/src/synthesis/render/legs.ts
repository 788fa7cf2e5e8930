import type { Figure, Leg } from '../body/figure.ts';
import type { Side } from '../body/limbs.ts';
import { mix, plus, times } from '../body/vector.ts';
import { blend, type Colour, css, scaled } from './colour.ts';
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
import { lit } from './light.ts';
import type { Wardrobe } from './wardrobe.ts';

export const legRods = (leg: Leg, figure: Figure): Rod[] => [thighRod(leg, figure), shinRod(leg, figure)];

/** Shoe, thigh, then the shin, which comes forward from the knee. */
export function drawLeg(easel: Easel, figure: Figure, side: Side, wardrobe: Wardrobe) {
  const { look, skin, bottom } = wardrobe;
  const leg = figure.legs[side];
  const thigh = thighRod(leg, figure);
  const { kind } = look.bottom;
  drawShoe(easel, leg, wardrobe);
  if (kind === 'trousers') {
    drawRod(easel, thigh, bottom, 'none');
    drawShin(easel, leg, [thigh.toRadius, 0.97 * thigh.toRadius, 0.05], bottom, 0.96);
    drawKnee(easel, leg, thigh.toRadius, bottom);
    return;
  }
  drawRod(easel, { ...thigh, fromRadius: 0.93 * thigh.fromRadius, toRadius: 0.92 * thigh.toRadius }, skin, 'none');
  drawShin(easel, leg, [0.9 * thigh.toRadius, 0.93 * thigh.toRadius, 0.034], skin, 1);
  drawKnee(easel, leg, 0.9 * thigh.toRadius, skin);
  if (kind === 'shorts') {
    drawRod(easel, { ...thigh, to: mix(leg.hip, leg.knee, 0.62), toRadius: thigh.toRadius + 0.014 }, bottom, 'to');
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
    return flatten(easel, { ...thigh, to: mix(thigh.from, thigh.to, 0.76), toRadius: thigh.toRadius + 0.016 });
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

/** From the knee over the calf to the ankle; `radii` of the three. */
function drawShin(easel: Easel, { knee, ankle }: Leg, radii: readonly number[], colour: Colour, until: number) {
  const calf = mix(knee, ankle, 0.32);
  const end = mix(knee, ankle, until);
  drawRod(easel, { from: calf, to: end, fromRadius: radii[1], toRadius: radii[2] }, colour, 'to');
  drawRod(easel, { from: knee, to: calf, fromRadius: radii[0], toRadius: radii[1] }, colour, 'none');
}

/** A bent knee catches light from above and throws a shade on the shin. */
function drawKnee(easel: Easel, { knee, ankle }: Leg, radius: number, colour: Colour) {
  const { context, light } = easel;
  const at = seen(easel, knee);
  const size = radius * pixelsPerMetre(easel, at[2]);
  const down = seen(easel, mix(knee, ankle, 0.2));
  context.save();
  context.translate(at[0], at[1]);
  context.rotate(Math.atan2(down[1] - at[1], down[0] - at[0]) - Math.PI / 2);
  context.scale(size, size);
  const shade = context.createRadialGradient(0, 0.3, 0.75, 0, 0.55, 1.5);
  shade.addColorStop(0, 'rgba(0,0,0,0.24)');
  shade.addColorStop(1, 'rgba(0,0,0,0)');
  context.fillStyle = shade;
  context.beginPath();
  context.moveTo(-0.96, 0.2);
  context.quadraticCurveTo(0, 1.5, 0.96, 0.2);
  context.lineTo(0.95, 2.1);
  context.lineTo(-0.95, 2.1);
  context.fill();
  const [red, green, blue] = lit(colour, [0, 0.75, 0.66], light);
  const cap = context.createRadialGradient(0, -0.1, 0, 0, 0, 0.95);
  cap.addColorStop(0, css([1.06 * red, 1.06 * green, 1.06 * blue], 0.4));
  cap.addColorStop(0.6, css([red, green, blue], 0.25));
  cap.addColorStop(1, css([red, green, blue], 0));
  context.fillStyle = cap;
  context.fillRect(-1, -1, 2, 2);
  context.strokeStyle = css(scaled(colour, 0.3), 0.3);
  context.lineWidth = 0.14;
  context.lineCap = 'round';
  context.beginPath();
  context.moveTo(-0.75, 0.45);
  context.quadraticCurveTo(-0.2, 1, 0.4, 0.8);
  context.stroke();
  context.restore();
}
