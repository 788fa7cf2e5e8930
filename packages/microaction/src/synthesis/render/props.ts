import type { Prop } from '../body/figure.ts';
import { dot, place, type Vector } from '../body/vector.ts';
import { css } from './colour.ts';
import { drawRod, type Easel, hull, rimOf, seen, towardsCamera, tracePolygon } from './easel.ts';
import { lit } from './light.ts';

/** A pen of 14 cm, a phone of 7 x 15 cm, a cup of 9 cm. */
export function drawProp(easel: Easel, { kind, frame }: Prop) {
  if (kind === 'pen') {
    const at = (y: number) => place(frame, [0, y, 0]);
    drawRod(easel, { from: at(0.07), to: at(-0.055), fromRadius: 0.0055, toRadius: 0.0055 }, [0.12, 0.2, 0.55]);
    drawRod(easel, { from: at(-0.055), to: at(-0.07), fromRadius: 0.005, toRadius: 0.0015 }, [0.8, 0.8, 0.8]);
  } else if (kind === 'cup') {
    const at = (y: number) => place(frame, [0, y, 0]);
    drawRod(easel, { from: at(0.02), to: at(-0.02), fromRadius: 0.042, toRadius: 0.036 }, [0.92, 0.92, 0.9]);
    drawRod(easel, { from: at(0.045), to: at(0.047), fromRadius: 0.036, toRadius: 0.036 }, [0.32, 0.2, 0.13]);
  } else drawPhone(easel, frame);
}

// ---- below: internals ----

function drawPhone(easel: Easel, frame: Prop['frame']) {
  const { context, light } = easel;
  const slab = (half: Vector) =>
    hull(
      [-1, 1].flatMap((x) =>
        [-1, 1].flatMap((y) => [-1, 1].map((z) => seen(easel, place(frame, [x * half[0], y * half[1], z * half[2]])))),
      ),
    );
  context.beginPath();
  tracePolygon(easel, slab([0.036, 0.075, 0.005]));
  context.fillStyle = css(lit([0.1, 0.1, 0.12], frame.front, light));
  rimOf(easel, [0.3, 0.3, 0.3]);
  context.fill();
  if (dot(frame.front, towardsCamera(easel, frame.origin)) <= 0) return;
  context.beginPath();
  tracePolygon(
    easel,
    [
      [-0.032, -0.068],
      [0.032, -0.068],
      [0.032, 0.068],
      [-0.032, 0.068],
    ].map(([x, y]) => seen(easel, place(frame, [x, y, 0.006]))),
  );
  context.fillStyle = '#a9c4da';
  context.fill();
}
