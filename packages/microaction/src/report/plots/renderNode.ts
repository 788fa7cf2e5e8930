import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { writeAtomically } from '../../files/writeAtomically.ts';
import type { Figure } from './figure.ts';
import { bringFonts } from './fontsNode.ts';
import type { RenderOptions } from './renderSvg.ts';

export const figureFormats = ['svg', 'png', 'csv', 'json', 'vega-lite'] as const;
export type FigureFormat = (typeof figureFormats)[number];

export interface PngOptions extends RenderOptions {
  /** Pixels of the picture by pixel of the figure. Default 2. */
  readonly scale?: number;
}

/** The figure as a PNG. Its text is legible on a Linux machine without fonts, too: a font is brought along. */
export async function renderPng(figure: Figure, options: PngOptions = {}): Promise<Buffer> {
  const svg = await drawSvg(figure, options);
  bringFonts();
  const { default: sharp } = await import('sharp');
  const density = 72 * (options.scale ?? 2);
  return sharp(Buffer.from(svg), { density, unlimited: true }).png({ compressionLevel: 9 }).toBuffer();
}

/**
 * Writes the figure and its data into a folder, one file a format, each named for the figure: `NAME.svg`, `NAME.png`,
 * `NAME.csv` and `NAME.json` with the rows, `NAME.vl.json` with the specification.
 *
 * @returns the paths, in the order of the formats
 * @throws UserError where a file cannot be written
 */
export async function saveFigure(
  figure: Figure,
  folder: string,
  formats: readonly FigureFormat[] = ['svg', 'png', 'csv'],
): Promise<string[]> {
  const paths: string[] = [];
  for (const format of formats) {
    const path = join(folder, `${figure.name}${format === 'vega-lite' ? '.vl.json' : `.${format}`}`);
    await writeAtomically(path, await figureContent(figure, format));
    paths.push(path);
  }
  return paths;
}

/** The figure as one file's content: picture, rows as a table or JSON, or specification. */
export async function figureContent(figure: Figure, format: FigureFormat): Promise<string | Uint8Array> {
  switch (format) {
    case 'svg':
      return drawSvg(figure);
    case 'png':
      return renderPng(figure);
    case 'csv':
      return stringify([...figure.rows], {
        header: true,
        columns: [...new Set(figure.rows.flatMap((row) => Object.keys(row)))],
        cast: { boolean: String },
      });
    case 'json':
      return `${JSON.stringify(figure.rows, null, 2)}\n`;
    case 'vega-lite':
      return `${JSON.stringify(figure.spec, null, 2)}\n`;
  }
}

// ---- below: internals ----

/** Vega is big: who imports this file may never draw. */
async function drawSvg(figure: Figure, options?: RenderOptions): Promise<string> {
  const { renderSvg } = await import('./renderSvg.ts');
  return renderSvg(figure, options);
}
