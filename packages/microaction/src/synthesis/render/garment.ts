import type { Figure } from '../body/figure.ts';
import { dot, mix, place, type Vector } from '../body/vector.ts';
import { type Colour, css, scaled } from './colour.ts';
import {
  acrossRound,
  type Easel,
  pixelsPerMetre,
  rimOf,
  rimPixels,
  seen,
  tracePolygon,
  traceRounded,
} from './easel.ts';
import { lit } from './light.ts';
import { onSection, type Section } from './trunk.ts';
import type { Wardrobe } from './wardrobe.ts';

/**
 * Pattern, folds and neckline of the upper garment, on the front of the trunk. They turn and bend with it. The
 * picture must be clipped to the trunk.
 */
export function drawGarment(easel: Easel, figure: Figure, sections: readonly Section[], wardrobe: Wardrobe) {
  const cloth: Cloth = { easel, figure, sections, wardrobe };
  const { pattern, cut } = wardrobe.look.top;
  if (cut === 'jacket') drawInner(cloth);
  else if (pattern === 'print') drawPrint(cloth);
  else if (pattern !== 'plain') drawStripes(cloth, pattern === 'check');
  drawFolds(cloth);
}

/** The skin above the neckline, and a collar. */
export function drawNeckline(easel: Easel, figure: Figure, sections: readonly Section[], wardrobe: Wardrobe) {
  const cloth: Cloth = { easel, figure, sections, wardrobe };
  drawThroat(cloth);
  if (wardrobe.look.top.cut === 'collar') drawCollar(cloth);
}

// ---- below: internals ----

interface Cloth {
  readonly easel: Easel;
  readonly figure: Figure;
  readonly sections: readonly Section[];
  readonly wardrobe: Wardrobe;
}

/** On the cloth: `level` counts sections from the seat up, `around` is -1 at the right side, 0 in front, 1 at the left. */
function on({ easel, sections }: Cloth, level: number, around: number) {
  const i = Math.max(0, Math.min(sections.length - 2, Math.floor(level)));
  const [a, b] = [sections[i], sections[i + 1]];
  return seen(easel, mix(onSection(a, around), onSection(b, around), level - i));
}

/** On the breast: metres to the left and to the front, and a share of the chest's height. */
const onBreast = ({ easel, figure: { chest, size } }: Cloth, [x, y, z]: Vector) =>
  seen(easel, place(chest, [x, y * size.upperTrunk, z * (0.5 + 0.5 * size.girth)]));

const pixels = ({ easel, figure }: Cloth) => pixelsPerMetre(easel, seen(easel, figure.chest.origin)[2]);

function acrossTrunk({ easel, figure: { chest, size }, sections }: Cloth, colour: Colour) {
  return acrossRound(easel, sections[3].frame.origin, chest.up, 1.05 * size.shoulderHalf, colour);
}

/** Draws lines, each through places on the cloth. */
function drawLines({ easel: { context } }: Cloth, lines: readonly (readonly (readonly [number, number, number])[])[]) {
  context.lineCap = 'round';
  context.beginPath();
  for (const line of lines) {
    context.moveTo(line[0][0], line[0][1]);
    for (let i = 1; i < line.length; i++) context.lineTo(line[i][0], line[i][1]);
  }
  context.stroke();
}

function drawStripes(cloth: Cloth, checked: boolean) {
  const { context } = cloth.easel;
  context.strokeStyle = acrossTrunk(cloth, cloth.wardrobe.topSecond);
  context.globalAlpha = checked ? 0.6 : 0.9;
  context.lineWidth = (checked ? 0.012 : 0.02) * pixels(cloth);
  const arounds = [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1];
  const levels = Array.from({ length: 11 }, (_, i) => 0.4 + 0.46 * i);
  drawLines(
    cloth,
    levels.map((level) => arounds.map((around) => on(cloth, level, around))),
  );
  if (checked) {
    drawLines(
      cloth,
      [-0.85, -0.64, -0.43, -0.22, 0, 0.22, 0.43, 0.64, 0.85].map((around) =>
        cloth.sections.map((_, level) => on(cloth, level, around)),
      ),
    );
  }
  context.globalAlpha = 1;
}

function drawPrint(cloth: Cloth) {
  const { context } = cloth.easel;
  const corners = [
    [4.25, -0.36],
    [4.25, 0.36],
    [3.2, 0.4],
    [3.2, -0.4],
  ].map(([level, around]) => on(cloth, level, around));
  context.beginPath();
  tracePolygon(cloth.easel, corners);
  context.fillStyle = acrossTrunk(cloth, cloth.wardrobe.topSecond);
  context.fill();
}

/** What an open jacket shows. */
function drawInner(cloth: Cloth) {
  const { easel, wardrobe } = cloth;
  const { context } = easel;
  const opening = [0.34, 0.26, 0.17, 0.2, 0.28, 0.32];
  const edge = (side: number) => opening.map((around, level) => on(cloth, level, side * around));
  const necks = [-1, 1].map((side) => onBreast(cloth, [side * 0.075, 1.1, 0]));
  context.beginPath();
  tracePolygon(easel, [...edge(-1), necks[0], necks[1], ...edge(1).reverse()]);
  context.fillStyle = acrossTrunk(cloth, wardrobe.topSecond);
  context.fill();
  rimOf(easel, scaled(wardrobe.top, 0.5));
  for (const side of [-1, 1]) {
    context.beginPath();
    tracePolygon(easel, [
      on(cloth, 2.7, side * 0.19),
      on(cloth, 4.3, side * 0.52),
      on(cloth, 4.6, side * 0.38),
      onBreast(cloth, [side * 0.1, 1.04, 0.02]),
      onBreast(cloth, [side * 0.065, 1.06, 0.03]),
      on(cloth, 4.6, side * 0.26),
    ]);
    context.fillStyle = acrossTrunk(cloth, scaled(wardrobe.top, 1.12));
    context.fill();
    rimOf(easel, wardrobe.top);
  }
}

/** A shade towards the lap, creases over the belly and from the armpits. */
function drawFolds(cloth: Cloth) {
  const { easel, wardrobe } = cloth;
  const { context, camera } = easel;
  const [low, high] = [on(cloth, 0.6, 0), on(cloth, 2.8, 0)];
  const shade = context.createLinearGradient(low[0], low[1], high[0], high[1]);
  shade.addColorStop(0, 'rgba(0,0,0,0.4)');
  shade.addColorStop(1, 'rgba(0,0,0,0)');
  context.fillStyle = shade;
  context.fillRect(0, 0, camera.widthPixels, camera.heightPixels);
  context.lineWidth = 0.013 * pixels(cloth);
  context.strokeStyle = css(scaled(wardrobe.top, 0.3), 0.2);
  const crease = (points: readonly (readonly [level: number, around: number])[]) =>
    points.map(([level, around]) => on(cloth, level, around));
  drawLines(cloth, [
    crease([
      [1.75, -0.8],
      [1.6, -0.4],
      [1.62, 0.05],
    ]),
    crease([
      [2.25, 0.8],
      [2.05, 0.45],
      [2.05, 0.1],
    ]),
    crease([
      [4.4, -0.8],
      [4.05, -0.62],
      [3.75, -0.52],
    ]),
    crease([
      [4.4, 0.8],
      [4.05, 0.62],
      [3.75, 0.52],
    ]),
  ]);
}

function drawThroat(cloth: Cloth) {
  const { easel, figure, wardrobe } = cloth;
  const { context, light } = easel;
  const { cut } = wardrobe.look.top;
  const tip: Vector = cut === 'vee' ? [0, 0.76, 0.11] : cut === 'collar' ? [0, 0.87, 0.1] : [0, 0.93, 0.085];
  const half: Vector[] = [
    [0.036, 1.14, 0.02],
    [0.062, 1.075, 0.005],
    cut === 'round' || cut === 'jacket' ? [0.045, 0.955, 0.07] : [0.033, 0.94, 0.08],
  ];
  const mirrored = half.map(([x, y, z]): Vector => [-x, y, z]).reverse();
  const corners = [...half, tip, tip, ...mirrored].map((at) => onBreast(cloth, at));
  context.beginPath();
  traceRounded(easel, corners);
  const normal: Vector = dot(figure.chest.front, light.towards) > 0 ? figure.chest.front : figure.chest.up;
  context.fillStyle = css(lit(scaled(wardrobe.skin, 0.93), normal, light));
  context.fill();
  context.lineWidth = 1.4 * rimPixels(easel);
  context.strokeStyle = css(scaled(cut === 'jacket' ? wardrobe.topSecond : wardrobe.top, 0.4), 0.6);
  context.beginPath();
  const edge = corners.slice(1, -1);
  context.moveTo(edge[0][0], edge[0][1]);
  for (let i = 1; i < edge.length - 1; i++) {
    const [a, b] = [edge[i], edge[i + 1]];
    context.quadraticCurveTo(a[0], a[1], (a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
  }
  context.lineTo(edge[edge.length - 1][0], edge[edge.length - 1][1]);
  context.stroke();
}

/** Two flaps and a row of buttons. */
function drawCollar(cloth: Cloth) {
  const { easel, wardrobe } = cloth;
  const { context, light } = easel;
  context.lineWidth = 0.006 * pixels(cloth);
  context.strokeStyle = css(scaled(wardrobe.top, 0.35), 0.5);
  drawLines(cloth, [[4.85, 4, 3, 2, 1, 0.3].map((level) => on(cloth, level, 0.03))]);
  context.fillStyle = css(lit(wardrobe.topSecond, [0, 0, 1], light));
  context.beginPath();
  for (const level of [4.4, 3.6, 2.8, 2, 1.2]) {
    const [x, y] = on(cloth, level, 0);
    const radius = 0.0065 * pixels(cloth);
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }
  context.fill();
  for (const side of [-1, 1]) {
    const flap: Vector[] = [
      [side * 0.07, 1.13, -0.01],
      [side * 0.012, 0.885, 0.1],
      [side * 0.055, 0.8, 0.1],
      [side * 0.105, 0.97, 0.05],
    ];
    context.beginPath();
    tracePolygon(
      easel,
      flap.map((at) => onBreast(cloth, at)),
    );
    context.fillStyle = acrossTrunk(cloth, scaled(wardrobe.top, 1.1));
    rimOf(easel, wardrobe.top);
    context.fill();
  }
}
