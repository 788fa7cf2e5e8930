import { describe, expect, it } from 'vitest';
import { Dice } from '../../dice.ts';
import { neutralControls } from '../body/controls.ts';
import { type Figure, stand, withArms } from '../body/figure.ts';
import { sides, sign } from '../body/limbs.ts';
import { dot, length, minus, mix, place, plus, times } from '../body/vector.ts';
import { drawSubject } from '../subject.ts';
import { drawSeat, onThigh } from './seat.ts';
import { furthestApart, turnOf } from './testing.ts';

/** How somebody sits at rest, with nothing that moves. */
function seated(index: number): Figure {
  const subject = drawSubject(3, index);
  const seat = drawSeat(new Dice(index).fork('seat'), subject);
  const controls = neutralControls();
  seat.settle(controls);
  const standing = stand(controls, subject.size);
  return withArms(standing, seat.hands(standing));
}

const people = Array.from({ length: 60 }, (_, index) => seated(index));

describe('somebody seated', () => {
  it('has both feet flat on the floor', () => {
    for (const { legs } of people) {
      for (const side of sides) {
        const { heel, ball, toe } = legs[side];
        for (const [, height] of [heel, ball, toe]) expect(height > 0.005 && height < 0.05).toBe(true);
        expect(toe[2]).toBeGreaterThan(heel[2]);
      }
    }
  });

  it('keeps left and right apart: knees, feet, elbows', () => {
    for (const { legs, arms } of people) {
      expect(legs.left.knee[0] - legs.right.knee[0]).toBeGreaterThan(0.08);
      expect(legs.left.ball[0] - legs.right.ball[0]).toBeGreaterThan(0.05);
      for (const side of sides) expect(sign(side) * arms[side].elbow[0]).toBeGreaterThan(0.1);
    }
  });

  it('rests both hands on the legs or in the lap, not in them', () => {
    for (const { arms, legs, size } of people) {
      for (const side of sides) {
        const { hand } = arms[side];
        const palm = place(hand, [0, 0.62 * size.palm, 0]);
        const lowest = Math.min(legs.left.hip[1], legs.left.knee[1], legs.right.hip[1], legs.right.knee[1]);
        expect(palm[1]).toBeGreaterThan(lowest + 0.03);
        expect(palm[1]).toBeLessThan(lowest + 0.3);
        for (const leg of [legs.left, legs.right]) {
          const rod = minus(leg.knee, leg.hip);
          const along = Math.max(0, Math.min(1, dot(minus(palm, leg.hip), rod) / dot(rod, rod)));
          expect(length(minus(palm, mix(leg.hip, leg.knee, along)))).toBeGreaterThan(0.045 * size.girth);
        }
      }
    }
  });

  it('has hands that arms reach: the wrists are where they were led', () => {
    people.forEach((figure, index) => {
      const seat = drawSeat(new Dice(index).fork('seat'), drawSubject(3, index));
      const hands = seat.hands(figure);
      for (const side of sides) expect(length(minus(figure.arms[side].wrist, hands[side].wrist))).toBeLessThan(0.03);
    });
  });

  it('looks ahead, more or less upright', () => {
    for (const { head, chest } of people) {
      const { yaw, pitch, roll } = turnOf(head);
      expect(Math.abs(yaw)).toBeLessThan(30);
      expect(Math.abs(pitch)).toBeLessThan(25);
      expect(Math.abs(roll)).toBeLessThan(8);
      expect(Math.abs(turnOf(chest).pitch)).toBeLessThan(35);
    }
  });

  it('sits otherwise in each clip, and the same way in one', () => {
    const subject = drawSubject(3, 0);
    const trunkYaw = (seed: number) => {
      const controls = neutralControls();
      drawSeat(new Dice(seed), subject).settle(controls);
      return controls.trunk.yaw;
    };
    expect(trunkYaw(1)).toBe(trunkYaw(1));
    expect(new Set([1, 2, 3, 4].map(trunkYaw)).size).toBe(4);
    expect(furthestApart(seated(5), seated(5))).toBe(0);
  });
});

describe('a place on a thigh', () => {
  it('goes from hip to knee on its upper side', () => {
    for (const figure of people.slice(0, 20)) {
      for (const side of sides) {
        const { hip, knee } = figure.legs[side];
        for (const share of [0, 0.5, 1]) {
          const { at, along, up } = onThigh(figure, side, share);
          expect(dot(along, up)).toBeCloseTo(0, 9);
          expect(up[1]).toBeGreaterThan(0.8);
          const off = minus(at, mix(hip, knee, share));
          expect(length(minus(off, times(up, dot(off, up))))).toBeLessThan(1e-9);
          expect(dot(off, up)).toBeGreaterThan(0.03);
          expect(dot(off, up)).toBeLessThan(0.13);
        }
        expect(length(minus(plus(hip, times(onThigh(figure, side, 0).along, figure.size.thigh)), knee))).toBeLessThan(
          1e-9,
        );
      }
    }
  });
});
