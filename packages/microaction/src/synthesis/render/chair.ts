import type { Dice } from '../../dice.ts';
import { seatedHipHeight } from '../body/figure.ts';
import type { Proportions } from '../body/proportions.ts';
import type { Vector } from '../body/vector.ts';
import { blend, type Colour, css, scaled } from './colour.ts';
import { drawRod, type Easel, rimOf, seen, tracePolygon, traceRounded } from './easel.ts';
import { lit } from './light.ts';

/** What the person sits on. Lengths in metres. */
export interface Chair {
  readonly kind: 'office' | 'wooden' | 'shell' | 'armchair' | 'stool' | 'sofa';
  readonly colour: Colour;
  readonly frame: Colour;
  readonly seatHeight: number;
  readonly seatHalfWidth: number;
  /** Of the back's upper edge over the seat. */
  readonly backHeight: number;
  readonly backHalfWidth: number;
  readonly armrests: boolean;
}

export function drawChair(dice: Dice, size: Proportions): Chair {
  const kind = dice.weighted([
    ['office', 3],
    ['wooden', 3],
    ['shell', 2],
    ['armchair', 2],
    ['stool', 2],
    ['sofa', 1.5],
  ] as const);
  const wood = dice.oneOf<Colour>([
    [0.45, 0.31, 0.2],
    [0.62, 0.45, 0.29],
    [0.27, 0.18, 0.12],
    [0.74, 0.62, 0.46],
  ]);
  const metal = dice.oneOf<Colour>([
    [0.16, 0.16, 0.17],
    [0.55, 0.56, 0.58],
    [0.75, 0.75, 0.74],
  ]);
  const cloth: Colour = [dice.uniform(0.1, 0.75), dice.uniform(0.1, 0.7), dice.uniform(0.1, 0.7)];
  const dull = blend(cloth, scaled([1, 1, 1], (cloth[0] + cloth[1] + cloth[2]) / 3), 0.55);
  const soft = kind === 'armchair' || kind === 'sofa';
  return {
    kind,
    colour: kind === 'wooden' ? wood : dull,
    frame: kind === 'wooden' || soft ? wood : metal,
    seatHeight: seatedHipHeight(size) - 0.09,
    seatHalfWidth: kind === 'sofa' ? 0.75 : kind === 'stool' ? 0.2 : dice.uniform(0.23, 0.28),
    backHeight: soft ? dice.uniform(0.42, 0.62) : dice.uniform(0.4, 0.62),
    backHalfWidth: kind === 'sofa' ? 0.75 : dice.uniform(0.19, 0.25),
    armrests: soft || (kind === 'office' && dice.chance(0.6)) || (kind === 'wooden' && dice.chance(0.2)),
  };
}

/** Draws a chair. All of it is behind the person who sits on it. */
export function paintChair(easel: Easel, chair: Chair) {
  const { kind, colour, frame, seatHeight: y, seatHalfWidth: wide, backHalfWidth, backHeight } = chair;
  const high = y + backHeight;
  const rod = (from: Vector, to: Vector, radius: number, tint = frame) =>
    drawRod(easel, { from, to, fromRadius: radius, toRadius: radius }, tint);
  const cushion = (corners: readonly Vector[], normal: Vector, tint: Colour, round = true) => {
    const { context, light } = easel;
    const points = corners.map((corner) => seen(easel, corner));
    context.beginPath();
    if (round) traceRounded(easel, bevelled(points));
    else tracePolygon(easel, points);
    const [top, bottom] = [Math.min(...points.map((p) => p[1])), Math.max(...points.map((p) => p[1]))];
    const shade = context.createLinearGradient(0, top, 0, bottom);
    shade.addColorStop(0, css(lit(scaled(tint, 1.06), normal, light)));
    shade.addColorStop(1, css(lit(scaled(tint, 0.8), normal, light)));
    context.fillStyle = shade;
    context.fill();
    rimOf(easel, tint);
  };
  const upright = (half: number, from: number, to: number, z: number): Vector[] => [
    [-half, from, z],
    [-half, to, z],
    [half, to, z],
    [half, from, z],
  ];

  // Legs.
  if (kind === 'office') {
    rod([0, y - 0.04, 0.05], [0, 0.1, 0.05], 0.03);
    for (const angle of [0.5, 1.7, 2.9, 4.2, 5.4]) {
      const tip: Vector = [0.3 * Math.sin(angle), 0.05, 0.05 + 0.3 * Math.cos(angle)];
      rod([0, 0.1, 0.05], tip, 0.02);
      rod(tip, [tip[0], 0.025, tip[2]], 0.026, [0.08, 0.08, 0.08]);
    }
  } else if (kind === 'armchair' || kind === 'sofa') {
    cushion(upright(wide + 0.12, 0.08, y, 0.28), [0, 0, 1], scaled(colour, 0.8));
    for (const side of [-1, 1]) rod([side * (wide + 0.06), 0.1, 0.26], [side * (wide + 0.06), 0.01, 0.26], 0.022);
  } else {
    const foot = kind === 'stool' ? 1.25 : 1.02;
    for (const [side, z] of [
      [-1, -0.17],
      [1, -0.17],
      [-1, 0.27],
      [1, 0.27],
    ]) {
      rod([side * (wide - 0.03), y - 0.02, z], [side * (wide - 0.03) * foot, 0.012, z + (z > 0 ? 0.02 : -0.02)], 0.016);
    }
    if (kind !== 'shell') rod([-wide, 0.45 * y, -0.17], [wide, 0.45 * y, -0.17], 0.011);
  }

  // Back.
  const back = -0.2;
  if (kind === 'wooden') {
    for (const side of [-1, 1]) {
      rod([side * backHalfWidth, y, back + 0.03], [side * backHalfWidth, high, back - 0.04], 0.018);
    }
    for (const share of [0.35, 0.65, 0.95]) {
      const level = y + share * backHeight;
      cushion(upright(backHalfWidth, level - 0.045, level, back - 0.03), [0, 0, 1], colour, false);
    }
  } else if (kind !== 'stool') {
    if (kind === 'office') rod([0, y, back], [0, y + 0.2, back - 0.03], 0.03);
    const gap = kind === 'office' ? 0.1 : 0;
    cushion(upright(backHalfWidth, y + gap, high, back), [0, 0.1, 1], colour);
    if (kind === 'sofa') rod([0, y, back + 0.01], [0, high - 0.05, back + 0.01], 0.004, scaled(colour, 0.5));
  }

  // Seat.
  const deep = kind === 'stool' ? 0.2 : 0.3;
  cushion(
    [
      [-wide, y, -0.2],
      [wide, y, -0.2],
      [wide, y, deep],
      [-wide, y, deep],
    ],
    [0, 1, 0],
    colour,
    kind !== 'wooden',
  );
  cushion(upright(wide, y - (kind === 'wooden' ? 0.035 : 0.06), y + 0.004, deep), [0, 0, 1], scaled(colour, 0.85));

  if (chair.armrests) {
    const soft = kind === 'armchair' || kind === 'sofa';
    for (const side of [-1, 1]) {
      const x = side * (wide + (soft ? 0.07 : 0.03));
      if (soft) {
        cushion(
          upright(0.075, 0.1, y + 0.2, 0.28).map(([dx, up, z]): Vector => [x + dx, up, z]),
          [0, 0, 1],
          colour,
        );
      } else {
        rod([x, y, 0.05], [x, y + 0.21, 0.08], 0.016);
        rod([x, y + 0.22, -0.15], [x, y + 0.22, 0.19], 0.023, scaled(frame, 0.8));
      }
    }
  }
}

// ---- below: internals ----

type Flat = readonly [number, number, ...number[]];

/** A polygon with two points near each corner: rounded off by `traceRounded` it keeps straight sides. */
function bevelled(corners: readonly Flat[]): [number, number][] {
  const n = corners.length;
  return corners.flatMap((corner, i) => {
    const towards = (other: Flat): [number, number] => [
      corner[0] + 0.14 * (other[0] - corner[0]),
      corner[1] + 0.14 * (other[1] - corner[1]),
    ];
    return [
      towards(corners[(i + n - 1) % n]),
      [corner[0], corner[1]] as [number, number],
      towards(corners[(i + 1) % n]),
    ];
  });
}
