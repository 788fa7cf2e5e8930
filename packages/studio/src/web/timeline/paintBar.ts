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
  context.fillStyle = colours.fill;
  context.fillRect(left, top, width, height);
  if (width >= 4) {
    context.strokeStyle = colours.edge;
    const dotted = instance.state !== 'coded';
    if (dotted) context.setLineDash(width > 12 ? dots : shortDots);
    context.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
    if (dotted) context.setLineDash(none);
  } else {
    context.fillStyle = colours.edge;
    context.fillRect(left, top, 1, height);
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

const dots = [2, 2];
const shortDots = [1, 1];
const none: number[] = [];
const labelPadding = 4;
const leastLabelPixels = 16;

function barColours({ palette }: State, instance: TimeLineInstance, part: number): BarColours {
  const colours = palette.parts[Math.min(part, palette.parts.length - 1)];
  if (instance.state === 'coded') return colours.coded;
  if (instance.state === 'rejected') return colours.rejected;
  const score = Math.min(1, Math.max(0, instance.score ?? 0.5));
  return colours.proposed[Math.round(score * 10)];
}

/** A corner for a dispute, a dot for comments. Gives the room they take at the right, in pixels. */
function paintSigns(context: CanvasRenderingContext2D, instance: TimeLineInstance, box: Box, ink: string): number {
  const right = box.left + box.width;
  if (instance.disputed && box.width >= 6) {
    const size = Math.min(8, box.width - 2);
    context.fillStyle = ink;
    context.beginPath();
    context.moveTo(right - size, box.top);
    context.lineTo(right, box.top);
    context.lineTo(right, box.top + size);
    context.fill();
  }
  if (!instance.comments || box.width < 14) return 0;
  context.fillStyle = ink;
  context.beginPath();
  context.arc(right - 7, box.top + box.height / 2 + (instance.disputed ? 2 : 0), 2.5, 0, 2 * Math.PI);
  context.fill();
  return 10;
}

/** The name, its beginning, or the code; at the left of what is in view of the bar. */
function paintLabel(
  context: CanvasRenderingContext2D,
  { fitter, texts, codes, scale }: State,
  instance: TimeLineInstance,
  box: Box,
  signsPixels: number,
  ink: string,
): void {
  const from = Math.max(box.left, 0) + labelPadding;
  const to = Math.min(box.left + box.width, scale.width) - signsPixels - 2;
  if (to - from < leastLabelPixels - labelPadding || box.height < 11) return;
  const text = fitter.fit(texts.actionTitle(instance.action), to - from, 4) || codes.get(instance.action) || '';
  if (text === '' || fitter.width(text) > to - from) return;
  context.fillStyle = ink;
  context.fillText(text, from, box.top + box.height / 2 + 0.5);
}
