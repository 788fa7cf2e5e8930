import { describe, expect, it } from 'vitest';
import type { Figure } from '../../body/figure.ts';
import { sides } from '../../body/limbs.ts';
import { dot, length, minus, type Vector } from '../../body/vector.ts';
import { furthestApart, moments, type Rehearsal, rehearsals, turnOf, turnsOf } from '../testing.ts';

/** What the act adds to a measure of the figure, all through the act. */
function added(one: Rehearsal, measure: (figure: Figure) => number, from = one.start, to = one.end): number[] {
  return moments(from, to).map((at) => measure(one.acted.figureAt(at)) - measure(one.idle.figureAt(at)));
}

const span = (curve: readonly number[]) => Math.max(...curve) - Math.min(...curve);
const furthest = (curve: readonly number[]) => Math.max(...curve.map(Math.abs));
const distance = (a: Vector, b: Vector) => length(minus(a, b));

const chestRoll = ({ chest }: Figure) => turnOf(chest).roll;
const chestYaw = ({ chest }: Figure) => turnOf(chest).yaw;
const chestPitch = ({ chest }: Figure) => turnOf(chest).pitch;
const hipHeight = ({ pelvis }: Figure) => pelvis.origin[1];
const headHeight = ({ head }: Figure) => head.origin[1];
/** Of a shoulder above the waist, along the chest. */
const shoulderHeight = (side: 'left' | 'right') => (figure: Figure) =>
  dot(minus(figure.arms[side].shoulder, figure.chest.origin), figure.chest.up);

describe.each(['shaking body', 'shrugging', 'turning around', 'rising up'])('%s', (action) => {
  it('is nothing outside of the act', () => {
    for (const one of rehearsals(action)) {
      for (const at of [...moments(0, one.start, 10), ...moments(one.end, one.clipSeconds, 10)]) {
        expect(furthestApart(one.acted.figureAt(at), one.idle.figureAt(at))).toBeLessThan(1e-9);
      }
    }
  });

  it('begins and ends with the act, whatever its length', () => {
    for (const one of rehearsals(action)) {
      const apart = moments(one.start, one.end).map((at) =>
        furthestApart(one.acted.figureAt(at), one.idle.figureAt(at)),
      );
      const edge = Math.round(30 * Math.min(0.8, 0.5 * (one.end - one.start)));
      expect(Math.max(...apart.slice(0, edge))).toBeGreaterThan(0.008);
      expect(Math.max(...apart.slice(-edge))).toBeGreaterThan(0.008);
    }
  });
});

describe('shaking body', () => {
  it('sways to both sides, on a seat that stays where it is', () => {
    for (const one of rehearsals('shaking body', [2.5, 8])) {
      const roll = added(one, chestRoll);
      expect(Math.max(...roll)).toBeGreaterThan(1.5);
      expect(Math.min(...roll)).toBeLessThan(-1.5);
      expect(furthest(roll)).toBeLessThan(16);
      const sways = (turnsOf(roll, 0.3 * furthest(roll)) + 1) / 2 / (one.end - one.start);
      expect(sways).toBeGreaterThan(0.25);
      expect(sways).toBeLessThan(1.6);
      expect(furthest(added(one, hipHeight))).toBe(0);
    }
  });
});

describe('sitting straightly', () => {
  it('raises the head by some centimetres, and at most sags a little in between', () => {
    for (const one of rehearsals('sitting straightly')) {
      const height = added(one, headHeight);
      expect(height[height.length - 1] - height[0]).toBeGreaterThan(0.02);
      expect(height[height.length - 1] - height[0]).toBeLessThan(0.15);
      expect(Math.min(...height)).toBeGreaterThan(height[0] - 0.001);
      expect(turnsOf(height, 0.4 * (height[height.length - 1] - height[0]))).toBe(0);
    }
  });

  it('sets out from a slouch that stands before, and leaves a straight back', () => {
    for (const one of rehearsals('sitting straightly', [1, 2.5])) {
      // What a breath raises depends a little on how bent the back is.
      expect(span(added(one, headHeight, 0, one.start))).toBeLessThan(0.003);
      expect(span(added(one, headHeight, one.end, one.clipSeconds))).toBeLessThan(0.003);
      const bent = (at: number) => {
        const { waist, chest } = one.acted.figureAt(at);
        return turnOf(chest).pitch - turnOf(waist).pitch;
      };
      expect(bent(0)).toBeGreaterThan(12);
      expect(Math.abs(bent(one.clipSeconds))).toBeLessThan(8);
    }
  });

  it('goes on all through a long act, in several stages', () => {
    for (const one of rehearsals('sitting straightly', [8])) {
      const height = added(one, headHeight);
      const total = height[height.length - 1] - height[0];
      const early = height[Math.round(0.35 * height.length)] - height[0];
      const late = height[height.length - 1] - height[Math.round(0.65 * height.length)];
      expect(early / total).toBeGreaterThan(0.08);
      expect(late / total).toBeGreaterThan(0.05);
    }
  });
});

describe('shrugging', () => {
  it('raises shoulders alone: pelvis, spine, head, legs stay', () => {
    for (const one of rehearsals('shrugging', [1, 2.5])) {
      for (const at of moments(one.start, one.end, 15)) {
        const [acted, idle] = [one.acted.figureAt(at), one.idle.figureAt(at)];
        expect(furthestApart({ ...acted, arms: idle.arms }, idle)).toBe(0);
      }
      const rises = sides.map((side) => Math.max(...added(one, shoulderHeight(side))));
      expect(Math.max(...rises)).toBeGreaterThan(0.015);
      expect(Math.max(...rises)).toBeLessThan(0.12);
      expect(Math.min(...rises)).toBeGreaterThan(0.003);
    }
  });

  it('rises or rolls: of some people the shoulders go to the front and back as well', () => {
    const forward = (figure: Figure) => dot(minus(figure.arms.left.shoulder, figure.chest.origin), figure.chest.front);
    const reach = rehearsals('shrugging').map((one) => span(added(one, forward)));
    expect(Math.min(...reach)).toBeLessThan(0.002);
    expect(Math.max(...reach)).toBeGreaterThan(0.01);
  });
});

describe('turning around', () => {
  it('rotates the trunk to one side, and the face further', () => {
    const signs = new Set<number>();
    for (const one of rehearsals('turning around', [1.5, 2.5, 8])) {
      const [trunk, face] = [added(one, chestYaw), added(one, ({ head }) => turnOf(head).yaw)];
      const sign = Math.sign(trunk[Math.round(trunk.length / 2)]);
      signs.add(sign);
      expect(Math.max(...trunk.map((yaw) => sign * yaw))).toBeGreaterThan(14);
      expect(Math.max(...face.map((yaw) => sign * yaw))).toBeGreaterThan(20);
      expect(Math.max(...face.map((yaw) => sign * yaw))).toBeLessThan(110);
      expect(turnsOf(trunk, 4)).toBe(1);
    }
    expect(signs.size).toBe(2);
  });

  it('differs from turning the head by the trunk, which that leaves alone', () => {
    for (const one of rehearsals('turning head')) expect(furthest(added(one, chestYaw))).toBe(0);
  });
});

describe('rising up', () => {
  it('brings the trunk forward and leaves the seat, feet on the floor', () => {
    for (const one of rehearsals('rising up', [2, 5, 10])) {
      expect(Math.max(...added(one, chestPitch))).toBeGreaterThan(10);
      const rise = Math.max(...added(one, hipHeight));
      expect(rise).toBeGreaterThan(0.015);
      expect(rise).toBeLessThan(0.4);
      for (const at of moments(one.start, one.end, 15)) {
        for (const side of sides) {
          const { ball, toe, heel } = one.acted.figureAt(at).legs[side];
          for (const [, height] of [ball, toe, heel]) expect(height).toBeGreaterThan(0.005);
          expect(ball[1]).toBeLessThan(0.06);
        }
      }
    }
  });

  it('draws the feet under the seat', () => {
    for (const one of rehearsals('rising up', [2.5])) {
      const middle = (one.start + one.end) / 2;
      for (const side of sides) {
        const [acted, idle] = [one.acted.figureAt(middle), one.idle.figureAt(middle)];
        expect(idle.legs[side].ball[2] - acted.legs[side].ball[2]).toBeGreaterThan(0.02);
      }
    }
  });

  it('keeps the hands on what they rest on', () => {
    for (const one of rehearsals('rising up', [2.5])) {
      const relative = (figure: Figure, side: 'left' | 'right') =>
        Math.min(
          distance(figure.arms[side].wrist, figure.legs[side].knee),
          distance(figure.arms[side].wrist, figure.pelvis.origin),
        );
      for (const side of sides) expect(furthest(added(one, (figure) => relative(figure, side)))).toBeLessThan(0.15);
    }
  });
});
