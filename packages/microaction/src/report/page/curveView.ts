import { freshContext } from './canvas.ts';
import { cssColour, mix, parseColour, standingOut } from './colour.ts';
import type { Curve, PageState } from './state.ts';

/** Position of the last of the increasing times that is not after a moment; -1 when all are. */
export function lastAtOrBefore(times: ArrayLike<number>, seconds: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= seconds) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The range that a curve is drawn in: its middle 99 in 100, and all of what is selected. */
export function curveRange(values: ArrayLike<number>, first: number, last: number): { low: number; high: number } {
  const known = Array.from(values)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  if (known.length === 0) return { low: 0, high: 1 };
  let low = known[Math.floor((known.length - 1) * 0.005)];
  let high = known[Math.ceil((known.length - 1) * 0.995)];
  for (let i = Math.max(0, first); i <= last && i < values.length; i++) {
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  const margin = (high - low) * 0.08 || Math.abs(high) * 0.1 || 1;
  return { low: low - margin, high: high + margin };
}

/** The measured quantity behind the selected instance, on the time line's scale. */
export class CurveView {
  readonly canvas: HTMLCanvasElement;
  readonly #state: PageState;
  #range = { low: 0, high: 1 };
  #rangeOf: unknown[] = [];

  constructor(canvas: HTMLCanvasElement, state: PageState) {
    this.canvas = canvas;
    this.#state = state;
  }

  /** The value at the sample nearest to a moment, if one is within reach. */
  valueAt(seconds: number): { seconds: number; value: number } | undefined {
    const { curve, poseTimes: times } = this.#state;
    const before = lastAtOrBefore(times, seconds);
    const at = before + 1 < times.length && times[before + 1] - seconds < seconds - times[before] ? before + 1 : before;
    const nearest = Math.max(at, 0);
    if (!curve || nearest >= times.length || Math.abs(times[nearest] - seconds) > 0.5) return undefined;
    return { seconds: times[nearest], value: curve.values[nearest] };
  }

  draw(hoverSeconds: number | undefined): void {
    const { context, inks, width, height } = freshContext(this.canvas);
    const { scale, selected, curve, poseTimes: times, data } = this.#state;
    for (const { seconds, major } of scale.ticks()) {
      context.fillStyle = cssColour(mix(inks.line, inks.ground, major ? 0.9 : 0.4));
      context.fillRect(Math.round(scale.toX(seconds)), 0, 1, height);
    }
    if (!curve) return;
    this.#updateRange(curve);
    const toY = (value: number) => height - ((value - this.#range.low) / (this.#range.high - this.#range.low)) * height;

    if (selected) {
      const hue = parseColour(data.bodyParts[selected.kind.part].hue);
      const [left, right] = [scale.toX(selected.start), scale.toX(selected.end)];
      context.fillStyle = cssColour(mix(hue, inks.ground, selected.curve === curve.id ? 0.35 : 0.15));
      context.fillRect(left, 0, Math.max(1, right - left), height);
      context.fillStyle = cssColour(standingOut(hue, inks.ground, 3));
      context.fillRect(left, 0, 1, height);
      context.fillRect(right - 1, 0, 1, height);
    }

    context.beginPath();
    const first = Math.max(0, lastAtOrBefore(times, scale.start));
    let pen = false;
    let column = Number.NEGATIVE_INFINITY;
    let [low, high] = [0, 0];
    for (let i = first; i < times.length && (i === 0 || times[i - 1] <= scale.end); i++) {
      const value = curve.values[i];
      if (!Number.isFinite(value)) {
        pen = false;
        continue;
      }
      const [x, y] = [scale.toX(times[i]), toY(value)];
      if (!pen) context.moveTo(x, y);
      else if (x - column >= 0.5) context.lineTo(x, y);
      else if (y < low || y > high)
        context.lineTo(column, y); // many samples a pixel: their extremes will do
      else continue;
      if (!pen || x - column >= 0.5) [column, low, high] = [x, y, y];
      else [low, high] = [Math.min(low, y), Math.max(high, y)];
      pen = true;
    }
    context.strokeStyle = cssColour(inks.text);
    context.lineWidth = 1.25;
    context.lineJoin = 'round';
    context.stroke();

    const at = hoverSeconds === undefined ? undefined : this.valueAt(hoverSeconds);
    if (at && Number.isFinite(at.value)) {
      context.fillStyle = cssColour(inks.text);
      context.beginPath();
      context.arc(scale.toX(at.seconds), toY(at.value), 3, 0, 2 * Math.PI);
      context.fill();
    }

    const { values, decimals } = roundValues(this.#range.low, this.#range.high);
    for (const value of values) {
      const y = Math.round(toY(value));
      const text = value.toFixed(decimals).replace('-', '−');
      context.fillStyle = cssColour(mix(inks.text, inks.ground, 0.4));
      context.fillRect(0, y, 5, 1);
      const textTop = Math.min(Math.max(y, 7), height - 7);
      context.fillStyle = cssColour(inks.ground);
      context.fillRect(6, textTop - 6, context.measureText(text).width + 4, 12);
      context.fillStyle = cssColour(inks.text);
      context.fillText(text, 8, textTop);
    }
    context.fillStyle = cssColour(inks.line);
    context.fillRect(0, height - 1, width, 1);
  }

  #updateRange(curve: Curve): void {
    const { selected, poseTimes } = this.#state;
    if (this.#rangeOf[0] === curve && this.#rangeOf[1] === selected) return;
    this.#rangeOf = [curve, selected];
    const first = selected ? lastAtOrBefore(poseTimes, selected.start) : 0;
    const last = selected ? lastAtOrBefore(poseTimes, selected.end) : -1;
    this.#range = curveRange(curve.values, first, last);
  }
}

/** Two to four round values inside a range, and the decimals that tell them apart. */
function roundValues(low: number, high: number): { values: number[]; decimals: number } {
  const wanted = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = ([1, 2, 2.5, 5, 10].find((digit) => digit * power >= wanted) ?? 10) * power;
  const values: number[] = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) values.push(i * step);
  const decimals = [0, 1, 2, 3, 4, 5].find((d) => Math.abs(step * 10 ** d - Math.round(step * 10 ** d)) < 1e-6) ?? 6;
  return { values, decimals };
}
