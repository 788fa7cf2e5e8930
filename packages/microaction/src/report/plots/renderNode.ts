import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'csv-stringify/sync';
import { writeAtomically } from '../../files/writeAtomically.ts';
import type { Figure } from './figure.ts';
import { type RenderOptions, renderSvg } from './renderSvg.ts';

export const figureFormats = ['svg', 'png', 'csv', 'json', 'vega-lite'] as const;
export type FigureFormat = (typeof figureFormats)[number];

export interface PngOptions extends RenderOptions {
  /** Pixels of the picture by pixel of the figure. Default 2. */
  readonly scale?: number;
}

/** The figure as a PNG. Its text is legible on a Linux machine without fonts, too: a font is brought along. */
export async function renderPng(figure: Figure, options: PngOptions = {}): Promise<Buffer> {
  const svg = await renderSvg(figure, options);
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
    await writeAtomically(path, await contentOf(figure, format));
    paths.push(path);
  }
  return paths;
}

// ---- below: internals ----

async function contentOf(figure: Figure, format: FigureFormat): Promise<string | Uint8Array> {
  switch (format) {
    case 'svg':
      return renderSvg(figure);
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

let fontsBrought = false;

/**
 * sharp finds fonts through fontconfig, which a bare Linux server has neither files nor settings for. A setting of its
 * own adds one font to what the machine has. It is read once, when the process draws its first text.
 */
function bringFonts(): void {
  if (fontsBrought) return;
  fontsBrought = true;
  if (process.platform !== 'linux' || process.env.FONTCONFIG_FILE) return;
  const folders = fontFiles.flatMap((name) => {
    try {
      const path = fileURLToPath(import.meta.resolve(name));
      return existsSync(path) ? [dirname(path)] : [];
    } catch {
      return [];
    }
  });
  if (folders.length === 0) return;
  const folder = mkdtempSync(join(tmpdir(), 'microaction-fonts-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'fonts.conf');
  const dirs = folders.map((dir) => `<dir>${dir}</dir>`).join('');
  writeFileSync(
    path,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${dirs}<cachedir>${folder}</cachedir>` +
      '<include ignore_missing="yes">/etc/fonts/fonts.conf</include></fontconfig>',
  );
  process.env.FONTCONFIG_FILE = path;
}

const fontFiles = [
  '@expo-google-fonts/arimo/400Regular/Arimo_400Regular.ttf',
  '@expo-google-fonts/arimo/700Bold/Arimo_700Bold.ttf',
];
