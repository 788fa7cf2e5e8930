/** Dots of a Braille character, two columns of four, as bits beyond U+2800. */
const dots = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
];

export interface CurveSize {
  /** In characters, axis included. */
  readonly columns: number;
  readonly rows: number;
}

/**
 * A curve as lines of text, drawn in Braille dots, from 0 up to the largest value.
 *
 * @param values - one a step, from the first on
 * @param steps - how many there will be: the curve grows to the right and never moves
 */
export function terminalCurve(values: readonly number[], steps: number, { columns, rows }: CurveSize): string[] {
  const top = Math.max(0.1, ...values);
  const width = columns - axisWidth;
  const cells = Array.from({ length: rows }, () => new Uint8Array(width));
  const height = rows * 4 - 1;
  const rowOf = (value: number) => Math.round((1 - value / top) * height);
  let before = rowOf(values[0]);
  for (let x = 0; x < width * 2; x++) {
    const value = values[Math.round((x / (width * 2 - 1)) * (steps - 1))];
    if (value === undefined) break;
    const y = rowOf(value);
    // A step up or down is a stroke, so that the curve has no holes.
    for (let dot = Math.min(y, before + 1); dot <= Math.max(y, before - 1); dot++)
      cells[dot >> 2][x >> 1] |= dots[x & 1][dot & 3];
    before = y;
  }
  return cells.map((row, i) => {
    const label = i === 0 ? top.toFixed(2) : i === rows - 1 ? '0' : '';
    return `${label.padStart(axisWidth - 2)} ${label ? '┤' : '│'}${Array.from(row, (bits) => String.fromCodePoint(0x2800 + bits)).join('')}`;
  });
}

const axisWidth = 7;
