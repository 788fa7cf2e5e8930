import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestIndex, personRegions, regionAt } from './personRegions.ts';
import { dragged, mostZoom, pictureBox, viewOf, wholePicture, zoomedAt } from './picture.ts';

const size = fc.record({ width: fc.integer({ min: 50, max: 4000 }), height: fc.integer({ min: 50, max: 4000 }) });
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('the place of the picture', () => {
  it('is all of the picture, in its own shape, touching two sides of the stage', () => {
    fc.assert(
      fc.property(size, size, (stage, picture) => {
        const { left, top, width, height } = pictureBox(stage, picture);
        expect(width / height).toBeCloseTo(picture.width / picture.height, 6);
        expect(Math.min(left, top)).toBeCloseTo(0, 6);
        expect(left * 2 + width).toBeCloseTo(stage.width, 6);
        expect(top * 2 + height).toBeCloseTo(stage.height, 6);
      }),
    );
  });

  it('leaves no gap at a side that the picture could fill', () => {
    fc.assert(
      fc.property(
        size,
        size,
        fc.double({ min: 1, max: mostZoom, noNaN: true }),
        share,
        share,
        (stage, picture, zoom, x, y) => {
          const box = pictureBox(stage, picture, { zoom, x, y });
          if (box.width >= stage.width) {
            expect(box.left).toBeLessThanOrEqual(1e-9);
            expect(box.left + box.width).toBeGreaterThanOrEqual(stage.width - 1e-6);
          }
        },
      ),
    );
  });

  it('keeps the point under the pointer while zooming in', () => {
    const [stage, picture] = [
      { width: 800, height: 600 },
      { width: 1920, height: 1080 },
    ];
    const at = { x: 500, y: 320 };
    const before = pictureBox(stage, picture);
    const after = pictureBox(stage, picture, zoomedAt(wholePicture, 4, at, stage, picture));
    expect((at.x - after.left) / after.width).toBeCloseTo((at.x - before.left) / before.width, 9);
    expect((at.y - after.top) / after.height).toBeCloseTo((at.y - before.top) / before.height, 9);
  });

  it('follows a drag, and comes back at once after one beyond its border', () => {
    const [stage, picture] = [
      { width: 800, height: 450 },
      { width: 1920, height: 1080 },
    ];
    const near = { zoom: 2, x: 0.5, y: 0.5 };
    const moved = dragged(near, { x: 100, y: 0 }, stage, picture);
    expect(pictureBox(stage, picture, moved).left - pictureBox(stage, picture, near).left).toBeCloseTo(100, 6);
    const beyond = dragged(near, { x: 5000, y: 0 }, stage, picture);
    expect(pictureBox(stage, picture, dragged(beyond, { x: -10, y: 0 }, stage, picture)).left).toBeCloseTo(-10, 6);
  });

  it('shows a region of the picture whole', () => {
    fc.assert(
      fc.property(size, size, share, share, (stage, picture, x, y) => {
        const region = { left: x * 0.7, top: y * 0.7, width: 0.3, height: 0.3 };
        const box = pictureBox(stage, picture, viewOf(region, stage, picture));
        const slack = 1e-6 * (box.width + box.height);
        expect(box.left + region.left * box.width).toBeGreaterThanOrEqual(-slack);
        expect(box.top + region.top * box.height).toBeGreaterThanOrEqual(-slack);
        expect(box.left + (region.left + region.width) * box.width).toBeLessThanOrEqual(stage.width + slack);
        expect(box.top + (region.top + region.height) * box.height).toBeLessThanOrEqual(stage.height + slack);
      }),
    );
  });
});

describe('the region of the person', () => {
  const times = Float64Array.from({ length: 100 }, (_, t) => t / 25);
  const track = (place: (t: number) => readonly [number, number], sees: (t: number) => boolean = () => true) => {
    const points = ['nose', 'leftAnkle'] as const;
    const at = (axis: 0 | 1) =>
      Float32Array.from({ length: 200 }, (_, i) => place(i >> 1)[axis] + (i % 2) * (axis ? 300 : 100));
    const confidence = Float32Array.from({ length: 200 }, (_, i) => (sees(i >> 1) ? 1 : 0));
    return { points, timesSeconds: times, x: at(0), y: at(1), confidence, widthPixels: 1000, heightPixels: 1000 };
  };

  it('holds all points that are seen', () => {
    const found = personRegions(track(() => [400, 300]));
    const { left, top, width, height } = regionAt(found!, 2);
    expect(left).toBeLessThan(0.4);
    expect(left + width).toBeGreaterThan(0.5);
    expect(top).toBeLessThan(0.3);
    expect(top + height).toBeGreaterThan(0.6);
  });

  it('is calm while the person trembles', () => {
    const found = personRegions(track((t) => [400 + (t % 2) * 40, 300]));
    const lefts = found!.regions.slice(30, 70).map(({ left }) => left);
    expect(Math.max(...lefts) - Math.min(...lefts)).toBeLessThan(0.002);
  });

  it('stays where the person was last seen, and is nothing where nobody ever is', () => {
    const found = personRegions(
      track(
        () => [400, 300],
        (t) => t < 20,
      ),
    );
    expect(regionAt(found!, 3.9).left).toBeCloseTo(regionAt(found!, 0).left, 9);
    expect(
      personRegions(
        track(
          () => [400, 300],
          () => false,
        ),
      ),
    ).toBeNull();
  });

  it('finds the nearest time', () => {
    expect([0, 0.019, 0.021, 99].map((seconds) => nearestIndex(times, seconds))).toEqual([0, 0, 1, 99]);
  });
});
