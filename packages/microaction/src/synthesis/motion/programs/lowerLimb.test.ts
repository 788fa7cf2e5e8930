import { describe, expect, it } from 'vitest';
import type { Figure } from '../../body/figure.ts';
import { legOf, type Side, sides, sign } from '../../body/limbs.ts';
import { length, minus } from '../../body/vector.ts';
import { bonesOf, furthestApart, moments, type Rehearsal, rehearsals, turnsOf } from '../testing.ts';
import { lowerLimbPrograms } from './lowerLimb.ts';

const actions = Object.keys(lowerLimbPrograms);
const busyLegs = ({ limbs }: Rehearsal) => sides.filter((side) => limbs.includes(legOf(side)));

/** What the act adds to something that is measured in a figure. */
function added({ acted, idle }: Rehearsal, measure: (figure: Figure) => number, seconds: number): number {
  return measure(acted.figureAt(seconds)) - measure(idle.figureAt(seconds));
}
const duringAct = (one: Rehearsal, measure: (figure: Figure) => number, perSecond = 30) =>
  moments(one.start, one.end, perSecond).map((at) => added(one, measure, at));
const before = (one: Rehearsal) => moments(0, one.start, 6);
const after = (one: Rehearsal) => moments(one.end, one.clipSeconds, 6);

const kneeUp = (side: Side) => (figure: Figure) => figure.legs[side].knee[1];
const heelUp = (side: Side) => (figure: Figure) => figure.legs[side].heel[1];
const ballForward = (side: Side) => (figure: Figure) => figure.legs[side].ball[2];
const kneesApart = ({ legs }: Figure) => length(minus(legs.left.knee, legs.right.knee));
/** How far one thigh has gone to the other's side, and how far one ankle is above the floor, metres. */
const crossing = ({ legs }: Figure) => Math.max(...sides.map((side) => -sign(side) * legs[side].knee[0]));
const highestAnkle = ({ legs }: Figure) => Math.max(legs.left.ankle[1], legs.right.ankle[1]);

describe.each(actions)('%s', (action) => {
  it('moves legs alone, and only those it keeps busy', () => {
    for (const one of rehearsals(action, [0.4, 2.5])) {
      for (const at of moments(0, one.clipSeconds, 5)) {
        const [acted, idle] = [one.acted.figureAt(at), one.idle.figureAt(at)];
        // Hands lie on the legs, and go where they go.
        expect(furthestApart({ ...acted, legs: idle.legs, arms: idle.arms }, idle)).toBe(0);
        const idleLegs = sides.filter((side) => !busyLegs(one).includes(side));
        // Knees that meet push each other.
        for (const side of idleLegs) {
          expect(length(minus(acted.legs[side].knee, idle.legs[side].knee))).toBeLessThan(0.02);
          expect(length(minus(acted.legs[side].ball, idle.legs[side].ball))).toBeLessThan(1e-9);
        }
      }
    }
  });

  it('is finite, keeps the lengths of bones and stays above the floor', () => {
    for (const one of rehearsals(action, [0.4, 2.5])) {
      const bones = bonesOf(one.idle.figureAt(0));
      for (const at of moments(0, one.clipSeconds, 10)) {
        const figure = one.acted.figureAt(at);
        for (const [name, metres] of Object.entries(bonesOf(figure))) {
          if (!name.includes('trunk')) expect(metres).toBeCloseTo(bones[name], 6);
        }
        for (const side of sides) {
          for (const joint of ['heel', 'ball', 'toe'] as const) expect(figure.legs[side][joint][1]).toBeGreaterThan(0);
        }
      }
    }
  });

  it('begins within a third of a second and goes on into the last', () => {
    for (const one of rehearsals(action, [1, 8])) {
      const third = one.end - one.start < 2 ? 1 / 2 : 1 / 3;
      for (const from of [one.start, one.end - third]) {
        const figures = moments(from, from + third).map((at) => {
          const [acted, idle] = [one.acted.figureAt(at), one.idle.figureAt(at)];
          return { acted, idle };
        });
        const moved = figures.map(({ acted, idle }) =>
          sides.map((side) => minus(acted.legs[side].knee, idle.legs[side].knee)),
        );
        const feet = figures.map(({ acted, idle }) =>
          sides.map((side) => minus(acted.legs[side].toe, idle.legs[side].toe)),
        );
        const travel = [moved, feet].flatMap((path) =>
          sides.map((_, k) => Math.max(...path.map((each) => length(minus(each[k], path[0][k]))))),
        );
        expect(Math.max(...travel)).toBeGreaterThan(0.003);
      }
    }
  });

  it('is no quicker than legs are', () => {
    for (const one of rehearsals(action, [1, 4])) {
      const figures = moments(one.start, one.end).map((at) => one.acted.figureAt(at));
      for (let i = 1; i < figures.length; i++) {
        for (const side of sides) {
          for (const joint of ['knee', 'ankle', 'toe'] as const) {
            const step = length(minus(figures[i].legs[side][joint], figures[i - 1].legs[side][joint]));
            expect(step * 30).toBeLessThan(4);
          }
        }
      }
    }
  });
});

describe.each(['shaking legs', 'tiptoe'])('%s', (action) => {
  it('ends where it began', () => {
    for (const one of rehearsals(action)) {
      for (const at of [...before(one), ...after(one)]) {
        expect(furthestApart(one.acted.figureAt(at), one.idle.figureAt(at))).toBeLessThan(1e-9);
      }
    }
  });
});

describe('shaking legs', () => {
  it('bounces the knee by 1 to 8 cm, the ball of the foot on its place', () => {
    for (const one of rehearsals('shaking legs')) {
      for (const side of busyLegs(one)) {
        const highest = Math.max(...duringAct(one, kneeUp(side)));
        expect(highest).toBeGreaterThan(0.01);
        expect(highest).toBeLessThan(0.08);
        for (const at of moments(one.start, one.end, 10)) {
          const ball = (figure: Figure) => figure.legs[side].ball;
          expect(length(minus(ball(one.acted.figureAt(at)), ball(one.idle.figureAt(at))))).toBeLessThan(1e-9);
        }
      }
    }
  });

  it('bounces 3 to 6 times a second where it goes on', () => {
    for (const one of rehearsals('shaking legs', [2.5, 5])) {
      for (const side of busyLegs(one)) {
        const curve = duringAct(one, kneeUp(side), 60);
        const bounces = turnsOf(curve, 0.004) / 2 / (one.end - one.start);
        expect(bounces).toBeGreaterThan(2.4); // some of it are pauses
        expect(bounces).toBeLessThan(6.2);
      }
    }
  });

  it('happens once as well', () => {
    const counts = rehearsals('shaking legs', [1, 1, 0.8, 0.8]).map((one) =>
      turnsOf(duringAct(one, kneeUp(busyLegs(one)[0]), 120), 0.004),
    );
    expect(Math.min(...counts)).toBeLessThanOrEqual(4);
    expect(Math.max(...counts)).toBeGreaterThanOrEqual(5);
  });
});

describe('tiptoe', () => {
  it('lifts the heel by 6 cm and more, the toes on the ground, all through the act', () => {
    for (const one of rehearsals('tiptoe', [2.5, 8])) {
      for (const side of busyLegs(one)) {
        for (const at of moments(one.start + 0.9, one.end - 0.9, 10)) {
          expect(added(one, heelUp(side), at)).toBeGreaterThan(0.05);
          expect(one.acted.figureAt(at).legs[side].toe[1]).toBeLessThan(0.03);
        }
      }
    }
  });
});

describe('changes of posture', () => {
  it.each(['spread legs', 'closing legs', 'stretching feet', 'retracting feet'])(
    '%s: nothing moves but the posture that stands before and the other that stands after',
    (action) => {
      for (const one of rehearsals(action)) {
        for (const side of busyLegs(one)) {
          for (const measure of [ballForward(side), heelUp(side)]) {
            for (const at of before(one)) expect(added(one, measure, at)).toBeCloseTo(added(one, measure, 0), 3);
            for (const at of after(one)) expect(added(one, measure, at)).toBeCloseTo(added(one, measure, one.end), 3);
          }
          for (const [from, at] of [...before(one).map((at) => [0, at]), ...after(one).map((at) => [one.end, at])]) {
            expect(Math.abs(added(one, kneesApart, at) - added(one, kneesApart, from))).toBeLessThan(0.02);
          }
        }
      }
    },
  );

  it('spread legs: knees end at least 6 cm further apart; closing legs: at least 6 cm nearer', () => {
    for (const [action, way] of [
      ['spread legs', 1],
      ['closing legs', -1],
    ] as const) {
      for (const one of rehearsals(action)) {
        const curve = duringAct(one, kneesApart);
        expect(way * (curve[curve.length - 1] - curve[0])).toBeGreaterThan(0.06);
      }
    }
  });

  it('stretching feet: the foot ends at least 6 cm further out, forward or sideways', () => {
    const ways = rehearsals('stretching feet').map((one) => {
      const [side] = busyLegs(one);
      const ball = (at: number) => one.acted.figureAt(at).legs[side].ball;
      const moved = minus(ball(one.end), ball(one.start));
      expect(Math.max(moved[2], sign(side) * moved[0])).toBeGreaterThan(0.06);
      return moved[2] > sign(side) * moved[0] ? 'forward' : 'sideways';
    });
    expect(new Set(ways)).toEqual(new Set(['forward', 'sideways']));
  });

  it('stretching feet: the toes of some rise, the heel on the floor', () => {
    const rises = rehearsals('stretching feet').map((one) => {
      const { toe, heel } = one.acted.figureAt(one.end).legs[busyLegs(one)[0]];
      expect(heel[1]).toBeLessThan(0.03);
      return toe[1] - heel[1];
    });
    expect(Math.max(...rises)).toBeGreaterThan(0.04);
    expect(Math.min(...rises)).toBeLessThan(0.02);
  });

  it('retracting feet: the foot ends at least 6 cm nearer to the seat, flat (or it were tiptoe)', () => {
    for (const one of rehearsals('retracting feet')) {
      for (const side of busyLegs(one)) {
        const curve = duringAct(one, ballForward(side));
        expect(curve[0] - curve[curve.length - 1]).toBeGreaterThan(0.06);
        for (const at of after(one)) expect(one.acted.figureAt(at).legs[side].heel[1]).toBeLessThan(0.025);
      }
    }
  });
});

describe.each([
  { action: 'crossing legs', folded: crossing, least: 0.02 },
  { action: 'curling legs', folded: highestAnkle, least: 0.45 },
])('$action', ({ action, folded, least }) => {
  it('is held through a long act and undone at its end', () => {
    for (const one of rehearsals(action, [4, 8])) {
      for (const at of moments(one.start + 1.6, one.end - 1.6, 10)) {
        expect(folded(one.acted.figureAt(at))).toBeGreaterThan(least);
      }
      for (const at of [...before(one), ...after(one)]) {
        expect(furthestApart(one.acted.figureAt(at), one.idle.figureAt(at))).toBeLessThan(1e-9);
      }
    }
  });

  it('is the way there alone where there is no time for both, with a moment more for a very short one', () => {
    for (const one of rehearsals(action, [0.4, 1])) {
      const spare = one.end - one.start < 0.9 ? 0.28 : 0;
      for (const at of moments(0, one.start - spare, 6)) {
        expect(furthestApart(one.acted.figureAt(at), one.idle.figureAt(at))).toBeLessThan(1e-9);
      }
      for (const at of moments(one.end + spare, one.clipSeconds, 6)) {
        expect(folded(one.acted.figureAt(at))).toBeGreaterThan(least);
      }
    }
  });

  it('is done with either leg', () => {
    const over = rehearsals(action, [4]).map((one) => {
      const { left, right } = one.acted.figureAt(3).legs;
      return left.ankle[1] > right.ankle[1] ? 'left' : 'right';
    });
    expect(new Set(over)).toEqual(new Set(sides));
  });
});
