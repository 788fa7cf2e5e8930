import { describe, expect, it } from 'vitest';
import { Dice } from '../../dice.ts';
import { drawSeat } from '../motion/seat.ts';
import { drawSubject } from '../subject.ts';
import { type Controls, neutralControls } from './controls.ts';
import { stand } from './figure.ts';
import { type Leg, shinRadius, thighRadius } from './legs.ts';
import { otherSide, type Side, sides, sign } from './limbs.ts';
import type { Proportions } from './proportions.ts';
import { dot, length, minus, mix, type Vector } from './vector.ts';

interface Case {
  readonly size: Proportions;
  readonly legs: Record<Side, Leg>;
}

/** Many people in their seats, `change` done to them. */
function seated(change: (controls: Controls) => void, people = 25): Case[] {
  return Array.from({ length: people }, (_, index) => {
    const subject = drawSubject(9, index);
    const controls = neutralControls();
    drawSeat(new Dice(index), subject).settle(controls);
    change(controls);
    return { size: subject.size, legs: stand(controls, subject.size).legs };
  });
}

/** The least distance between the skins of two bones, metres; below 0 they are in each other. */
function clearance(a: Rod, b: Rod): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i <= 20; i++) {
    for (let j = 0; j <= 20; j++) {
      const apart = length(minus(mix(a.from, a.to, i / 20), mix(b.from, b.to, j / 20)));
      least = Math.min(least, apart - a.radius(i / 20) - b.radius(j / 20));
    }
  }
  return least;
}

interface Rod {
  readonly from: Vector;
  readonly to: Vector;
  radius(share: number): number;
}

const shin = ({ knee, ankle }: Leg, size: Proportions): Rod => {
  return { from: knee, to: ankle, radius: (share) => shinRadius(size, share) };
};
/** Its half at the knee: hips are next to each other. */
const thigh = ({ hip, knee }: Leg, size: Proportions): Rod => {
  return { from: mix(hip, knee, 0.5), to: knee, radius: (share) => thighRadius(size, 0.5 + share / 2) };
};
const foot = ({ heel, toe }: Leg): Rod => ({ from: heel, to: toe, radius: () => 0.028 });

const folds = sides.flatMap((side) => (['cross', 'curl'] as const).map((how) => ({ side, how })));

describe.each(folds)('the $side leg, on its way to $how over the other', ({ side, how }) => {
  const other = otherSide(side);
  const shares = Array.from({ length: 11 }, (_, i) => i / 10);
  const at = (share: number) =>
    seated((controls) => {
      controls.legs[side][how] = share;
    });

  it('keeps the lengths of its bones', () => {
    for (const { size, legs } of shares.flatMap(at)) {
      for (const { hip, knee, ankle, heel, toe, foot } of Object.values(legs)) {
        expect(length(minus(knee, hip))).toBeCloseTo(size.thigh, 9);
        expect(length(minus(ankle, knee))).toBeCloseTo(size.shin, 9);
        expect(length(minus(toe, heel))).toBeGreaterThan(0.85 * size.foot);
        expect(length(minus(toe, heel))).toBeLessThan(size.foot);
        expect(dot(foot.front, foot.up)).toBeCloseTo(0, 9);
      }
    }
  });

  it('does not go through the other leg, but for flesh that gives way', () => {
    const flesh = how === 'cross' ? 0.055 : 0.015;
    for (const { size, legs } of shares.flatMap(at)) {
      const [over, under] = [legs[side], legs[other]];
      for (const rod of [shin(under, size), thigh(under, size)]) {
        expect(clearance(shin(over, size), rod)).toBeGreaterThan(-flesh);
        expect(clearance(foot(over), rod)).toBeGreaterThan(0);
      }
      expect(clearance(thigh(over, size), thigh(under, size))).toBeGreaterThan(-1.7 * flesh);
    }
  });

  it('moves smoothly, and never under the floor', () => {
    const fine = Array.from({ length: 41 }, (_, i) => at(i / 40).slice(0, 8));
    fine.forEach((cases, i) => {
      cases.forEach(({ legs }, k) => {
        for (const joint of ['heel', 'ball', 'toe'] as const) expect(legs[side][joint][1]).toBeGreaterThan(0.005);
        if (i === 0) return;
        const before = fine[i - 1][k].legs;
        for (const joint of ['knee', 'ankle', 'toe'] as const) {
          expect(length(minus(legs[side][joint], before[side][joint]))).toBeLessThan(0.16);
          expect(length(minus(legs[other][joint], before[other][joint]))).toBeLessThan(0.02);
        }
      });
    });
  });
});

describe('a crossed leg', () => {
  it('has its thigh on the other, its knee beyond the middle, its shin hanging outside of the other shin', () => {
    for (const side of sides) {
      const crossed = seated((controls) => {
        controls.legs[side].cross = 1;
      });
      for (const { size, legs } of crossed) {
        const [over, under] = [legs[side], legs[otherSide(side)]];
        const up = over.knee[1] - under.knee[1];
        expect(up / size.thigh).toBeGreaterThan(0.2);
        expect(up / size.thigh).toBeLessThan(0.5);
        expect(sign(side) * over.knee[0]).toBeLessThan(0);
        expect(sign(side) * (under.ankle[0] - over.ankle[0])).toBeGreaterThan(0.1);
        expect(over.ankle[1]).toBeGreaterThan(under.ankle[1] + 0.1);
        expect(over.ankle[1]).toBeLessThan(under.knee[1]);
        expect(under.heel[1]).toBeLessThan(0.04);
      }
    }
  });
});

describe('a curled leg', () => {
  it('has its ankle on the other thigh near the knee, its shin all but level, its knee to its own side', () => {
    for (const side of sides) {
      const curled = seated((controls) => {
        controls.legs[side].curl = 1;
      });
      for (const { size, legs } of curled) {
        const [over, under] = [legs[side], legs[otherSide(side)]];
        const below = mix(under.hip, under.knee, 0.8);
        expect(over.ankle[1] - below[1]).toBeGreaterThan(0.07);
        expect(over.ankle[1] - below[1]).toBeLessThan(0.16);
        expect(Math.hypot(over.ankle[0] - below[0], over.ankle[2] - below[2])).toBeLessThan(0.08);
        expect(Math.abs(over.knee[1] - over.ankle[1]) / size.shin).toBeLessThan(0.3);
        expect(sign(side) * over.knee[0]).toBeGreaterThan(0.1);
        expect(sign(side) * (over.ankle[0] - over.toe[0])).toBeGreaterThan(0.05);
      }
    }
  });
});

describe('legs on the floor', () => {
  it('stand on ball and toes as the heel rises, on the heel as the toes rise', () => {
    for (const degrees of [-20, -8, 0, 10, 25, 45]) {
      const raised = seated((controls) => {
        for (const side of sides) controls.legs[side].heel = degrees;
      });
      const flat = seated(() => {});
      raised.forEach(({ legs }, i) => {
        for (const side of sides) {
          const [leg, before] = [legs[side], flat[i].legs[side]];
          if (degrees > 0) {
            expect(length(minus(leg.ball, before.ball))).toBeLessThan(1e-9);
            expect(leg.toe[1]).toBeGreaterThan(0.003);
            expect(leg.toe[1]).toBeLessThan(0.03);
            expect(leg.knee[1]).toBeGreaterThan(before.knee[1] + 0.001 * degrees);
          } else {
            expect(Math.abs(leg.heel[1] - before.heel[1])).toBeLessThan(0.004);
            if (degrees < 0) expect(leg.toe[1]).toBeGreaterThan(before.toe[1] + 0.02);
          }
        }
      });
    }
  });

  it('mirror each other', () => {
    const { size } = drawSubject(9, 3);
    const posed = (side: Side) => {
      const controls = neutralControls();
      const leg = {
        foot: { out: 0.03, up: 0.02, forward: 0.08 },
        heel: 12,
        toesOut: 9,
        kneeOut: 11,
        cross: 0,
        curl: 0,
      };
      Object.assign(controls.legs[side], leg);
      return stand(controls, size).legs[side];
    };
    const [left, right] = [posed('left'), posed('right')];
    for (const joint of ['knee', 'ankle', 'heel', 'ball', 'toe'] as const) {
      expect(left[joint][0]).toBeCloseTo(-right[joint][0], 9);
      expect(left[joint][1]).toBeCloseTo(right[joint][1], 9);
      expect(left[joint][2]).toBeCloseTo(right[joint][2], 9);
    }
  });

  it('stop each other where their knees meet', () => {
    const closed = seated((controls) => {
      for (const side of sides) controls.legs[side].kneeOut -= 40;
    });
    for (const { size, legs } of closed) {
      const apart = legs.left.knee[0] - legs.right.knee[0];
      expect(apart).toBeGreaterThan(1.8 * thighRadius(size, 1));
      expect(apart).toBeLessThan(2.1 * thighRadius(size, 1));
    }
  });
});
