import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Dice } from '../../dice.ts';
import { seededRandom } from '../../random.ts';
import { augmented, drawAugmentation, noAugmentation, officialAugmentation } from './augment.ts';
import { type Clip, type Pictures, plane } from './clip.ts';
import {
  type Box,
  centreBox,
  drawBox,
  drawCrop,
  multiScaleBoxes,
  type RandomCropOptions,
  resizedCrop,
} from './crop.ts';
import { apply, drawColourJitter, drawRandAugment, type Operation } from './operations.ts';

/** Pictures of noise. */
function noise(frames: number, widthPixels: number, heightPixels: number, seed = 1): Pictures {
  const random = seededRandom(seed);
  const picture = () => Uint8Array.from({ length: widthPixels * heightPixels * 3 }, () => random() * 256);
  return { pictures: Array.from({ length: frames }, picture), widthPixels, heightPixels };
}

const clipOf = (pictures: Pictures): Clip =>
  resizedCrop(pictures, { left: 0, top: 0, width: pictures.widthPixels, height: pictures.heightPixels }, pictures);

/** The numbers of one pixel. */
const pixel = (clip: Clip, frame: number, x: number, y: number) =>
  ([0, 1, 2] as const).map((colour) => plane(clip, colour)[(frame * clip.heightPixels + y) * clip.widthPixels + x]);

const oneColour = (red: number, green: number, blue: number, side = 4): Pictures => ({
  pictures: [Uint8Array.from({ length: side * side * 3 }, (_, i) => [red, green, blue][i % 3])],
  widthPixels: side,
  heightPixels: side,
});

const everyKind: readonly Operation[] = [
  { kind: 'shearX', degrees: 15 },
  { kind: 'shearY', degrees: -15 },
  { kind: 'rotate', degrees: 27 },
  { kind: 'translateX', part: 0.18 },
  { kind: 'translateY', part: -0.18 },
  { kind: 'posterize', bits: 3 },
  { kind: 'solarize', threshold: 230 },
  { kind: 'saturation', factor: 1.72 },
  { kind: 'contrast', factor: 1.72 },
  { kind: 'brightness', factor: 1.72 },
  { kind: 'sharpness', factor: 1.72 },
  { kind: 'hue', turns: 0.1 },
  { kind: 'autocontrast' },
  { kind: 'equalize' },
  { kind: 'invert' },
  { kind: 'cutout', x: 0.5, y: 0.4, side: 0.18 },
];

describe('cutting out and resizing', () => {
  it('puts colours before frames, and changes nothing where no size changes', () => {
    const source = noise(3, 7, 5);
    const clip = clipOf(source);
    expect(clip.data.length).toBe(3 * 3 * 5 * 7);
    for (const [frame, x, y] of [
      [0, 0, 0],
      [2, 6, 4],
      [1, 3, 2],
    ]) {
      const at = (y * 7 + x) * 3;
      expect(pixel(clip, frame, x, y)).toEqual([...source.pictures[frame].subarray(at, at + 3)]);
    }
  });

  it('cuts whole pixels, and turns left to right', () => {
    const source = noise(1, 9, 8);
    const whole = clipOf(source);
    const box = { left: 2, top: 3, width: 4, height: 5 };
    const size = { widthPixels: 4, heightPixels: 5 };
    const [cut, flipped] = [resizedCrop(source, box, size), resizedCrop(source, box, { ...size, flipped: true })];
    for (let y = 0; y < 5; y++) {
      for (let x = 0; x < 4; x++) {
        expect(pixel(cut, 0, x, y)).toEqual(pixel(whole, 0, x + 2, y + 3));
        expect(pixel(flipped, 0, 3 - x, y)).toEqual(pixel(cut, 0, x, y));
      }
    }
  });

  it('interpolates a slope exactly, whatever the sizes', () => {
    const slope = (width: number, height: number): Pictures => ({
      pictures: [Uint8Array.from({ length: width * height * 3 }, (_, i) => 4 * (Math.floor(i / 3) % width) + 20)],
      widthPixels: width,
      heightPixels: height,
    });
    const sides = fc.integer({ min: 2, max: 50 });
    const property = fc.property(sides, sides, sides, (from, width, height) => {
      const clip = resizedCrop(
        slope(from, 3),
        { left: 0, top: 0, width: from, height: 3 },
        { widthPixels: width, heightPixels: height },
      );
      for (let x = 0; x < width; x++) {
        const place = Math.min(Math.max(((x + 0.5) * from) / width - 0.5, 0), from - 1);
        for (const value of pixel(clip, 0, x, height - 1))
          expect(Math.abs(value - (4 * place + 20))).toBeLessThan(0.52);
      }
    });
    fc.assert(property, { seed: 3, numRuns: 60 });
  });

  it('draws boxes within the picture, of the areas and aspects asked for', () => {
    const side = fc.integer({ min: 1, max: 400 });
    const property = fc.property(side, side, fc.nat(), (widthPixels, heightPixels, seed) => {
      const size = { widthPixels, heightPixels };
      const crop = officialAugmentation.crop as RandomCropOptions;
      const box = drawBox(size, crop, new Dice(seed));
      expect(Math.min(box.left, box.top)).toBeGreaterThanOrEqual(0);
      expect(box.left + box.width).toBeLessThanOrEqual(widthPixels);
      expect(box.top + box.height).toBeLessThanOrEqual(heightPixels);
      expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(1);
      const centre = centreBox(size);
      if (Math.min(widthPixels, heightPixels) < 60 || box.width === centre.width) return;
      const area = (box.width * box.height) / (widthPixels * heightPixels);
      expect(area).toBeGreaterThan(0.07);
      expect(box.width / box.height).toBeGreaterThan(0.68);
      expect(box.width / box.height).toBeLessThan(1.47);
    });
    fc.assert(property, { seed: 4, numRuns: 300 });
  });

  it('has boxes of several scales within the picture, as near to square as told', () => {
    const side = fc.integer({ min: 1, max: 400 });
    const property = fc.property(side, side, fc.constantFrom(5, 13), (widthPixels, heightPixels, positions) => {
      const scales = [1, 0.875, 0.75, 0.66];
      const boxes = multiScaleBoxes({ widthPixels, heightPixels }, { scales, positions: positions as 5 | 13 }, 224);
      expect(boxes.length).toBe(10 * positions); // pairs of neighbours among four scales
      const short = Math.min(widthPixels, heightPixels);
      for (const { left, top, width, height } of boxes) {
        expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
        expect(left + width).toBeLessThanOrEqual(widthPixels);
        expect(top + height).toBeLessThanOrEqual(heightPixels);
        expect(Math.abs(width - height)).toBeLessThanOrEqual(0.125 * short + 3);
        expect(Math.min(width, height)).toBeGreaterThanOrEqual(Math.max(1, Math.floor(0.66 * short) - 2));
      }
    });
    fc.assert(property, { seed: 5, numRuns: 100 });
  });

  it('draws any of several scales, and the middle where told', () => {
    const size = { widthPixels: 256, heightPixels: 307 };
    const scales = [1, 0.875, 0.75, 0.66];
    const shown = ({ left, top, width, height }: Box) => [left, top, width, height].join();
    const drawn = new Set(
      Array.from({ length: 3000 }, (_, seed) => shown(drawCrop(size, { scales }, 224, new Dice(seed)))),
    );
    expect(drawn).toEqual(new Set(multiScaleBoxes(size, { scales }, 224).map(shown)));
    const middle = { left: 16, top: 41, width: 224, height: 224 };
    expect(drawCrop(size, { centre: 0.875 }, 224, new Dice(1))).toEqual(middle);
  });
});

describe('operations', () => {
  const source = clipOf(noise(2, 12, 10));

  it.each<Operation>([
    { kind: 'shearX', degrees: 0 },
    { kind: 'shearY', degrees: 0 },
    { kind: 'rotate', degrees: 0 },
    { kind: 'translateX', part: 0 },
    { kind: 'translateY', part: 0 },
    { kind: 'posterize', bits: 8 },
    { kind: 'solarize', threshold: 256 },
    { kind: 'saturation', factor: 1 },
    { kind: 'contrast', factor: 1 },
    { kind: 'brightness', factor: 1 },
    { kind: 'sharpness', factor: 1 },
    { kind: 'hue', turns: 0 },
    { kind: 'hue', turns: 1 },
    { kind: 'cutout', x: 0.5, y: 0.5, side: 0 },
  ])('$kind changes nothing at no strength', (operation) => {
    expect(apply(source, operation).data).toEqual(source.data);
  });

  it.each(everyKind)('$kind changes pictures that look alike alike, and leaves what it is given', (operation) => {
    const picture = noise(1, 12, 10).pictures[0];
    const still = clipOf({ pictures: [picture, picture, picture], widthPixels: 12, heightPixels: 10 });
    const before = still.data.slice();
    const after = apply(still, operation);
    expect(still.data).toEqual(before);
    expect(after.data).not.toEqual(before);
    for (const colour of [0, 1, 2] as const) {
      const values = plane(after, colour);
      for (const frame of [1, 2]) expect(values.slice(120 * frame, 120 * (frame + 1))).toEqual(values.slice(0, 120));
    }
  });

  it('moves by whole pixels, black behind', () => {
    const moved = apply(source, { kind: 'translateX', part: 3 / 12 });
    for (let x = 0; x < 12; x++) {
      expect(pixel(moved, 1, x, 4)).toEqual(x < 3 ? [0, 0, 0] : pixel(source, 1, x - 3, 4));
    }
    const up = apply(source, { kind: 'translateY', part: -2 / 10 });
    expect(pixel(up, 0, 5, 0)).toEqual(pixel(source, 0, 5, 2));
    expect(pixel(up, 0, 5, 9)).toEqual([0, 0, 0]);
  });

  it('turns by a quarter around the middle', () => {
    const square = clipOf(noise(1, 9, 9));
    const turned = apply(square, { kind: 'rotate', degrees: 90 });
    // What was at the right comes to the bottom.
    for (let i = 0; i < 9; i++) expect(pixel(turned, 0, 8 - i, 7)).toEqual(pixel(square, 0, 7, i));
  });

  it('turns hues around the circle: red, yellow, green', () => {
    const red = clipOf(oneColour(200, 50, 50));
    expect(pixel(apply(red, { kind: 'hue', turns: 1 / 6 }), 0, 0, 0)).toEqual([200, 200, 50]);
    expect(pixel(apply(red, { kind: 'hue', turns: 1 / 3 }), 0, 0, 0)).toEqual([50, 200, 50]);
    expect(pixel(apply(red, { kind: 'hue', turns: -1 / 3 }), 0, 0, 0)).toEqual([50, 50, 200]);
    const grey = clipOf(oneColour(90, 90, 90));
    expect(pixel(apply(grey, { kind: 'hue', turns: 0.3 }), 0, 0, 0)).toEqual([90, 90, 90]);
  });

  it('turns hues back by what it turned them, but for rounding', () => {
    const turned = apply(apply(source, { kind: 'hue', turns: 0.07 }), { kind: 'hue', turns: -0.07 });
    turned.data.forEach((value, i) => {
      expect(Math.abs(value - source.data[i])).toBeLessThanOrEqual(2);
    });
  });

  it('takes colour away, and light', () => {
    const grey = pixel(apply(source, { kind: 'saturation', factor: 0 }), 1, 3, 3);
    expect(new Set(grey).size).toBe(1);
    expect(Math.max(...apply(source, { kind: 'brightness', factor: 0 }).data)).toBe(0);
    const flat = apply(source, { kind: 'contrast', factor: 0 }).data;
    expect(new Set(flat).size).toBe(1);
  });

  it('stretches and evens out the values of each colour over the whole clip', () => {
    const dull = apply(source, { kind: 'contrast', factor: 0.3 });
    const values = plane(apply(dull, { kind: 'autocontrast' }), 1);
    expect([Math.min(...values), Math.max(...values)]).toEqual([0, 255]);
    const dark = clipOf({
      ...noise(1, 64, 64),
      pictures: noise(1, 64, 64).pictures.map((picture) => picture.map((value) => (value / 255) ** 3 * 255)),
    });
    const even = plane(apply(dark, { kind: 'equalize' }), 0);
    const mean = even.reduce((sum, value) => sum + value, 0) / even.length;
    expect(Math.abs(mean - 127.5)).toBeLessThan(15);
  });

  it('inverts, and inverts back', () => {
    const inverted = apply(source, { kind: 'invert' });
    expect(inverted.data[7]).toBe(255 - source.data[7]);
    expect(apply(inverted, { kind: 'invert' }).data).toEqual(source.data);
  });

  it('cuts a grey square of its size out of every picture', () => {
    const black = clipOf({ ...noise(2, 20, 20), pictures: [new Uint8Array(1200), new Uint8Array(1200)] });
    const { data } = apply(black, { kind: 'cutout', x: 0.5, y: 0.5, side: 0.2 });
    expect(data.filter((value) => value === 128).length).toBe(2 * 3 * 4 * 4);
  });
});

describe('drawing an augmentation', () => {
  it('draws so many operations, no two alike, in the order of the list', () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 200; seed++) {
      const drawn = drawRandAugment({ operations: 2, level: 0.9 }, new Dice(seed)).map(({ kind }) => kind);
      expect(new Set(drawn).size).toBe(2);
      for (const kind of drawn) seen.add(kind);
    }
    expect(seen.size).toBe(15);
    const all = drawRandAugment({ operations: 15, level: 0.9 }, new Dice(1));
    expect(all.find(({ kind }) => kind === 'posterize')).toEqual({ kind: 'posterize', bits: 3 });
    expect(all.find(({ kind }) => kind === 'brightness')).toEqual({ kind: 'brightness', factor: expect.closeTo(1.72) });
    const rotate = all.find(({ kind }) => kind === 'rotate') as { degrees: number };
    expect(Math.abs(rotate.degrees)).toBeCloseTo(27);
  });

  it('draws jitter within its ranges, in every order', () => {
    const orders = new Set<string>();
    for (let seed = 0; seed < 300; seed++) {
      const drawn = drawColourJitter({ brightness: 0.5, contrast: 0.5, saturation: 0.5, hue: 0.1 }, new Dice(seed));
      orders.add(drawn.map(({ kind }) => kind).join());
      for (const one of drawn) {
        const strength = 'factor' in one ? one.factor - 1 : one.kind === 'hue' ? 5 * one.turns : Number.NaN;
        expect(Math.abs(strength)).toBeLessThanOrEqual(0.5);
      }
    }
    expect(orders.size).toBe(24);
  });

  it('gives the same for the same seed, and what is left out changes nothing else', () => {
    const size = { widthPixels: 40, heightPixels: 30 };
    const one = drawAugmentation(size, officialAugmentation, 16, new Dice(5));
    expect(drawAugmentation(size, officialAugmentation, 16, new Dice(5))).toEqual(one);
    expect(drawAugmentation(size, officialAugmentation, 16, new Dice(6))).not.toEqual(one);
    const { randAugment: _, ...others } = officialAugmentation;
    const without = drawAugmentation(size, others, 16, new Dice(5));
    expect(without).toEqual({ ...one, operations: one.operations.slice(2) });
  });

  it('changes each picture as it would alone, where nothing is measured over the clip', () => {
    const source = noise(3, 40, 30);
    const { box, flipped, operations } = drawAugmentation(
      source,
      { ...officialAugmentation, randAugment: { operations: 15, level: 0.9 } },
      16,
      new Dice(2),
    );
    const alone = operations.filter(({ kind }) => !/contrast|equalize/.test(kind));
    const together = augmented(source, { box, flipped, operations: alone }, 16);
    for (const [frame, picture] of source.pictures.entries()) {
      const single = augmented({ ...source, pictures: [picture] }, { box, flipped, operations: alone }, 16);
      expect(plane(together, 2).slice(frame * 256, (frame + 1) * 256)).toEqual(plane(single, 2));
    }
  });

  it('without options takes the middle as it is', () => {
    const source = noise(1, 12, 8);
    const drawn = drawAugmentation(source, noAugmentation, 16, new Dice(1));
    expect(drawn).toEqual({ box: { left: 2, top: 0, width: 8, height: 8 }, flipped: false, operations: [] });
    expect(pixel(augmented(source, drawn, 8), 0, 0, 5)).toEqual(pixel(clipOf(source), 0, 2, 5));
  });
});
