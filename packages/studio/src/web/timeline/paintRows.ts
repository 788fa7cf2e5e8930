import type { State } from './state.ts';
import type { TimeLineRow } from './types.ts';

/** The curves above the tiers. Where many values fall on a pixel, the highest shows. */
export function paintRows(context: CanvasRenderingContext2D, state: State): void {
  const { areas, palette } = state;
  state.rows.forEach((row, i) => {
    const { top, height } = areas.rows[i];
    context.fillStyle = palette.panel;
    context.fillRect(0, top, areas.widthPixels, height);
    context.fillStyle = palette.ink2;
    context.globalAlpha = 0.55;
    if (row.values.length > 0) paintCurve(context, state, row, top + 3, height - 6);
    context.globalAlpha = 1;
    context.fillStyle = palette.line;
    context.fillRect(0, top + height - 1, areas.widthPixels, 1);
  });
}

/** The highest value between two moments; between two values, the straight line between them. */
export function peakBetween(values: Float32Array, durationSeconds: number, from: number, to: number): number {
  const perSecond = values.length / durationSeconds;
  const first = Math.max(0, Math.ceil(from * perSecond - 0.5));
  const last = Math.min(values.length - 1, Math.floor(to * perSecond - 0.5));
  if (first > last) return between(values, ((from + to) / 2) * perSecond - 0.5);
  let peak = 0;
  for (let i = first; i <= last; i++) if (values[i] > peak) peak = values[i];
  return peak;
}

// ---- below: internals ----

/** The value at a position between two; the first or the last beyond them. */
function between(values: Float32Array, position: number): number {
  const at = Math.min(values.length - 1, Math.max(0, position));
  const before = Math.floor(at);
  const after = Math.min(values.length - 1, before + 1);
  return values[before] + (values[after] - values[before]) * (at - before);
}

function paintCurve(
  context: CanvasRenderingContext2D,
  { scale }: State,
  row: TimeLineRow,
  top: number,
  height: number,
): void {
  const perPixel = scale.span / scale.width;
  for (let x = 0; x < scale.width; x++) {
    const from = scale.start + x * perPixel;
    const peak = Math.min(1, peakBetween(row.values, scale.duration, from, from + perPixel)) * height;
    const bar = Math.max(0.5, peak);
    context.fillRect(x, row.id === 'sound' ? top + (height - bar) / 2 : top + height - bar, 1, bar);
  }
}
