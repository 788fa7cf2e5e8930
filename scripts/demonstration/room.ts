import { type Vector, world } from '../../packages/microaction/src/synthesis/body/vector.ts';
import { blend, box, type Colour, colour, limb, type Paint, type Shadow, type Solid } from './solids.ts';

const wallMetres = -1;
const wall = colour('#cfd3c6');
const wallBelow = colour('#bfc4b6');
const skirting = colour('#f0ede4');
const floor = colour('#c9b79f');
const rug = colour('#8d9aa6');
const rugRim = colour('#a9b4bc');

const wood: Paint = { colour: colour('#a9713f'), gloss: 0.3, softness: 0.2 };

/** What is seen of the room where nothing stands before it. */
export function backdrop(eye: Vector, direction: Vector, shadows: readonly Shadow[]): Colour {
  const toWall = (wallMetres - eye[2]) / direction[2];
  const height = eye[1] + direction[1] * toWall;
  const aside = eye[0] + direction[0] * toWall;
  if (height >= 0) return onWall(aside, height);
  const toFloor = -eye[1] / direction[1];
  return onFloor(eye[0] + direction[0] * toFloor, eye[2] + direction[2] * toFloor, shadows);
}

export const chair: Solid[] = [
  {
    melt: 0.006,
    shapes: [
      box(wood, { ...world, origin: [0, 0.425, -0.02] }, [0.225, 0.02, 0.215], 0.018),
      box(wood, { ...world, origin: [0, 0.9, -0.26] }, [0.205, 0.06, 0.012], 0.012),
      box(wood, { ...world, origin: [0, 0.73, -0.25] }, [0.2, 0.025, 0.012], 0.012),
      ...([-1, 1] as const).flatMap((side) => [
        limb(wood, [side * 0.2, 0.42, 0.165], [side * 0.215, 0.01, 0.19], 0.02, 0.014),
        limb(wood, [side * 0.195, 0.42, -0.2], [side * 0.215, 0.01, -0.27], 0.02, 0.014),
        limb(wood, [side * 0.2, 0.42, -0.215], [side * 0.2, 0.955, -0.265], 0.019, 0.016),
      ]),
    ],
  },
];

export const chairShadows: Shadow[] = [{ x: 0.03, z: 0, radius: 0.3, strength: 0.5 }];

// ---- below: internals ----

function onWall(x: number, y: number): Colour {
  // Daylight from a window on the left, and the corner with the floor a little darker.
  const glow = 1.02 - 0.16 * smooth(-1.2, 1.4, x) - 0.1 * (1 - smooth(0, 0.5, y));
  const behind = 1 - 0.1 * Math.exp(-(((x - 0.2) / 0.4) ** 2) - ((y - 0.75) / 0.6) ** 2);
  const base = y < 0.085 ? skirting : blend(wallBelow, wall, smooth(0, 1.6, y));
  const line = y > 0.082 && y < 0.088 ? 0.86 : 1;
  return shaded(base, glow * behind * line);
}

function onFloor(x: number, z: number, shadows: readonly Shadow[]): Colour {
  const fromMiddle = Math.hypot(x, z - 0.2) / 0.85;
  const rim = smooth(0.9, 0.91, fromMiddle) * (1 - smooth(0.95, 0.96, fromMiddle));
  const cloth = blend(rug, rugRim, rim);
  const base = blend(cloth, floor, smooth(0.995, 1.005, fromMiddle));
  let open = 1;
  for (const { x: sx, z: sz, radius, strength } of shadows) {
    const d = ((x - sx) ** 2 + (z - sz) ** 2) / (radius * radius);
    if (d < 6) open *= 1 - strength * Math.exp(-d);
  }
  const corner = 0.85 + 0.15 * smooth(wallMetres, wallMetres + 0.5, z);
  return shaded(base, open * corner * (0.98 - 0.12 * smooth(-1, 1, x)));
}

const shaded = (base: Colour, light: number): Colour => [base[0] * light, base[1] * light, base[2] * light];

/** From 0 at `from` to 1 at `to`. */
function smooth(from: number, to: number, value: number): number {
  const u = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return u * u * (3 - 2 * u);
}
