import type { Arm, Prop } from '../body/figure.ts';
import { dot, minus, mix, place, plus, times, unit, type Vector } from '../body/vector.ts';
import { blend, type Colour, css, scaled } from './colour.ts';
import { type Easel, pixelsPerMetre, type Rod, seen, towardsCamera, tracePolygon } from './easel.ts';
import { lit } from './light.ts';
import { drawProp } from './props.ts';
import type { Wardrobe } from './wardrobe.ts';

export const handRods = ({ hand, wrist, fingers }: Arm): Rod[] => [
  { from: wrist, to: fingers[2][0], fromRadius: 0.03, toRadius: 0.04 },
  { from: place(hand, [0, 0.06, 0]), to: mix(fingers[1][2], fingers[3][2], 0.5), fromRadius: 0.035, toRadius: 0.025 },
];

/** A palm, five fingers and what they hold, the farthest first. */
export function drawHand(easel: Easel, arm: Arm, { skin }: Wardrobe, prop?: Prop) {
  const { hand, wrist, fingers } = arm;
  const facing = towardsCamera(easel, wrist);
  const inside = dot(hand.front, facing) > 0;
  // What is seen of a hand on its edge faces the camera all the same.
  const outward = unit(plus(times(hand.front, inside ? 1 : -1), facing));
  const base = inside ? blend(skin, [1, 0.75, 0.68], 0.14) : skin;
  const depth = (at: Vector) => seen(easel, at)[2];
  const middle = plus(wrist, times(minus(fingers[2][0], wrist), 0.6));
  const parts: [draw: () => void, depth: number][] = fingers.map(([knuckle, bend, tip], i) => [
    () => drawFinger(easel, [knuckle, bend, tip], i, base, outward),
    // The thumb lies on the palm's side of the fingers.
    depth(mix(bend, tip, 0.3)) - (i === 0 ? 0.004 : 0),
  ]);
  parts.push([() => drawPalm(easel, arm, base, outward), depth(middle) - 0.003]);
  if (prop) parts.push([() => drawProp(easel, prop), depth(plus(middle, times(hand.front, 0.016)))]);
  for (const [draw] of parts.sort((a, b) => b[1] - a[1])) draw();
}

// ---- below: internals ----

/** Of a finger, metres. */
const thickness = [0.02, 0.0178, 0.0182, 0.0172, 0.0152];

function drawPalm(easel: Easel, { hand, fingers }: Arm, skin: Colour, outward: Vector) {
  const [thumb, index, middle, ring, little] = fingers.map(([knuckle]) => knuckle);
  const thumbSide = dot(hand.left, minus(index, little)) > 0 ? 1 : -1;
  const corners = [
    place(hand, [-thumbSide * 0.019, -0.012, 0]),
    little,
    ring,
    middle,
    index,
    thumb,
    place(hand, [thumbSide * 0.019, -0.012, 0]),
  ].map((corner) => seen(easel, corner));
  const wide = 0.017 * pixelsPerMetre(easel, corners[0][2]);
  strokeTwice(easel, () => tracePolygon(easel, corners), wide, skin, css(lit(skin, outward, easel.light)), true);
}

function drawFinger(easel: Easel, joints: readonly Vector[], i: number, skin: Colour, outward: Vector) {
  const { context } = easel;
  const [knuckle, bend, tip] = joints.map((joint) => seen(easel, joint));
  const wide = thickness[i] * pixelsPerMetre(easel, bend[2]);
  // Each finger a little darker or brighter than its neighbour: they stay apart when they touch.
  const shade = scaled(skin, i % 2 === 0 ? 1.03 : 0.97);
  const trace = () => {
    context.moveTo(knuckle[0], knuckle[1]);
    context.lineTo(bend[0], bend[1]);
    context.lineTo(tip[0], tip[1]);
  };
  strokeTwice(easel, trace, wide, skin, css(lit(shade, outward, easel.light)), false);
}

/** A thick line with a darker one around it. */
function strokeTwice(easel: Easel, trace: () => void, wide: number, skin: Colour, fill: string, filled: boolean) {
  const { context, camera } = easel;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.beginPath();
  trace();
  context.lineWidth = wide + Math.max(0.9, 0.0042 * camera.heightPixels);
  context.strokeStyle = css(lit(blend(skin, [0.1, 0.02, 0], 0.5), [0, 0, 1], easel.light), 0.9);
  context.stroke();
  context.lineWidth = wide;
  context.strokeStyle = fill;
  context.stroke();
  if (!filled) return;
  context.fillStyle = fill;
  context.fill();
}
