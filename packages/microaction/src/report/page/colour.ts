/** Red, green, blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** `#rrggbb`, or what `getComputedStyle` gives for an opaque colour. */
export function parseColour(text: string): Colour {
  if (text.startsWith('#')) return [1, 3, 5].map((i) => Number.parseInt(text.slice(i, i + 2), 16)) as unknown as Colour;
  return (text.match(/[\d.]+/g) ?? ['0', '0', '0']).slice(0, 3).map(Number) as unknown as Colour;
}

export function cssColour(colour: Colour): string {
  return `rgb(${colour.map((part) => Math.round(part)).join(' ')})`;
}

/** `share` of the first, the rest of the second. */
export function mix(first: Colour, second: Colour, share: number): Colour {
  return first.map((part, i) => part * share + second[i] * (1 - share)) as unknown as Colour;
}

/** Black or white, whichever stands out more. */
export function inkOn(colour: Colour): Colour {
  return contrast(colour, black) >= contrast(colour, white) ? black : white;
}

/** The contrast ratio of WCAG 2: 1 to 21. */
export function contrast(a: Colour, b: Colour): number {
  const [less, more] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (more + 0.05) / (less + 0.05);
}

/** The hue, darkened or lightened until it stands out from its ground by `ratio`. */
export function standingOut(hue: Colour, ground: Colour, ratio: number): Colour {
  const away = inkOn(ground);
  let colour = hue;
  for (let share = 0.9; contrast(colour, ground) < ratio && share >= 0; share -= 0.1) colour = mix(hue, away, share);
  return colour;
}

// ---- below: internals ----

const black: Colour = [0, 0, 0];
const white: Colour = [255, 255, 255];

function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
