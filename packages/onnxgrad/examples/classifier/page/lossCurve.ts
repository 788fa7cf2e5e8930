import { movements } from '../movements.ts';
import { byId, pointsOf, svg } from './element.ts';

const margin = { left: 34, right: 8, top: 8, bottom: 24 };
const guess = Math.log(movements.length);

/** Draws losses by step, as they are and smoothed; the axes stay where they are while the curve grows. */
export function drawLossCurve(losses: readonly number[], steps: number): void {
  const figure = byId<SVGSVGElement>('curve');
  const { width, height } = figure.getBoundingClientRect();
  const top = Math.ceil(Math.max(guess + 0.1, ...losses) * 2) / 2;
  const x = (step: number) => margin.left + (step / steps) * (width - margin.left - margin.right);
  const y = (loss: number) => margin.top + (1 - loss / top) * (height - margin.top - margin.bottom);

  const lines = Array.from({ length: top * 2 + 1 }, (_, i) => i / 2).flatMap((loss) => [
    svg('line', { class: 'axis', x1: x(0), x2: x(steps), y1: y(loss), y2: y(loss) }),
    svg('text', { x: margin.left - 8, y: y(loss) + 4, 'text-anchor': 'end' }, loss.toFixed(1)),
  ]);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) =>
    svg('text', { x: x(part * steps), y: height - 4, 'text-anchor': part === 1 ? 'end' : 'middle' }, `${part * steps}`),
  );
  figure.replaceChildren(
    ...lines,
    ...ticks,
    svg('line', { class: 'guess', x1: x(0), x2: x(steps), y1: y(guess), y2: y(guess) }),
    svg('text', { x: x(steps), y: y(guess) - 6, 'text-anchor': 'end' }, 'guessing'),
    svg('polyline', { class: 'raw', points: curve(losses) }),
    svg('polyline', { class: 'smooth', points: curve(smoothed(losses)) }),
  );

  function curve(values: readonly number[]): string {
    return pointsOf(values.map((loss, i) => [x(i + 1), y(loss)]));
  }
}

// ---- below: internals ----

/** The mean of the last ten or so, later ones counting more. */
function smoothed(values: readonly number[]): number[] {
  let [sum, weight] = [0, 0];
  return values.map((value) => {
    sum = sum * 0.85 + value;
    weight = weight * 0.85 + 1;
    return sum / weight;
  });
}
