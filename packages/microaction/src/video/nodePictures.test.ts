import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV420P10LE,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV444P,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_RANGE_UNSPECIFIED,
  AVCOL_SPC_BT709,
  AVCOL_SPC_SMPTE170M,
  AVCOL_SPC_UNSPECIFIED,
} from 'node-av/constants';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Rgb, referencePicture, yuvToRgb } from '../../test/referencePicture.ts';
import { makeVideo, type TestVideo } from '../../test/testVideo.ts';
import { openVideo } from './node.ts';
import type { Frame, Video } from './video.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'microaction-pictures-'));
});
afterAll(() => rm(folder, { recursive: true }));

let count = 0;
/** Lossless, so that what is painted is what is decoded. */
async function open(video: Partial<TestVideo> & Pick<TestVideo, 'width' | 'height' | 'paint'>): Promise<Video> {
  const path = join(folder, `${count++}.mkv`);
  await makeVideo(path, { timesMs: [0], encoder: 'ffv1', pixelFormat: AV_PIX_FMT_YUV444P, ...video });
  return openVideo(path);
}

const pixel = ({ data, widthPixels }: Frame, x: number, y: number) => [
  ...data.subarray((y * widthPixels + x) * 3, (y * widthPixels + x) * 3 + 3),
];

function largestDifference(data: Uint8Array, reference: ArrayLike<number>): number {
  let largest = data.length === reference.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < data.length; i++) largest = Math.max(largest, Math.abs(data[i] - reference[i]));
  return largest;
}

describe('colours', () => {
  const colours: Rgb[] = [
    [81, 90, 200],
    [145, 60, 40],
    [41, 220, 110],
    [126, 128, 128],
    [16, 128, 128],
    [235, 128, 128],
  ];
  const formats = { AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUV444P, AV_PIX_FMT_YUV420P10LE };
  const matrices = [
    ['bt601', AVCOL_SPC_SMPTE170M],
    ['bt709', AVCOL_SPC_BT709],
  ] as const;
  const ranges = [
    ['limited', AVCOL_RANGE_MPEG],
    ['full', AVCOL_RANGE_JPEG],
  ] as const;
  const cases = Object.entries(formats).flatMap(([name, pixelFormat]) =>
    matrices.flatMap(([matrix, colorSpace]) =>
      ranges.map(([range, colorRange]) => ({ name, pixelFormat, matrix, colorSpace, range, colorRange })),
    ),
  );
  it.each(cases)('are true for $name, $matrix, $range range', async (kind) => {
    const paint: TestVideo['paint'] = (_, x) => colours[Math.floor(x / 16)];
    await using video = await open({ ...kind, width: 96, height: 32, paint });
    for (const options of [
      {},
      { widthPixels: 48 },
      { widthPixels: 192 },
      { region: { x: -4, y: -4, width: 100, height: 40 } },
    ]) {
      const frame = await video.frameAtIndex(0, options);
      const scale = frame.widthPixels / frame.region.width;
      colours.forEach((colour, i) => {
        const wanted = yuvToRgb(colour, { matrix: kind.matrix, fullRange: kind.range === 'full' });
        const found = pixel(frame, Math.floor((16 * i + 8 - frame.region.x) * scale), Math.floor(16 * scale));
        for (let c = 0; c < 3; c++) expect(Math.abs(found[c] - wanted[c]), `${found} for ${wanted}`).toBeLessThan(2.5);
      });
    }
  });

  it.each([
    ['bt601', 720, 576],
    ['bt709', 1280, 720],
  ] as const)('are taken as limited %s where %i x %i does not say', async (matrix, width, height) => {
    const paint: TestVideo['paint'] = () => [81, 90, 200];
    const colour = { colorSpace: AVCOL_SPC_UNSPECIFIED, colorRange: AVCOL_RANGE_UNSPECIFIED };
    await using video = await open({ ...colour, width, height, paint });
    const found = pixel(await video.frameAtIndex(0, { widthPixels: 16 }), 8, 4);
    const wanted = yuvToRgb([81, 90, 200], { matrix, fullRange: false });
    for (let c = 0; c < 3; c++) expect(Math.abs(found[c] - wanted[c])).toBeLessThan(2);
  });
});

describe('cutting and resizing', () => {
  const width = 97;
  const height = 61;
  /** Textured, and inside what RGB can show, so that no clipping comes between YUV and RGB. */
  const paint = (_: number, x: number, y: number): Rgb => [
    120 + 40 * Math.sin(x / 3 + y / 11) + ((x * 7 + y * 13) % 9),
    128 + 20 * Math.sin(x / 7 - y / 5),
    128 + 20 * Math.cos(x / 9 + y / 4),
  ];
  const frame = {
    width,
    height,
    rgb: (x: number, y: number) =>
      yuvToRgb(paint(0, x, y).map(Math.round) as unknown as Rgb, { matrix: 'bt601', fullRange: false }),
  };

  it('agrees with the definition for any region and size', async () => {
    await using video = await open({ width, height, paint });
    // libswscale shortens its filters where only a few pixels go in or come out.
    const side = (most: number) => fc.integer({ min: 8, max: most });
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          x: fc.integer({ min: -60, max: width - 1 }),
          y: fc.integer({ min: -60, max: height - 1 }),
          width: side(150),
          height: side(150),
        }),
        side(160),
        side(160),
        async (region, widthPixels, heightPixels) => {
          const picture = await video.frameAtIndex(0, { region, widthPixels, heightPixels });
          expect(picture).toMatchObject({ region, widthPixels, heightPixels });
          const wanted = referencePicture(frame, region, widthPixels, heightPixels);
          expect(largestDifference(picture.data, wanted)).toBeLessThan(2.5);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps every pixel where the size stays, at odd offsets too', async () => {
    await using video = await open({ width, height, paint });
    const region = { x: 13, y: 7, width: 51, height: 33 };
    const picture = await video.frameAtIndex(0, { region });
    expect(largestDifference(picture.data, referencePicture(frame, region, 51, 33))).toBeLessThan(2);
  });

  it('rounds regions to whole pixels and says which it took', async () => {
    await using video = await open({ width, height, paint });
    const picture = await video.frameAtIndex(0, { region: { x: 3.4, y: 2.6, width: 10.3, height: 9.7 } });
    expect(picture).toMatchObject({ region: { x: 3, y: 3, width: 11, height: 9 }, widthPixels: 11, heightPixels: 9 });
  });

  it('is black where the region misses the frame', async () => {
    await using video = await open({ width, height, paint });
    const picture = await video.frameAtIndex(0, { region: { x: 500, y: 0, width: 20, height: 10 }, widthPixels: 8 });
    expect([...picture.data]).toEqual(new Array(8 * 4 * 3).fill(0));
  });

  it('keeps the aspect ratio of one given side, and never enlarges to a long side', async () => {
    await using video = await open({ width, height, paint });
    const sizes = [{ widthPixels: 194 }, { heightPixels: 30 }, { longSidePixels: 50 }, { longSidePixels: 500 }].map(
      async (options) => {
        const { widthPixels, heightPixels } = await video.frameAtIndex(0, options);
        return [widthPixels, heightPixels];
      },
    );
    expect(await Promise.all(sizes)).toEqual([
      [194, 122],
      [48, 30],
      [50, 31],
      [97, 61],
    ]);
  });
});

describe('orientation', () => {
  /** Top left, top right, bottom left, bottom right quarter as stored. */
  const quarters = [60, 110, 160, 210];
  const paint: TestVideo['paint'] = (_, x, y) => [quarters[(x >= 32 ? 1 : 0) + (y >= 16 ? 2 : 0)], 128, 128];
  const grey = (value: number) => Math.round(((value - 16) * 255) / 219);
  const turns: [rotationDegrees: number, matrix: [number, number, number, number], seen: number[]][] = [
    [0, [1, 0, 0, 1], [60, 110, 160, 210]],
    [90, [0, 1, -1, 0], [160, 60, 210, 110]],
    [180, [-1, 0, 0, -1], [210, 160, 110, 60]],
    [270, [0, -1, 1, 0], [110, 210, 60, 160]],
    [0, [-1, 0, 0, 1], [110, 60, 210, 160]],
    [90, [0, -1, -1, 0], [210, 110, 160, 60]],
  ];
  it.each(turns)('turns frames by %i degrees for the matrix %j', async (rotationDegrees, displayMatrix, seen) => {
    await using video = await open({ width: 64, height: 32, paint, displayMatrix });
    const [width, height] = rotationDegrees % 180 === 0 ? [64, 32] : [32, 64];
    expect(video.info).toMatchObject({ rotationDegrees, widthPixels: width, heightPixels: height });
    const whole = await video.frameAtIndex(0);
    const places = [0.25, 0.75].flatMap((y) => [0.25, 0.75].map((x) => [x, y]));
    const found = places.map(([x, y]) => pixel(whole, x * width, y * height)[0]);
    found.forEach((value, i) => {
      expect(Math.abs(value - grey(seen[i])), `${found}`).toBeLessThan(3);
    });
    const region = { x: width / 2 - 3, y: -5, width: 20, height: height / 2 };
    const cut = await video.frameAtIndex(0, { region });
    expect(pixel(cut, 2, 2)).toEqual([0, 0, 0]);
    expect(Math.abs(pixel(cut, 1, 7)[0] - grey(seen[0]))).toBeLessThan(3);
    expect(Math.abs(pixel(cut, 5, 7)[0] - grey(seen[1]))).toBeLessThan(3);
  });

  it('shows pixels that are not square as players do', async () => {
    await using video = await open({ width: 64, height: 32, paint, pixelAspect: [3, 2] });
    expect(video.info).toMatchObject({ widthPixels: 96, heightPixels: 32 });
    const whole = await video.frameAtIndex(0);
    expect([whole.widthPixels, whole.heightPixels]).toEqual([96, 32]);
    const cut = await video.frameAtIndex(0, { region: { x: 40, y: 0, width: 16, height: 10 } });
    expect(Math.abs(pixel(cut, 4, 5)[0] - grey(60))).toBeLessThan(3);
    expect(Math.abs(pixel(cut, 12, 5)[0] - grey(110))).toBeLessThan(3);
  });
});
