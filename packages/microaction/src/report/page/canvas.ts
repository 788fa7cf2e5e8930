import { type Colour, parseColour } from './colour.ts';

/** The theme's colours, as the style sheet gives them to a canvas. */
export interface Inks {
  readonly text: Colour;
  readonly ground: Colour;
  readonly line: Colour;
  readonly faint: Colour;
}

export const canvasFont = '11px system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** A context in CSS pixels, cleared, sized to the element; and the theme's colours. */
export function freshContext(canvas: HTMLCanvasElement): {
  context: CanvasRenderingContext2D;
  inks: Inks;
  width: number;
  height: number;
} {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = canvasFont;
  context.textBaseline = 'middle';
  const style = getComputedStyle(canvas);
  const inks = {
    text: parseColour(style.color),
    ground: parseColour(style.backgroundColor),
    line: parseColour(style.borderTopColor),
    faint: parseColour(style.caretColor),
  };
  return { context, inks, width, height };
}
