import { describe, expect, it } from 'vitest';
import type { Figure } from '../../body/figure.ts';
import { shinRadius, thighRadius } from '../../body/legs.ts';
import { armOf, type Side, sides } from '../../body/limbs.ts';
import { dot, length, minus, mix, place, unit, type Vector } from '../../body/vector.ts';
import { bonesOf, furthestApart, moments, type Rehearsal, rehearsals, turnsOf } from '../testing.ts';
import { legHandPrograms } from './legHand.ts';

const actions = Object.keys(legHandPrograms);
const busyArms = ({ limbs }: Rehearsal) => sides.filter((side) => limbs.includes(armOf(side)));

const palmOf = ({ arms, size }: Figure, side: Side) => place(arms[side].hand, [0, 0.62 * size.palm, 0.12 * size.palm]);
const tipsOf = ({ arms }: Figure, side: Side) => mix(arms[side].fingers[1][2], arms[side].fingers[2][2], 0.5);

/** From a place to the skin of a bone, metres, and where along it that is: 0 to 1. */
function offSkin(at: Vector, from: Vector, to: Vector, radius: (share: number) => number) {
  const bone = minus(to, from);
  const share = Math.max(0, Math.min(1, dot(minus(at, from), bone) / dot(bone, bone)));
  return { metres: length(minus(at, mix(from, to, share))) - radius(share), share };
}
const offThigh = ({ legs, size }: Figure, of: Side, at: Vector) =>
  offSkin(at, legs[of].hip, legs[of].knee, (share) => thighRadius(size, share));
const offShin = ({ legs, size }: Figure, of: Side, at: Vector) =>
  offSkin(at, legs[of].knee, legs[of].ankle, (share) => shinRadius(size, share));
/** A foot is some 4 cm thick around the line from its ankle to its ball. */
const offFoot = ({ legs }: Figure, of: Side, at: Vector) => offSkin(at, legs[of].ankle, legs[of].ball, () => 0.04);

const nearestThigh = (figure: Figure, at: Vector) => Math.min(...sides.map((of) => offThigh(figure, of, at).metres));
const held = (one: Rehearsal, margin: number) => moments(one.start + margin, one.end - margin, 20);

describe.each(actions)('%s', (action) => {
  it('is finite and keeps the lengths of bones', () => {
    for (const one of rehearsals(action, [0.4, 2.5])) {
      const bones = bonesOf(one.idle.figureAt(0));
      for (const at of moments(0, one.clipSeconds, 8)) {
        for (const [name, metres] of Object.entries(bonesOf(one.acted.figureAt(at)))) {
          // The spine bends between its two bones, fingers bend in their joints: only those have no length of their own.
          if (!name.includes('trunk')) expect(metres).toBeCloseTo(bones[name], 6);
        }
      }
    }
  });

  it('ends where it began, a short one a moment later than it says', () => {
    for (const one of rehearsals(action, action === 'scratching feet' ? [2.5, 8] : undefined)) {
      const spare = one.end - one.start < 1.6 ? 0.28 : 0;
      for (const at of [...moments(0, one.start - spare, 6), ...moments(one.end + spare, one.clipSeconds, 6)]) {
        expect(furthestApart(one.acted.figureAt(at), one.idle.figureAt(at))).toBeLessThan(1e-9);
      }
    }
  });

  it('leaves the other arm alone, but for what it lies on', () => {
    for (const one of rehearsals(action, [2.5])) {
      if (busyArms(one).length === 2) continue;
      const other = sides.find((side) => !busyArms(one).includes(side))!;
      for (const at of moments(one.start, one.end, 8)) {
        const figure = one.acted.figureAt(at);
        if (one.limbs.includes('trunk')) expect(palmOf(figure, other)[1]).toBeGreaterThan(figure.pelvis.origin[1]);
        else expect(length(minus(palmOf(figure, other), palmOf(one.idle.figureAt(at), other)))).toBeLessThan(1e-9);
      }
    }
  });

  it('goes to the leg and back without a jerk', () => {
    for (const one of rehearsals(action, [1.5, 4])) {
      const figures = moments(one.start, one.end).map((at) => one.acted.figureAt(at));
      for (let i = 1; i < figures.length; i++) {
        for (const side of busyArms(one)) {
          const step = length(minus(figures[i].arms[side].wrist, figures[i - 1].arms[side].wrist));
          expect(step * 30).toBeLessThan(3.5);
        }
      }
    }
  });
});

describe('patting legs', () => {
  it('comes down on the thigh from 3 cm and more above it, the palm below', () => {
    for (const one of rehearsals('patting legs')) {
      for (const side of busyArms(one)) {
        const heights = moments(one.start, one.end, 60).map((at) => {
          const figure = one.acted.figureAt(at);
          return offThigh(figure, side, palmOf(figure, side)).metres;
        });
        expect(Math.max(...heights)).toBeGreaterThan(0.04);
        expect(Math.max(...heights)).toBeLessThan(0.3);
        const middle = heights.slice(Math.floor(heights.length / 4));
        expect(Math.min(...middle)).toBeLessThan(0.04);
        expect(Math.min(...heights)).toBeGreaterThan(-0.02);
      }
    }
  });

  it('happens once or a few times in a second, more often in a long act', () => {
    const patsIn = (seconds: number) =>
      rehearsals('patting legs', [seconds]).map((one) => {
        const [side] = busyArms(one);
        const heights = moments(one.start, one.end, 60).map((at) => {
          const figure = one.acted.figureAt(at);
          return offThigh(figure, side, palmOf(figure, side)).metres;
        });
        return (turnsOf(heights, 0.015) + 1) / 2;
      });
    for (const pats of patsIn(0.5)) expect(pats).toBeLessThan(2.6);
    for (const pats of patsIn(6)) {
      expect(pats).toBeGreaterThan(3);
      expect(pats).toBeLessThan(20);
    }
  });
});

describe('touching legs', () => {
  it('keeps the palm on a thigh, and rubs it', () => {
    for (const one of rehearsals('touching legs', [2.5, 8])) {
      for (const side of busyArms(one)) {
        const places = held(one, 0.9).map((at) => {
          const figure = one.acted.figureAt(at);
          expect(Math.abs(nearestThigh(figure, palmOf(figure, side)))).toBeLessThan(0.04);
          return palmOf(figure, side);
        });
        const furthest = Math.max(...places.map((at) => length(minus(at, places[0]))));
        expect(furthest).toBeGreaterThan(0.012);
        expect(furthest).toBeLessThan(0.2);
      }
    }
  });

  it('is not patting: the palm never leaves the leg in between', () => {
    const lifted = (action: string) =>
      rehearsals(action, [8]).map((one) => {
        const [side] = busyArms(one);
        const heights = held(one, 0.9).map((at) => {
          const figure = one.acted.figureAt(at);
          return nearestThigh(figure, palmOf(figure, side));
        });
        return Math.max(...heights);
      });
    expect(Math.max(...lifted('touching legs'))).toBeLessThan(0.035);
    expect(Math.min(...lifted('patting legs'))).toBeGreaterThan(0.045);
  });
});

/** How often the finger tips turn, seen along the hand's own fingers, while the hand is there. */
const strokesIn = (one: Rehearsal) => {
  const [side] = busyArms(one);
  const times = moments(one.start + 1.1, one.end - 1.2, 60);
  const { origin, up } = one.acted.figureAt(times[0]).arms[side].hand;
  const along = times.map((at) => dot(unit(up), minus(tipsOf(one.acted.figureAt(at), side), origin)));
  return turnsOf(along, 0.005) / 2 / (times[times.length - 1] - times[0]);
};

describe('scratching legs', () => {
  it('has the finger tips on the calf, between knee and ankle, while the trunk leans', () => {
    for (const one of rehearsals('scratching legs', [2.5, 8])) {
      const [side] = busyArms(one);
      for (const at of held(one, 1.15)) {
        const figure = one.acted.figureAt(at);
        const near = sides.map((of) => offShin(figure, of, tipsOf(figure, side)));
        const { metres, share } = near[0].metres < near[1].metres ? near[0] : near[1];
        expect(Math.abs(metres)).toBeLessThan(0.03);
        expect(share).toBeGreaterThan(0.2);
        expect(share).toBeLessThan(0.85);
        const lean = figure.neck[2] - one.idle.figureAt(at).neck[2];
        expect(lean / figure.size.upperTrunk).toBeGreaterThan(0.25);
      }
    }
  });

  it('brings the leg within reach in some, and stoops in others', () => {
    const ankles = rehearsals('scratching legs', [4, 4, 4]).map((one) => {
      const { left, right } = one.acted.figureAt(one.start + 2).legs;
      return Math.max(left.ankle[1], right.ankle[1]) > 0.15;
    });
    expect(new Set(ankles)).toEqual(new Set([true, false]));
  });
});

describe('scratching feet', () => {
  it('has the finger tips on a foot whose ankle lies on the other thigh', () => {
    for (const one of rehearsals('scratching feet', [2.5, 8])) {
      const [side] = busyArms(one);
      for (const at of held(one, 1.15)) {
        const figure = one.acted.figureAt(at);
        const { left, right } = figure.legs;
        const of = left.ankle[1] > right.ankle[1] ? 'left' : 'right';
        expect(figure.legs[of].ankle[1]).toBeGreaterThan(figure.size.shin);
        expect(Math.abs(offFoot(figure, of, tipsOf(figure, side)).metres)).toBeLessThan(0.03);
      }
    }
  });

  it('finds the leg folded where it is short', () => {
    for (const one of rehearsals('scratching feet', [0.4, 1])) {
      for (const at of [0, one.start, one.end, one.clipSeconds]) {
        const { legs, size } = one.acted.figureAt(at);
        expect(Math.max(legs.left.ankle[1], legs.right.ankle[1])).toBeGreaterThan(size.shin);
      }
    }
  });
});

it.each(['scratching legs', 'scratching feet'])('%s: finger tips go 2 to 5 times a second', (action) => {
  for (const one of rehearsals(action, [5])) {
    expect(strokesIn(one)).toBeGreaterThan(1.7); // some of it are pauses
    expect(strokesIn(one)).toBeLessThan(5.5);
  }
});
