import type { Arm } from '../body/figure.ts';
import { dot, place, times, type Vector } from '../body/vector.ts';
import { blend, css } from './colour.ts';
import { type Easel, pixelsPerMetre, seen, towardsCamera, traceRounded } from './easel.ts';
import { lit } from './light.ts';
import type { Wardrobe } from './wardrobe.ts';

/** A palm and five fingers, the farther ones first. */
export function drawHand(easel: Easel, { hand, wrist, fingers }: Arm, { skin }: Wardrobe) {
  const { context } = easel;
  const facing = towardsCamera(easel, wrist);
  const inside = dot(hand.front, facing) > 0;
  const scale = pixelsPerMetre(easel, seen(easel, wrist)[2]);
  const base = inside ? blend(skin, [1, 0.75, 0.68], 0.14) : skin;
  const normal = times(hand.front, inside ? 1 : -1);
  const rim = css(blend(skin, [0.12, 0.03, 0.02], 0.62));
  const width = 0.0175;

  const drawPalm = () => {
    const [thumb, index, , , little] = fingers;
    const half = 0.024;
    const corners: Vector[] = [
      place(hand, [half, -0.01, 0]),
      place(hand, [-half, -0.01, 0]),
      ...(dot(hand.left, [little[0][0] - index[0][0], little[0][1] - index[0][1], little[0][2] - index[0][2]]) < 0
        ? [little[0], fingers[3][0], fingers[2][0], index[0], thumb[0]]
        : [thumb[0], index[0], fingers[2][0], fingers[3][0], little[0]]),
    ];
    context.beginPath();
    corners.forEach((corner, i) => {
      const [x, y] = seen(easel, corner);
      if (i === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    });
    context.closePath();
    context.lineJoin = 'round';
    context.lineWidth = width * scale + 1.4;
    context.strokeStyle = rim;
    context.stroke();
    context.fillStyle = css(lit(base, normal, easel.light));
    context.strokeStyle = context.fillStyle;
    context.lineWidth = width * scale;
    context.fill();
    context.stroke();
  };
  const drawFinger = (i: number) => {
    const points = fingers[i].map((joint) => seen(easel, joint));
    const path = () => {
      context.beginPath();
      context.moveTo(points[0][0], points[0][1]);
      context.lineTo(points[1][0], points[1][1]);
      context.lineTo(points[2][0], points[2][1]);
    };
    context.lineCap = 'round';
    context.lineJoin = 'round';
    path();
    const thick = (i === 0 ? 1.12 : i === 4 ? 0.88 : 1) * width * scale;
    context.lineWidth = thick + 1.3;
    context.strokeStyle = rim;
    context.stroke();
    path();
    context.lineWidth = thick;
    context.strokeStyle = css(lit(blend(base, [1, 1, 1], 0.05), normal, easel.light));
    context.stroke();
  };

  const depth = (at: Vector) => seen(easel, at)[2];
  const parts: [draw: () => void, depth: number][] = fingers.map((joints, i) => [
    () => drawFinger(i),
    depth(joints[1]) + (i === 0 ? -0.006 : 0),
  ]);
  parts.push([drawPalm, depth(place(hand, [0, 0.06, 0]))]);
  for (const [draw] of parts.sort((a, b) => b[1] - a[1])) draw();
  void traceRounded;
}
