/** A horizontal stretch of the plot, in pixels from its top. */
export interface Band {
  readonly top: number;
  readonly height: number;
}

/** How the plot is divided from top to bottom. */
export interface Areas {
  readonly widthPixels: number;
  readonly heightPixels: number;
  readonly rows: readonly Band[];
  readonly tiers: Band;
  readonly axis: Band;
  readonly overview: Band;
}

export const gutterPixels = 168;
export const scrollbarPixels = 12;

/** Rows, axis and overview keep their heights; the tiers get what is left. */
export function divide(widthPixels: number, heightPixels: number, rowCount: number): Areas {
  const rows = Array.from({ length: rowCount }, (_, i) => ({ top: i * rowPixels, height: rowPixels }));
  const top = rowCount * rowPixels;
  const tiers = { top, height: Math.max(0, heightPixels - top - axisPixels - overviewPixels) };
  const axis = { top: tiers.top + tiers.height, height: axisPixels };
  const overview = { top: axis.top + axisPixels, height: overviewPixels };
  return { widthPixels, heightPixels, rows, tiers, axis, overview };
}

export function contains(band: Band, y: number): boolean {
  return y >= band.top && y < band.top + band.height;
}

// ---- below: internals ----

const rowPixels = 28;
const axisPixels = 22;
const overviewPixels = 28;
