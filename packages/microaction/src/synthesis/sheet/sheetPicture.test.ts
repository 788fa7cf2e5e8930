import { createCanvas, loadImage } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { sheetPicture } from './sheetPicture.ts';
import { plainStrips } from './testing.ts';

describe('the picture of all actions', () => {
  it('shows every picture of every strip once, and names beside them', async () => {
    const strips = plainStrips(24);
    const png = sheetPicture(strips);
    expect([...png.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
    const { data, width, height } = await pixelsOf(png);
    const counts = new Map<string, number>();
    for (let i = 0; i < width * height; i++) {
      const colour = data.subarray(4 * i, 4 * i + 3).join();
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
    for (const { action, strip } of strips) {
      const own = strip.getContext('2d');
      for (let i = 0; i < 6; i++) {
        const colour = own
          .getImageData(i * 24 + 12, 12, 1, 1)
          .data.subarray(0, 3)
          .join();
        // A white line parts it from its neighbours.
        expect([action.name, i, counts.get(colour)]).toEqual([
          action.name,
          i,
          24 * (24 - (i > 0 ? 1 : 0) - (i < 5 ? 1 : 0)),
        ]);
      }
    }
    // Letters are dark; the ground is white.
    expect(counts.get('27,29,32')).toBeGreaterThan(52 * 10);
    expect(counts.get('255,255,255')).toBeGreaterThan((width * height) / 4);
  });

  it('has the same bytes for the same strips, and grows with its pictures', async () => {
    expect(sheetPicture(plainStrips(24))).toEqual(sheetPicture(plainStrips(24)));
    const [small, large] = [
      await pixelsOf(sheetPicture(plainStrips(24))),
      await pixelsOf(sheetPicture(plainStrips(48))),
    ];
    expect(large.width - small.width).toBe(2 * 6 * 24);
    expect(large.height).toBeGreaterThan(small.height + 26 * 24);
  });
});

async function pixelsOf(png: Uint8Array) {
  const image = await loadImage(Buffer.from(png));
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, image.width, image.height);
}
