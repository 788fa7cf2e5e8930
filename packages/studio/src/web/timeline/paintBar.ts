import type { BarColours } from './palette.ts';
import type { State } from './state.ts';
import type { TimeLineInstance } from './types.ts';

/** A bar's place on the canvas, in CSS pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** No bar is narrower, that one can see and catch it. */
export const leastBarPixels = 2;

/** One instance: its state in fill and outline, its name in whatever room there is. */
export function paintBar(
  context: CanvasRenderingContext2D,
  state: State,
  instance: TimeLineInstance,
  part: number,
  box: Box,
): void {
  const { left, top, width, height } = box;
  const colours = barColours(state, instance, part);
  if (instance.state === 'coded' || width <= leastDottedPixels) {
    // Two filled boxes are far quicker than an outline.
    context.fillStyle = colours.edge;
    context.fillRect(left, top, width, height);
    context.fillStyle = colours.fill;
    context.fillRect(left + 1, top + 1, Math.max(1, width - 2), height - 2);
  } else {
    context.fillStyle = colours.fill;
    context.fillRect(left, top, width, height);
    context.strokeStyle = colours.edge;
    context.setLineDash(dots);
    context.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
    context.setLineDash(none);
  }
  const ink = instance.state === 'rejected' ? state.palette.ink2 : colours.ink;
  const signs = paintSigns(context, instance, box, ink);
  paintLabel(context, state, instance, box, signs, ink);
  if (instance.state === 'rejected') {
    context.fillStyle = state.palette.ink2;
    context.fillRect(left, top + Math.floor(height / 2), width, 1);
  }
}

// ---- below: internals ----

/** Narrower ones have no room for dots. */
const leastDottedPixels = 12;
const dots = [2, 2];
const none: number[] = [];
const labelPadding = 4;
const leastLabelPixels = 16;
const signPixels = 10;
const diamond = [
  [0, -1],
  [1, 0],
  [0, 1],
  [-1, 0],
] as const;

function barColours({ palette }: State, instance: TimeLineInstance, part: number): BarColours {
  const colours = palette.parts[Math.min(part, palette.parts.length - 1)];
  if (instance.state === 'coded') return colours.coded;
  if (instance.state === 'rejected') return colours.rejected;
  const score = Math.min(1, Math.max(0, instance.score ?? 0.5));
  return colours.proposed[Math.round(score * 10)];
}

/** A diamond for a dispute, a dot for comments, at the right. @returns the room they take, in pixels */
function paintSigns(context: CanvasRenderingContext2D, instance: TimeLineInstance, box: Box, ink: string): number {
  const middle = box.top + box.height / 2;
  let x = box.left + box.width - signPixels / 2 - 2;
  context.fillStyle = ink;
  for (const [shown, radius, isDiamond] of [
    [(instance.comments ?? 0) > 0, 2.5, false],
    [instance.disputed === true, 4, true],
  ] as const) {
    if (!shown || x - signPixels / 2 < box.left) continue;
    context.beginPath();
    if (isDiamond) {
      for (const [across, down] of diamond) context.lineTo(x + across * radius, middle + down * radius);
    } else context.arc(x, middle, radius, 0, 2 * Math.PI);
    context.fill();
    x -= signPixels;
  }
  return box.left + box.width - signPixels / 2 - 2 - x;
}

/** The name, its beginning, or the code; at the left of what is in view of the bar. */
function paintLabel(
  context: CanvasRenderingContext2D,
  state: State,
  instance: TimeLineInstance,
  box: Box,
  signsPixels: number,
  ink: string,
): void {
  const { fitter, codes, scale } = state;
  const from = Math.max(box.left, 0) + labelPadding;
  const to = Math.min(box.left + box.width, scale.width) - signsPixels - 2;
  if (to - from < leastLabelPixels - labelPadding || box.height < 11) return;
  const text = fitter.fit(state.titleOf(instance.action), to - from, 4) || codes.get(instance.action) || '';
  if (text === '' || fitter.width(text) > to - from) return;
  context.fillStyle = ink;
  context.fillText(text, from, box.top + box.height / 2 + 0.5);
}
