import { describe, expect, it } from 'vitest';
import { Dice } from '../../dice.ts';
import type { Vector } from '../body/vector.ts';
import { drawSubject } from '../subject.ts';
import { project } from './camera.ts';
import { drawCamera, drawShake, shaken } from './drawCamera.ts';

const picture = { widthPixels: 256, heightPixels: 256 };
const cameras = Array.from({ length: 200 }, (_, seed) => {
  const dice = new Dice(seed);
  const camera = drawCamera(dice.fork('camera'), drawSubject(1, seed).size, picture);
  return { camera, shake: drawShake(dice.fork('shake'), camera) };
});

describe('drawCamera', () => {
  it('stands 1.8 to 3.5 m away, at many distances and a little to either side', () => {
    const distances = cameras.map(({ camera }) => Math.hypot(camera.frame.origin[0], camera.frame.origin[2]));
    expect(Math.min(...distances)).toBeGreaterThanOrEqual(1.8);
    expect(Math.max(...distances)).toBeLessThanOrEqual(3.5);
    expect(distances.filter((metres) => metres < 2.4).length).toBeGreaterThan(40);
    expect(distances.filter((metres) => metres > 2.9).length).toBeGreaterThan(40);
    const right = cameras.filter(({ camera }) => camera.frame.origin[0] < 0).length;
    expect(right).toBeGreaterThan(60);
    expect(right).toBeLessThan(140);
  });

  it('looks at the person, who is as large in small pictures as in large ones', () => {
    const { size } = drawSubject(1, 0);
    const [small, large] = [256, 512].map((pixels) => {
      const camera = drawCamera(new Dice(1), size, { widthPixels: pixels, heightPixels: pixels });
      return project(camera, [0.1, 0.9, 0]).map((value) => value / pixels);
    });
    expect(small[0]).toBeCloseTo(large[0], 6);
    expect(small[1]).toBeCloseTo(large[1], 6);
    expect(Math.abs(small[0] - 0.5)).toBeLessThan(0.25);
  });
});

describe('shaken', () => {
  it('moves what is seen by a pixel at most, smoothly; some cameras stand still', () => {
    const place: Vector = [0.2, 1, 0.1];
    let trembling = 0;
    for (const { camera, shake } of cameras) {
      const still = project(camera, place);
      let [most, before] = [0, project(shaken(camera, shake, 0), place)];
      for (let frame = 1; frame < 90; frame++) {
        const now = project(shaken(camera, shake, frame / 30), place);
        most = Math.max(most, Math.hypot(now[0] - still[0], now[1] - still[1]));
        expect(Math.hypot(now[0] - before[0], now[1] - before[1])).toBeLessThan(0.6);
        before = now;
      }
      expect(most).toBeLessThan(1.6);
      if (most > 0) trembling++;
    }
    expect(trembling).toBeGreaterThan(90);
    expect(trembling).toBeLessThan(150);
  });
});
