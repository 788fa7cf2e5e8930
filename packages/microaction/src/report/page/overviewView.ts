import { freshContext } from './canvas.ts';
import { cssColour, mix, parseColour, standingOut } from './colour.ts';
import type { PageState } from './state.ts';

/** The whole video as a strip: every shown instance as a dash in its part's own line, and the window in view. */
export function drawOverview(canvas: HTMLCanvasElement, state: PageState): void {
  const { context, inks, width, height } = freshContext(canvas);
  const { data, scale } = state;
  const toX = (seconds: number) => (seconds / scale.duration) * width;
  const line = (height - 4) / data.bodyParts.length;
  const colours = data.bodyParts.map((part) => cssColour(standingOut(parseColour(part.hue), inks.ground, 2)));
  for (const item of state.shown) {
    const left = toX(item.start);
    context.fillStyle = colours[item.kind.part];
    context.fillRect(left, 2 + item.kind.part * line, Math.max(1.5, toX(item.end) - left), Math.max(1, line - 0.5));
  }
  if (scale.showsAll) return;
  const [left, right] = [toX(scale.start), toX(scale.end)];
  context.fillStyle = cssColour(mix(inks.ground, inks.text, 0.6));
  context.globalAlpha = 0.35;
  context.fillRect(0, 0, left, height);
  context.fillRect(right, 0, width - right, height);
  context.globalAlpha = 1;
  context.strokeStyle = cssColour(inks.text);
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, 0.5, Math.max(2, right - left - 1), height - 1);
}
