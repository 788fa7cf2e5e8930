import type { Figure } from 'microaction/plots';
import { renderPng } from 'microaction/plots/node';
import sharp from 'sharp';

/**
 * Whether pictures made here can hold Chinese: a bare Linux server has no font for it and draws a box in the place of
 * each character. In SVG it is the reader's browser that has the fonts.
 */
export function hasChineseFont(): Promise<boolean> {
  known ??= drawsGlyph();
  return known;
}

// ---- below: internals ----

let known: Promise<boolean> | undefined;

/** The left edge of a box is a line of its whole height; that of 大 is the tip of a stroke. */
async function drawsGlyph(): Promise<boolean> {
  const picture = sharp(await renderPng(character, { scale: 2 }))
    .flatten({ background: 'white' })
    .greyscale();
  const { data, info } = await picture.trim({ background: 'white' }).raw().toBuffer({ resolveWithObject: true });
  let dark = 0;
  for (let y = 0; y < info.height; y++) {
    if (Math.min(data[y * info.width], data[y * info.width + 1]) < 200) dark += 1;
  }
  return dark < info.height / 2;
}

const character: Figure = {
  ...{ name: 'character', title: '', rows: [] },
  spec: {
    data: { values: [{}] },
    width: 60,
    height: 60,
    view: { stroke: null },
    background: 'white',
    mark: { type: 'text', fontSize: 40 },
    encoding: { text: { value: '大' } },
  },
};
