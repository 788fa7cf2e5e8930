import { describe, expect, it } from 'vitest';
import { Dice } from '../../dice.ts';
import { neutralControls } from '../body/controls.ts';
import { length, minus, type Vector } from '../body/vector.ts';
import { drawSubject } from '../subject.ts';
import { drawIdle } from './idle.ts';
import { simulate } from './simulate.ts';
import { clipOf, jointsOf, moments } from './testing.ts';

const restless = { ...drawSubject(2, 0), restlessness: 1 };

/** Of ten seconds in which nothing is done: where each joint is, by name. */
function paths(index: number, subject = drawSubject(2, index)): Record<string, Vector[]> {
  const { figureAt } = simulate(clipOf([], 10, index), subject);
  const figures = moments(0, 10).map((at) => jointsOf(figureAt(at)));
  return Object.fromEntries(Object.keys(figures[0]).map((name) => [name, figures.map((joints) => joints[name])]));
}

const furthest = (path: readonly Vector[]) => Math.max(...path.map((at) => length(minus(at, path[0]))));

describe('somebody who does nothing', () => {
  it('moves a little: every joint but those that seat and floor hold', () => {
    for (let index = 0; index < 12; index++) {
      for (const [name, path] of Object.entries(paths(index))) {
        if (/ankle|heel|ball|toe/.test(name)) expect(furthest(path), name).toBeLessThan(0.01);
        else if (!/pelvis|hip/.test(name)) expect(furthest(path), name).toBeGreaterThan(0.0004);
        expect(furthest(path), name).toBeLessThan(0.08);
      }
    }
  });

  it('moves slowly', () => {
    for (let index = 0; index < 12; index++) {
      for (const [name, path] of Object.entries(paths(index))) {
        const fastest = Math.max(...path.slice(1).map((at, i) => length(minus(at, path[i])) * 30));
        expect(fastest, name).toBeLessThan(0.12);
      }
    }
  });

  it('moves more who is more restless', () => {
    const sum = (restlessness: number) =>
      Array.from({ length: 8 }, (_, index) => furthest(paths(index, { ...restless, restlessness }).head)).reduce(
        (a, b) => a + b,
      );
    expect(sum(2)).toBeGreaterThan(1.3 * sum(0.5));
  });
});

describe('idle motion', () => {
  const idleOf = (seed: number) => drawIdle(new Dice(seed), restless, 30);
  const controlsAt = (seed: number, seconds: number) => {
    const controls = neutralControls();
    idleOf(seed).move(controls, seconds);
    return controls;
  };

  it('breathes 12 to 20 times a minute, a few millimetres deep', () => {
    for (let seed = 0; seed < 10; seed++) {
      const idle = idleOf(seed);
      const breath = moments(0, 30, 20).map((at) => {
        const controls = neutralControls();
        idle.move(controls, at);
        return controls.breath;
      });
      const middle = (Math.max(...breath) + Math.min(...breath)) / 2;
      const ins = breath.filter((value, i) => i > 0 && breath[i - 1] < middle && value >= middle).length;
      expect(ins).toBeGreaterThanOrEqual(5);
      expect(ins).toBeLessThanOrEqual(11);
      expect(Math.min(...breath)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...breath)).toBeGreaterThan(0.0035);
      expect(Math.max(...breath)).toBeLessThan(0.0095);
    }
  });

  it('blinks now and then, each time quite', () => {
    for (let seed = 0; seed < 10; seed++) {
      const idle = idleOf(seed);
      const lids = moments(0, 30, 60).map((at) => {
        const controls = neutralControls();
        idle.move(controls, at);
        return controls.face.eyelids;
      });
      const blinks = lids.filter((value, i) => i > 0 && lids[i - 1] < 0.5 && value >= 0.5).length;
      expect(blinks).toBeGreaterThanOrEqual(4);
      expect(blinks).toBeLessThanOrEqual(17);
      expect(Math.max(...lids)).toBeGreaterThan(0.85);
      expect(Math.max(...lids)).toBeLessThanOrEqual(1);
      expect(lids.filter((value) => value > 0).length / lids.length).toBeLessThan(0.2);
    }
  });

  it('is the same for the same seed, another for another', () => {
    expect(controlsAt(1, 4)).toEqual(controlsAt(1, 4));
    expect(controlsAt(1, 4)).not.toEqual(controlsAt(2, 4));
  });
});
