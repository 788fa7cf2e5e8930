import { Dice } from '../../dice.ts';
import type { Vector } from '../body/vector.ts';
import { blend, type Colour, css, scaled } from './colour.ts';
import { drawRod, type Easel, pixelsPerMetre, seen, tracePolygon } from './easel.ts';

/** What is behind the person. Lengths in metres. */
export interface Room {
  readonly wall: Colour;
  readonly floor: Colour;
  readonly skirting: boolean;
  /** How far the wall is behind the seat. */
  readonly wallDepth: number;
  /** How dark the picture's corners are, 0 to 1. */
  readonly vignette: number;
  /** Blur of what is behind, in thousandths of the picture's height. */
  readonly defocus: number;
  readonly things: readonly Thing[];
}

/** Something at the wall. */
export interface Thing {
  readonly kind: (typeof kinds)[number];
  /** Of its middle, to the person's left. */
  readonly x: number;
  /** Of its lower edge. */
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly colour: Colour;
  readonly second: Colour;
  /** Of what is drawn in it: books, leaves, panes. */
  readonly seed: number;
}

export function drawRoom(dice: Dice): Room {
  const cluttered = dice.chance(0.6);
  const tone = dice.uniform(0.28, 0.95);
  const tint = (spread: number): Colour => [
    tone * (1 + dice.normal(0, spread)),
    tone * (1 + 0.6 * dice.normal(0, spread)),
    tone * (1 + dice.normal(0, spread)),
  ];
  const strong = dice.chance(0.2);
  const ground = dice.oneOf<Colour>([
    [0.5, 0.38, 0.27],
    [0.63, 0.52, 0.4],
    [0.42, 0.42, 0.43],
    [0.58, 0.56, 0.53],
    [0.3, 0.24, 0.2],
    [0.34, 0.38, 0.44],
  ]);
  return {
    wall: tint(strong ? 0.22 : 0.06),
    floor: scaled(ground, dice.uniform(0.75, 1.2)),
    skirting: dice.chance(0.5),
    wallDepth: dice.uniform(0.5, 2),
    vignette: dice.uniform(0, 0.35),
    defocus: dice.chance(0.5) ? 0 : dice.uniform(1, 6),
    things: cluttered ? drawThings(dice.fork('things')) : [],
  };
}

export function paintRoom(easel: Easel, room: Room) {
  const { context, camera, light } = easel;
  const { widthPixels: width, heightPixels: height } = camera;
  const z = -room.wallDepth;
  const bright = (light.ambient[1] + 0.55 * light.key[1]) * 0.95;
  const tint = (colour: Colour, by = 1): Colour => [
    colour[0] * (light.ambient[0] + 0.55 * light.key[0]) * by,
    colour[1] * bright * by,
    colour[2] * (light.ambient[2] + 0.55 * light.key[2]) * by,
  ];
  const spill = width + height; // past the picture's edges, for a camera that shakes

  const floorLine = seen(easel, [0, 0, z]);
  const floor = context.createLinearGradient(0, floorLine[1], 0, height);
  floor.addColorStop(0, css(tint(room.floor, 0.72)));
  floor.addColorStop(1, css(tint(room.floor)));
  context.fillStyle = floor;
  context.fillRect(-spill, -spill, 3 * spill, 3 * spill);

  const lampLeft = light.towards[0] > 0 ? width : 0;
  const wall = context.createLinearGradient(lampLeft, 0, width - lampLeft, 0.6 * height);
  wall.addColorStop(0, css(tint(room.wall, 1.06)));
  wall.addColorStop(1, css(tint(room.wall, 0.82)));
  fillPanel(easel, -9, 0, 9, 6, z, wall);
  if (room.skirting) fillPanel(easel, -9, 0, 9, 0.09, z, css(tint(blend(room.wall, [1, 1, 1], 0.5), 0.85)));
  for (const thing of room.things) paintThing(easel, thing, z, tint);
}

/** Darkens the corners. */
export function paintVignette({ context, camera }: Easel, { vignette }: Room) {
  const { widthPixels: width, heightPixels: height } = camera;
  const reach = Math.hypot(width, height) / 2;
  const shade = context.createRadialGradient(width / 2, height / 2, 0.45 * reach, width / 2, height / 2, 1.08 * reach);
  shade.addColorStop(0, 'rgba(0,0,0,0)');
  shade.addColorStop(1, `rgba(0,0,0,${vignette.toFixed(3)})`);
  context.fillStyle = shade;
  context.fillRect(-width, -height, 3 * width, 3 * height);
}

// ---- below: internals ----

const kinds = ['shelf', 'picture', 'plant', 'door', 'window', 'desk', 'curtain', 'board', 'lamp', 'radiator'] as const;

function drawThings(dice: Dice): Thing[] {
  const bright = (): Colour => [dice.uniform(0.1, 0.9), dice.uniform(0.1, 0.9), dice.uniform(0.1, 0.9)];
  const calm = (): Colour =>
    dice.oneOf<Colour>([
      [0.9, 0.88, 0.84],
      [0.45, 0.32, 0.22],
      [0.25, 0.2, 0.17],
      [0.7, 0.58, 0.42],
      [0.5, 0.53, 0.56],
      [0.2, 0.22, 0.25],
    ]);
  // From one side to the other, large things beside the person and small ones anywhere.
  const things: Thing[] = [];
  for (let x = -1.9 + dice.uniform(0, 0.5); x < 1.8; ) {
    const kind = dice.oneOf(kinds);
    const [y, width, height] = ((): [number, number, number] => {
      switch (kind) {
        case 'shelf':
          return [dice.chance(0.5) ? 0 : dice.uniform(0.9, 1.3), dice.uniform(0.5, 0.9), dice.uniform(0.7, 1.7)];
        case 'picture':
          return [dice.uniform(0.95, 1.45), dice.uniform(0.25, 0.7), dice.uniform(0.25, 0.6)];
        case 'plant':
          return [0, dice.uniform(0.35, 0.6), dice.uniform(0.6, 1.4)];
        case 'door':
          return [0, dice.uniform(0.8, 0.95), dice.uniform(1.95, 2.1)];
        case 'window':
          return [dice.uniform(0.75, 1), dice.uniform(0.7, 1.3), dice.uniform(0.9, 1.3)];
        case 'desk':
          return [0, dice.uniform(0.8, 1.3), dice.uniform(0.7, 0.76)];
        case 'curtain':
          return [0, dice.uniform(0.3, 0.7), 2.6];
        case 'board':
          return [dice.uniform(0.8, 1.1), dice.uniform(0.9, 1.4), dice.uniform(0.6, 0.9)];
        case 'lamp':
          return [0, dice.uniform(0.28, 0.4), dice.uniform(1.3, 1.7)];
        case 'radiator':
          return [0.12, dice.uniform(0.6, 1.1), 0.6];
      }
    })();
    things.push({
      kind,
      x: x + width / 2,
      y,
      width,
      height,
      colour: calm(),
      second: bright(),
      seed: dice.seedFor('thing', things.length),
    });
    x += width + dice.uniform(0.05, 0.6);
  }
  return things;
}

/** A rectangle of the plane at `z`. */
function fillPanel(
  easel: Easel,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  z: number,
  fill: string | CanvasGradient,
) {
  const corners: Vector[] = [
    [x0, y0, z],
    [x1, y0, z],
    [x1, y1, z],
    [x0, y1, z],
  ];
  easel.context.beginPath();
  tracePolygon(
    easel,
    corners.map((corner) => seen(easel, corner)),
  );
  easel.context.fillStyle = fill;
  easel.context.fill();
}

function paintThing(easel: Easel, thing: Thing, wallZ: number, tint: (colour: Colour, by?: number) => Colour) {
  const { kind, x, y, width, height, colour, second, seed } = thing;
  const dice = new Dice(seed);
  const [left, right, top] = [x - width / 2, x + width / 2, y + height];
  const z = wallZ + 0.02;
  const panel = (x0: number, y0: number, x1: number, y1: number, of: Colour, by = 1, at = z) =>
    fillPanel(easel, x0, y0, x1, y1, at, css(tint(of, by)));
  const rod = (from: Vector, to: Vector, radius: number, of: Colour) =>
    drawRod(easel, { from, to, fromRadius: radius, toRadius: radius }, of);
  const any = (): Colour => [dice.uniform(0.1, 0.9), dice.uniform(0.1, 0.85), dice.uniform(0.1, 0.85)];

  switch (kind) {
    case 'shelf': {
      panel(left, y, right, top, colour, 0.75);
      const boards = Math.max(2, Math.round(height / 0.34));
      for (let row = 0; row < boards; row++) {
        const low = y + (row * height) / boards;
        for (let at = left + 0.03; at < right - 0.06; ) {
          const thick = dice.uniform(0.02, 0.06);
          if (dice.chance(0.85)) panel(at, low + 0.025, at + thick, low + dice.uniform(0.16, 0.27), any(), 0.85);
          at += thick + 0.004;
        }
        panel(left, low, right, low + 0.025, colour, 1.05);
      }
      panel(left, y, left + 0.025, top, colour);
      panel(right - 0.025, y, right, top, colour);
      panel(left, top - 0.025, right, top, colour, 1.1);
      return;
    }
    case 'picture':
      panel(left - 0.012, y - 0.025, right + 0.012, top, [0, 0, 0], 1);
      panel(left, y, right, top, colour);
      panel(left + 0.025, y + 0.025, right - 0.025, top - 0.025, second, 0.95);
      panel(left + 0.025, y + 0.025, right - 0.025, y + 0.4 * height, any(), 0.9);
      panel(left + 0.3 * width, y + 0.2 * height, left + 0.55 * width, y + 0.7 * height, any(), 0.9);
      return;
    case 'plant': {
      const pot = 0.2 * height;
      rod([x, 0.05, z + 0.25], [x, pot, z + 0.25], 0.3 * width, second);
      const green: Colour = [0.16 + 0.12 * dice.uniform(), 0.38 + 0.15 * dice.uniform(), 0.18];
      for (let i = 0; i < 16; i++) {
        const angle = dice.uniform(-1.2, 1.2);
        const reach = dice.uniform(0.4, 1) * (height - pot);
        const tip: Vector = [x + 0.55 * width * Math.sin(angle), pot + reach * Math.cos(0.6 * angle), z + 0.25];
        const root: Vector = [x, pot, z + 0.25];
        rod(root, tip, 0.005, scaled(green, 0.7));
        const inner: Vector = [root[0] + 0.65 * (tip[0] - x), root[1] + 0.7 * (tip[1] - pot), z + 0.25];
        rod(inner, tip, 0.02 + 0.02 * dice.uniform(), scaled(green, dice.uniform(0.75, 1.25)));
      }
      return;
    }
    case 'door':
      panel(left - 0.06, 0, right + 0.06, top + 0.06, blend(colour, [1, 1, 1], 0.35));
      panel(left, 0, right, top, colour);
      for (const [low, high] of [
        [0.1, 0.45],
        [0.55, 0.93],
      ]) {
        panel(left + 0.12, low * top, right - 0.12, high * top, colour, 0.86);
      }
      rod([left + 0.07, 1, z + 0.03], [left + 0.16, 1, z + 0.03], 0.012, [0.7, 0.68, 0.6]);
      return;
    case 'window': {
      const day = dice.uniform(0.55, 1.05);
      panel(left - 0.07, y - 0.07, right + 0.07, top + 0.07, [0.93, 0.92, 0.9]);
      panel(left, y, right, top, [0.72 * day, 0.84 * day, 0.95 * day], 1.1);
      for (let i = 0; i < 3; i++) {
        const from = dice.uniform(left, right - 0.25 * width);
        const until = Math.min(right, from + dice.uniform(0.15, 0.4) * width);
        panel(from, y, until, y + dice.uniform(0.15, 0.5) * height, any(), 0.8 * day);
      }
      panel(x - 0.02, y, x + 0.02, top, [0.93, 0.92, 0.9]);
      panel(left, y + 0.62 * height, right, y + 0.62 * height + 0.03, [0.93, 0.92, 0.9]);
      return;
    }
    case 'desk': {
      panel(left, top - 0.04, right, top, colour, 1, z + 0.3);
      for (const at of [left, right - 0.05]) panel(at, 0, at + 0.05, top - 0.04, colour, 0.75, z + 0.3);
      const screen = left + dice.uniform(0.1, width - 0.6);
      panel(screen + 0.2, top, screen + 0.28, top + 0.12, [0.15, 0.15, 0.16], 1, z + 0.2);
      panel(screen, top + 0.1, screen + 0.5, top + 0.4, [0.1, 0.1, 0.11], 1, z + 0.2);
      if (dice.chance(0.5)) panel(screen + 0.02, top + 0.12, screen + 0.48, top + 0.38, second, 1, z + 0.2);
      return;
    }
    case 'curtain':
      for (let at = left; at < right; at += 0.05) {
        panel(at, y, at + 0.051, top, second, 0.75 + 0.3 * Math.sin(at * 21 + seed) ** 2);
      }
      return;
    case 'board':
      panel(left - 0.03, y - 0.03, right + 0.03, top + 0.03, [0.6, 0.6, 0.62]);
      panel(left, y, right, top, [0.97, 0.97, 0.96]);
      for (let row = 0; row < 6; row++) {
        const level = top - 0.08 - row * 0.09;
        if (level < y + 0.05) break;
        panel(left + 0.06, level, left + dice.uniform(0.2, 0.9) * width, level + 0.014, any(), 0.8);
      }
      return;
    case 'lamp': {
      rod([x, 0.02, z + 0.2], [x, top - 0.2, z + 0.2], 0.012, [0.3, 0.28, 0.26]);
      rod([x - 0.1, 0.01, z + 0.2], [x + 0.1, 0.01, z + 0.2], 0.02, [0.3, 0.28, 0.26]);
      const at = seen(easel, [x, top - 0.12, z + 0.2]);
      const radius = 0.9 * pixelsPerMetre(easel, at[2]);
      const glow = easel.context.createRadialGradient(at[0], at[1], 0, at[0], at[1], radius);
      glow.addColorStop(0, 'rgba(255,235,190,0.5)');
      glow.addColorStop(1, 'rgba(255,235,190,0)');
      easel.context.fillStyle = glow;
      easel.context.fillRect(at[0] - radius, at[1] - radius, 2 * radius, 2 * radius);
      panel(left, top - 0.25, right, top, [1, 0.94, 0.78], 1.15, z + 0.2);
      return;
    }
    case 'radiator':
      panel(left, y, right, top, [0.9, 0.9, 0.88], 0.95);
      for (let at = left + 0.03; at < right - 0.02; at += 0.06)
        panel(at, y + 0.03, at + 0.012, top - 0.03, [0.6, 0.6, 0.6]);
  }
}
