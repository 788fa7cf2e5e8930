/**
 * A picture made from a formula: a plain figure of a person, shaded, standing in front of a soft pattern.
 * RGB, 8 bits, [size, size, 3]. The same bytes everywhere: no random numbers, values are rounded far from ties.
 */
export function testPicture(size: number): Uint8Array {
  const data = new Uint8Array(size * size * 3);
  for (let row = 0, at = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const x = (column + 0.5) / size;
      const y = (row + 0.5) / size;
      let color: readonly number[] = [150 + 20 * Math.sin(9 * x + 3 * y), 160 + 15 * Math.sin(7 * y - 4 * x), 175];
      for (const { from, to, radius, paint } of limbs) {
        const depth = 1 - distance(x, y, from, to) / radius;
        if (depth > 0) color = paint.map((channel) => channel * (0.55 + 0.45 * Math.sqrt(depth)));
      }
      for (const channel of color) data[at++] = Math.round(channel);
    }
  }
  return data;
}

type Point = readonly [x: number, y: number];

const skin = [224, 172, 140];
const shirt = [60, 90, 170];
const trousers = [70, 70, 80];
const dark = [50, 35, 30];

const limbs: readonly { from: Point; to: Point; radius: number; paint: readonly number[] }[] = [
  { from: [0.46, 0.55], to: [0.44, 0.73], radius: 0.04, paint: trousers },
  { from: [0.44, 0.73], to: [0.43, 0.9], radius: 0.032, paint: trousers },
  { from: [0.54, 0.55], to: [0.57, 0.72], radius: 0.04, paint: trousers },
  { from: [0.57, 0.72], to: [0.58, 0.9], radius: 0.032, paint: trousers },
  { from: [0.43, 0.92], to: [0.4, 0.93], radius: 0.022, paint: dark },
  { from: [0.58, 0.92], to: [0.61, 0.93], radius: 0.022, paint: dark },
  { from: [0.5, 0.25], to: [0.5, 0.3], radius: 0.03, paint: skin },
  { from: [0.455, 0.33], to: [0.47, 0.52], radius: 0.05, paint: shirt },
  { from: [0.545, 0.33], to: [0.53, 0.52], radius: 0.05, paint: shirt },
  { from: [0.5, 0.33], to: [0.5, 0.52], radius: 0.05, paint: shirt },
  { from: [0.42, 0.33], to: [0.36, 0.45], radius: 0.03, paint: shirt },
  { from: [0.36, 0.45], to: [0.33, 0.56], radius: 0.022, paint: skin },
  { from: [0.58, 0.33], to: [0.66, 0.42], radius: 0.03, paint: shirt },
  { from: [0.66, 0.42], to: [0.72, 0.33], radius: 0.022, paint: skin },
  { from: [0.5, 0.165], to: [0.5, 0.18], radius: 0.062, paint: dark },
  { from: [0.5, 0.185], to: [0.5, 0.215], radius: 0.05, paint: skin },
  { from: [0.48, 0.185], to: [0.481, 0.185], radius: 0.008, paint: dark },
  { from: [0.52, 0.185], to: [0.521, 0.185], radius: 0.008, paint: dark },
  { from: [0.49, 0.235], to: [0.51, 0.235], radius: 0.006, paint: [150, 60, 60] },
];

/** From a point to a line segment. */
function distance(x: number, y: number, [x0, y0]: Point, [x1, y1]: Point): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const along = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - x0 - along * dx, y - y0 - along * dy);
}
