import { describe, expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { type FilmStrip, type FilmStripOptions, filmStrips } from './filmStrips.ts';

const options: FilmStripOptions = { seed: 1, framePixels: 32, frames: 4 };

function first(count: number, other: Partial<FilmStripOptions> = {}): FilmStrip[] {
  const strips: FilmStrip[] = [];
  for (const strip of filmStrips({ ...options, ...other })) if (strips.push(strip) === count) break;
  return strips;
}

const pixels = ({ strip }: FilmStrip) => strip.getContext('2d').getImageData(0, 0, strip.width, strip.height).data;

describe('film strips', () => {
  const strips = first(3);

  it('show the actions in order, in as many pictures as asked for, and a reel of whole pictures', () => {
    expect(strips.map(({ action }) => action)).toEqual(microActions52.actions.slice(0, 3));
    for (const { strip, reel, reelFrames } of strips) {
      expect([strip.width, strip.height]).toEqual([4 * 32, 32]);
      expect([reel.width, reel.height]).toEqual([reelFrames * 32, 32]);
      expect(reelFrames).toBeGreaterThan(12);
    }
  });

  it('have a person in each picture, who moves', () => {
    for (const { strip } of strips) {
      const context = strip.getContext('2d');
      const pictures = [0, 1, 2, 3].map((i) => context.getImageData(i * 32, 0, 32, 32).data);
      for (const picture of pictures) expect(new Set(picture).size).toBeGreaterThan(40);
      expect(new Set(pictures.map((picture) => picture.join())).size).toBe(4);
    }
  });

  it('are the same for the same seed, and of other people for another', () => {
    expect(first(2).map(pixels)).toEqual(strips.slice(0, 2).map(pixels));
    expect(first(1, { seed: 2 }).map(pixels)).not.toEqual(strips.slice(0, 1).map(pixels));
  });
});
