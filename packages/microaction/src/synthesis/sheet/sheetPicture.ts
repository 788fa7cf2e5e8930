import { fileURLToPath } from 'node:url';
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { bodyPartHue } from '../../report/bodyPartColours.ts';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import type { FilmStrip } from './filmStrips.ts';

/** All strips on one page: two columns, a heading for each body part. PNG. */
export function sheetPicture(strips: readonly FilmStrip[]): Uint8Array {
  const font = bringFont();
  const { width: stripWidth, height: stripHeight } = strips[0].strip;
  const rowHeight = labelHeight + stripHeight + gap;
  const columns = inColumns(strips);
  const heightOf = (column: Row[]) =>
    column.reduce((sum, { part }) => sum + (part === undefined ? rowHeight : headingHeight), 0);
  const width = 2 * stripWidth + 3 * margin;
  const height = Math.max(...columns.map(heightOf)) + 2 * margin + titleHeight - gap;
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, width, height);
  context.textBaseline = 'alphabetic';
  context.fillStyle = '#1b1d20';
  context.font = `700 26px ${font}`;
  context.fillText('The 52 micro-actions, simulated', margin, margin + 22);
  for (const [c, column] of columns.entries()) {
    const x = margin + c * (stripWidth + margin);
    let y = margin + titleHeight;
    for (const { part, strip } of column) {
      if (part !== undefined) {
        const { code, name } = microActions52.bodyParts[part];
        context.fillStyle = bodyPartHue(part);
        context.fillRect(x, y + 8, 6, 22);
        context.fillStyle = '#1b1d20';
        context.font = `700 20px ${font}`;
        context.fillText(`${code} ${name}`, x + 14, y + 26);
        y += headingHeight;
        continue;
      }
      const { action, strip: pictures } = strip!;
      context.fillStyle = '#1b1d20';
      context.font = `700 14px ${font}`;
      context.fillText(action.name, x, y + 14);
      const after = context.measureText(`${action.name}  `).width;
      context.fillStyle = '#565b61';
      context.font = `400 13px ${font}`;
      context.fillText(action.description, x + after, y + 14, stripWidth - after);
      context.drawImage(pictures, x, y + labelHeight);
      context.fillStyle = '#ffffff';
      for (let edge = stripHeight; edge < stripWidth; edge += stripHeight) {
        context.fillRect(x + edge - 1, y + labelHeight, 2, stripHeight);
      }
      y += rowHeight;
    }
  }
  return new Uint8Array(canvas.toBuffer('image/png'));
}

// ---- below: internals ----

const margin = 28;
const titleHeight = 44;
const headingHeight = 40;
const labelHeight = 22;
const gap = 12;

/** A heading, or a strip. */
interface Row {
  readonly part?: number;
  readonly strip?: FilmStrip;
}

/** Body parts stay whole: the left column takes as many as make the columns most alike. */
function inColumns(strips: readonly FilmStrip[]): Row[][] {
  const groups = microActions52.bodyParts.map(({ code }, part): Row[] => [
    { part },
    ...strips.filter(({ action }) => action.bodyPart === code).map((strip) => ({ strip })),
  ]);
  const splits = groups.map((_, i) => [groups.slice(0, i).flat(), groups.slice(i).flat()]);
  const unevenness = ([left, right]: Row[][]) => Math.abs(left.length - right.length);
  return splits.reduce((best, split) => (unevenness(split) < unevenness(best) ? split : best));
}

/** A machine without fonts draws nothing: one comes along. */
function bringFont(): string {
  for (const weight of ['400Regular/Arimo_400Regular', '700Bold/Arimo_700Bold']) {
    GlobalFonts.registerFromPath(fileURLToPath(import.meta.resolve(`@expo-google-fonts/arimo/${weight}.ttf`)), 'Arimo');
  }
  return 'Arimo';
}
