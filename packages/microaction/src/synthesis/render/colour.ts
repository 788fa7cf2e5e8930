/** Red, green and blue, 0 to 1. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Of `#rrggbb`. */
export function colourOf(hex: string): Colour {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

export const css = ([r, g, b]: Colour, alpha = 1) =>
  alpha === 1 ? `rgb(${byte(r)},${byte(g)},${byte(b)})` : `rgba(${byte(r)},${byte(g)},${byte(b)},${alpha.toFixed(3)})`;

export const scaled = ([r, g, b]: Colour, by: number): Colour => [r * by, g * by, b * by];

export const blend = (a: Colour, b: Colour, share: number): Colour => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];

// ---- below: internals ----

const byte = (value: number) => Math.max(0, Math.min(255, Math.round(value * 255)));
