import type { Figure } from '../body/figure.ts';
import type { Frame } from '../body/vector.ts';
import { minus, mix, place, plus, times, type Vector } from '../body/vector.ts';
import { blend, type Colour, css } from './colour.ts';
import { acrossRound, type Easel, type Point, pixelsPerMetre, rimPixels, seen, traceRounded } from './easel.ts';
import type { Wardrobe } from './wardrobe.ts';

/** A cross-section of the trunk: an ellipse around a place of the spine. */
export interface Section {
  readonly frame: Frame;
  readonly halfWidth: number;
  readonly halfDepth: number;
}

/** From the seat up to the collar. */
export function trunkSections({ size, pelvis, waist, chest }: Figure): Section[] {
  const { girth, hipHalf, shoulderHalf, upperTrunk } = size;
  const up = (frame: Frame, by: number): Frame => ({ ...frame, origin: place(frame, [0, by, 0]) });
  const hips = 0.085 + 0.075 * girth * (hipHalf / 0.085);
  const belly = 0.085 + 0.06 * girth;
  return [
    { frame: up(pelvis, -0.09), halfWidth: 0.96 * hips, halfDepth: 0.11 * girth },
    { frame: up(pelvis, 0.02), halfWidth: hips, halfDepth: 0.12 * girth },
    { frame: waist, halfWidth: belly, halfDepth: 0.105 * girth },
    { frame: up(chest, 0.35 * upperTrunk), halfWidth: 0.5 * (belly + 0.88 * shoulderHalf), halfDepth: 0.112 * girth },
    { frame: up(chest, 0.62 * upperTrunk), halfWidth: 0.93 * shoulderHalf, halfDepth: 0.115 * girth },
    { frame: up(chest, 0.84 * upperTrunk), halfWidth: 0.97 * shoulderHalf, halfDepth: 0.085 * girth },
  ];
}

/** A place on the cloth: `around` -1 is the person's right side, 0 the front, 1 the left side. */
export function onTrunk({ frame, halfWidth, halfDepth }: Section, around: number): Vector {
  const angle = (around * Math.PI) / 2;
  return place(frame, [halfWidth * Math.sin(angle), 0, halfDepth * Math.cos(angle)]);
}

export function drawTrunk(easel: Easel, figure: Figure, wardrobe: Wardrobe) {
  const { context } = easel;
  const sections = trunkSections(figure);
  const corners = outline(easel, figure, sections);
  context.save();
  context.beginPath();
  traceRounded(easel, corners);
  const middle = sections[3].frame.origin;
  context.fillStyle = acrossRound(easel, middle, figure.chest.up, figure.size.shoulderHalf, wardrobe.top);
  context.fill();
  context.clip();
  drawPattern(easel, sections, wardrobe);
  drawFolds(easel, sections, wardrobe.top);
  context.restore();
  context.beginPath();
  traceRounded(easel, corners);
  context.lineWidth = rimPixels(easel);
  context.strokeStyle = css(blend(wardrobe.top, [0, 0, 0], 0.75), 0.3);
  context.stroke();
}

// ---- below: internals ----

/** The cloth's outline in the picture: up the left side, over the shoulders, down the right side. */
function outline(easel: Easel, figure: Figure, sections: readonly Section[]): Point[] {
  const sides = sections.map((section) => edges(easel, section));
  const shoulders = figure.shoulders;
  const neckHalf = 0.062 * figure.size.girth ** 0.5;
  const cap = (side: 'left' | 'right'): Point[] => {
    const joint = shoulders[side];
    const root = place(figure.chest, [(side === 'left' ? 1 : -1) * neckHalf, 1.02 * figure.size.upperTrunk, 0.0]);
    const top = plus(joint, times(figure.chest.up, 0.05));
    return [top, mix(top, root, 0.55), root].map((at) => seen(easel, at).slice(0, 2) as unknown as Point);
  };
  return [
    ...sides.map(([left]) => left),
    ...cap('left'),
    ...cap('right').reverse(),
    ...sides.map(([, right]) => right).reverse(),
  ];
}

/** Where a cross-section ends in the picture, at the person's left and right. */
function edges(easel: Easel, { frame, halfWidth, halfDepth }: Section): [left: Point, right: Point] {
  const { left, up } = easel.camera.frame;
  const along = (v: Vector): Point => [
    v[0] * left[0] + v[1] * left[1] + v[2] * left[2],
    -(v[0] * up[0] + v[1] * up[1] + v[2] * up[2]),
  ];
  const centre = seen(easel, frame.origin);
  const scale = pixelsPerMetre(easel, centre[2]);
  const [ux, uy] = along(frame.up);
  const tall = Math.hypot(ux, uy) || 1;
  const across: Point = [-uy / tall, ux / tall];
  const reach = (v: Vector) => {
    const [x, y] = along(v);
    return x * across[0] + y * across[1];
  };
  const half = scale * Math.hypot(halfWidth * reach(frame.left), halfDepth * reach(frame.front));
  const sign = Math.sign(reach(frame.left)) || 1;
  return [
    [centre[0] + sign * half * across[0], centre[1] + sign * half * across[1]],
    [centre[0] - sign * half * across[0], centre[1] - sign * half * across[1]],
  ];
}

function drawPattern(easel: Easel, sections: readonly Section[], { topPattern, topSecond }: Wardrobe) {
  if (topPattern === 'plain') return;
  const { context } = easel;
  const scale = pixelsPerMetre(easel, seen(easel, sections[3].frame.origin)[2]);
  context.strokeStyle = css(topSecond, topPattern === 'check' ? 0.55 : 0.85);
  context.fillStyle = css(topSecond, 0.9);
  if (topPattern === 'print') {
    context.beginPath();
    const at = between(sections, 3.3);
    const corners = [
      onTrunk(between(sections, 3.9), -0.42),
      onTrunk(between(sections, 4.1), 0),
      onTrunk(between(sections, 3.9), 0.42),
      onTrunk(at, 0.5),
      onTrunk(between(sections, 2.7), 0),
      onTrunk(at, -0.5),
    ];
    traceRounded(
      easel,
      corners.map((corner) => seen(easel, corner)),
    );
    context.fill();
    return;
  }
  context.lineWidth = 0.022 * scale;
  context.beginPath();
  for (let level = 0.5; level < 5.2; level += 0.42) {
    const section = between(sections, level);
    for (let i = 0; i <= 8; i++) {
      const [x, y] = seen(easel, onTrunk(section, i / 4 - 1));
      if (i === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
  }
  if (topPattern === 'check') {
    for (let around = -0.8; around < 0.9; around += 0.2) {
      sections.forEach((section, i) => {
        const [x, y] = seen(easel, onTrunk(section, around));
        if (i === 0) context.moveTo(x, y);
        else context.lineTo(x, y);
      });
    }
  }
  context.stroke();
}

/** Creases over the belly and a shade towards the lap. */
function drawFolds(easel: Easel, sections: readonly Section[], colour: Colour) {
  const { context } = easel;
  const low = seen(easel, onTrunk(sections[0], 0));
  const high = seen(easel, onTrunk(sections[3], 0));
  const shade = context.createLinearGradient(low[0], low[1], high[0], high[1]);
  shade.addColorStop(0, 'rgba(0,0,0,0.42)');
  shade.addColorStop(1, 'rgba(0,0,0,0)');
  context.fillStyle = shade;
  context.fillRect(0, 0, easel.camera.widthPixels, easel.camera.heightPixels);
  const scale = pixelsPerMetre(easel, low[2]);
  context.lineWidth = 0.012 * scale;
  context.strokeStyle = css(blend(colour, [0, 0, 0], 0.6), 0.28);
  context.lineCap = 'round';
  context.beginPath();
  for (const [level, from, to, drop] of [
    [1.6, -0.75, 0.1, -0.18],
    [2.1, 0.75, 0.05, -0.22],
    [4.3, -0.8, -0.5, -0.5],
    [4.3, 0.8, 0.5, -0.5],
  ]) {
    const a = seen(easel, onTrunk(between(sections, level), from));
    const b = seen(easel, onTrunk(between(sections, level + drop), to));
    const c = seen(easel, onTrunk(between(sections, level + 0.8 * drop), (from + to) / 2));
    context.moveTo(a[0], a[1]);
    context.quadraticCurveTo(c[0], c[1], b[0], b[1]);
  }
  context.stroke();
}

/** A cross-section between two, by a fractional index. */
function between(sections: readonly Section[], level: number): Section {
  const i = Math.max(0, Math.min(sections.length - 2, Math.floor(level)));
  const [a, b] = [sections[i], sections[i + 1]];
  const share = level - i;
  return {
    frame: { ...a.frame, origin: mix(a.frame.origin, b.frame.origin, share) },
    halfWidth: a.halfWidth + (b.halfWidth - a.halfWidth) * share,
    halfDepth: a.halfDepth + (b.halfDepth - a.halfDepth) * share,
  };
}
