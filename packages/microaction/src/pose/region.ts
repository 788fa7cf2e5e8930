import type { Region } from '../video/video.ts';
import type { BodyPoints } from './bodyPoints.ts';

/** The smallest rectangle that holds both. */
export function union(a: Region, b: Region): Region {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

/** Shared area over joint area: 0 to 1. */
export function overlap(a: Region, b: Region): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (a.width * a.height + b.width * b.height - width * height);
}

/** The square with the same middle whose side is `margin` times the longer side. */
export function squareAround({ x, y, width, height }: Region, margin: number): Region {
  const side = Math.max(width, height) * margin;
  return { x: x + (width - side) / 2, y: y + (height - side) / 2, width: side, height: side };
}

/** The smallest rectangle round the points of at least this confidence; round all if there are none. */
export function boundsOf({ x, y, confidence }: BodyPoints, minConfidence: number): Region {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let point = 0; point < x.length; point++) {
    if (confidence[point] < minConfidence) continue;
    left = Math.min(left, x[point]);
    right = Math.max(right, x[point]);
    top = Math.min(top, y[point]);
    bottom = Math.max(bottom, y[point]);
  }
  if (left > right) return boundsOf({ x, y, confidence }, 0);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The part of a rectangle inside a frame. */
export function clip({ x, y, width, height }: Region, widthPixels: number, heightPixels: number): Region {
  const left = Math.min(Math.max(x, 0), widthPixels);
  const top = Math.min(Math.max(y, 0), heightPixels);
  return {
    x: left,
    y: top,
    width: Math.max(0, Math.min(x + width, widthPixels) - left),
    height: Math.max(0, Math.min(y + height, heightPixels) - top),
  };
}
