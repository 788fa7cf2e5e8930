import type { Figure } from '../body/figure.ts';
import { dot, length, minus, mix, place, plus, times, unit, type Vector } from '../body/vector.ts';
import { css, scaled } from './colour.ts';
import { drawRod, type Easel, hull, type Rod, rimOf, seen, towardsCamera, traceRounded } from './easel.ts';
import { type Ellipsoid, silhouette } from './ellipsoid.ts';
import { drawFace } from './face.ts';
import { drawBun, drawHair, drawLock } from './hair.ts';
import { lit } from './light.ts';
import type { Wardrobe } from './wardrobe.ts';

/** What of the head can cover others and be covered. */
export const headRod = ({ head, size: { headHeight: h } }: Figure): Rod => ({
  from: place(head, [0, 0.1 * h, 0]),
  to: place(head, [0, -0.22 * h, 0.03 * h]),
  fromRadius: 0.4 * h,
  toRadius: 0.32 * h,
});

export const neckRod = ({ neck, head, size, chest }: Figure): Rod => {
  const radius = 0.034 + 0.017 * size.girth + 0.02 * (size.shoulderHalf - 0.17);
  return {
    from: plus(neck, plus(times(chest.up, -0.03), times(chest.front, -0.005))),
    to: place(head, [0, -0.2 * size.headHeight, -0.09 * size.headHeight]),
    fromRadius: 1.25 * radius,
    toRadius: radius,
  };
};

/** The neck and the slope from it to the shoulders. */
export function drawNeck(easel: Easel, figure: Figure, { skin }: Wardrobe) {
  drawRod(easel, neckRod(figure), scaled(skin, 0.9));
}

export function drawHead(easel: Easel, figure: Figure, wardrobe: Wardrobe) {
  const skull = skullOf(figure);
  const facing = towardsCamera(easel, figure.head.origin);
  const long = wardrobe.look.hair.style === 'long';
  // What is at the side that turns away is behind the face, what is at the other one before it.
  const isNear = (side: 1 | -1) => side * dot(figure.head.left, facing) > (long ? -0.2 : 0.12);
  const drawSides = (near: boolean) => {
    for (const side of [1, -1] as const) {
      if (isNear(side) !== near) continue;
      if (long) drawLock(easel, figure, side, wardrobe);
      else drawEar(easel, figure, side, wardrobe);
    }
  };
  const bun = wardrobe.look.hair.style === 'bun';
  const bowed = dot(minus(figure.head.up, times(figure.head.front, 0.44)), facing) > 0;
  if (bun && !bowed) drawBun(easel, figure, wardrobe);
  drawSides(false);
  drawSkin(easel, figure, skull, facing, wardrobe);
  drawFace(easel, figure, wardrobe);
  if (long) drawSides(true);
  drawHair(easel, figure, skull, facing, wardrobe);
  if (bun && bowed) drawBun(easel, figure, wardrobe);
  if (!long) drawSides(true);
}

// ---- below: internals ----

/** The skull without the jaw. */
const skullOf = ({ head, size: { headHeight: h } }: Figure): Ellipsoid => ({
  frame: { ...head, origin: place(head, [0, 0.06 * h, -0.01 * h]) },
  half: [0.345 * h, 0.44 * h, 0.425 * h],
});

/** Jaw and chin, in head heights from the middle of the head. */
const jaw: readonly Vector[] = [
  [0.315, -0.12, 0.02],
  [0.285, -0.28, 0.06],
  [0.2, -0.41, 0.2],
  [0.1, -0.495, 0.31],
  [0, -0.505, 0.34],
];

function drawSkin(easel: Easel, { head, size }: Figure, skull: Ellipsoid, facing: Vector, { skin }: Wardrobe) {
  const { context, light, camera } = easel;
  const h = size.headHeight;
  const rim = silhouette(skull, facing).filter(
    (p) => dot(minus(p, skull.frame.origin), head.up) > -0.5 * skull.half[1],
  );
  const chin = jaw.flatMap(([x, y, z]) => [1, -1].map((side) => place(head, [side * x * h, y * h, z * h])));
  context.beginPath();
  traceRounded(easel, hull([...rim, ...chin].map((p) => seen(easel, p))));
  // Shaded like a ball, from the side of the light to the other.
  const raw = minus(light.towards, times(facing, dot(light.towards, facing)));
  const lampSide = length(raw) > 1e-3 ? unit(raw) : camera.frame.up;
  const middle = mix(head.origin, skull.frame.origin, 0.5);
  const from = seen(easel, plus(middle, times(lampSide, 0.44 * h)));
  const to = seen(easel, plus(middle, times(lampSide, -0.46 * h)));
  const shade = context.createLinearGradient(from[0], from[1], to[0], to[1]);
  for (const sine of [0.92, 0.5, 0, -0.5, -0.92]) {
    const normal = plus(times(lampSide, sine), times(facing, Math.sqrt(1 - sine * sine)));
    shade.addColorStop((0.92 - sine) / 1.84, css(lit(skin, normal, light)));
  }
  context.fillStyle = shade;
  rimOf(easel, skin);
  context.fill();
}

function drawEar(easel: Easel, { head, size }: Figure, side: number, { skin }: Wardrobe) {
  const h = size.headHeight;
  const at = (x: number, y: number, z: number) => place(head, [side * x * h, y * h, z * h]);
  const ear = { from: at(0.375, 0.03, -0.06), to: at(0.345, -0.13, -0.02) };
  drawRod(easel, { ...ear, fromRadius: 0.062 * h, toRadius: 0.042 * h }, scaled(skin, 0.92));
  drawRod(easel, { ...ear, fromRadius: 0.03 * h, toRadius: 0.015 * h }, scaled(skin, 0.72), 'none');
}
