import { bodyPartHue, type Colour, cssColour, inkOn, mix, parseColour, standingOut } from 'microaction/time-line';

/** Fill, outline and text of a bar, as CSS. */
export interface BarColours {
  readonly fill: string;
  readonly edge: string;
  readonly ink: string;
}

export interface PartColours {
  readonly hue: string;
  readonly coded: BarColours;
  /** By tenths of the score, 0 to 10: the fuller, the surer. */
  readonly proposed: readonly BarColours[];
  readonly rejected: BarColours;
  /** In the overview: the hue, made to stand out. */
  readonly dash: string;
}

/** Every colour the time line draws with, as CSS. */
export interface Palette {
  readonly ground: string;
  readonly panel: string;
  readonly ink: string;
  readonly ink2: string;
  readonly line: string;
  readonly faintLine: string;
  readonly accent: string;
  readonly focus: string;
  /** By position of the body part; the last one is for any beyond. */
  readonly parts: readonly PartColours[];
  readonly fontFamily: string;
}

/** Reads the custom properties `--ground`, `--panel`, `--ink`, `--ink-2`, `--line`, `--accent` and `--focus`. */
export function readPalette(host: HTMLElement, partCount: number): Palette {
  const style = getComputedStyle(host);
  const read = (name: string, fallback: string) => resolved(host, `var(${name}, ${fallback})`);
  const ground = read('--ground', '#ffffff');
  const line = read('--line', '#d5d8dc');
  return {
    ground: cssColour(ground),
    panel: cssColour(read('--panel', '#f4f5f6')),
    ink: cssColour(read('--ink', '#1b1d20')),
    ink2: cssColour(read('--ink-2', '#565b61')),
    line: cssColour(line),
    faintLine: cssColour(mix(line, ground, 0.45)),
    accent: cssColour(read('--accent', '#c2185b')),
    focus: cssColour(read('--focus', '#0a5bc4')),
    parts: Array.from({ length: partCount + 1 }, (_, part) => partColours(part, ground)),
    fontFamily: style.fontFamily || 'system-ui, sans-serif',
  };
}

/** @param part - position of the body part; beyond the known hues, grey */
export function partColours(part: number, ground: Colour): PartColours {
  const hue = parseColour(bodyPartHue(part));
  const edge = cssColour(standingOut(hue, ground, 3));
  const bar = (fill: Colour): BarColours => ({ fill: cssColour(fill), edge, ink: cssColour(inkOn(fill)) });
  return {
    hue: cssColour(hue),
    coded: bar(hue),
    proposed: Array.from({ length: 11 }, (_, tenths) => bar(mix(hue, ground, 0.08 + 0.047 * tenths))),
    rejected: bar(mix(hue, ground, 0.06)),
    dash: cssColour(standingOut(hue, ground, 2)),
  };
}

// ---- below: internals ----

/** Any colour that CSS can say, also `light-dark()` and `oklch()`, as the host would show it. */
function resolved(host: HTMLElement, value: string): Colour {
  const probe = document.createElement('span');
  probe.style.color = value;
  probe.style.display = 'none';
  host.append(probe);
  const shown = getComputedStyle(probe).color;
  probe.remove();
  if (shown.startsWith('rgb')) return parseColour(shown);
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!context) return [128, 128, 128];
  context.fillStyle = shown;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}
