import { describe, expect, it } from 'vitest';
import { Dice } from '../../dice.ts';
import { neutralControls } from '../body/controls.ts';
import { armBones, stand, withArms } from '../body/figure.ts';
import { evenCurls } from '../body/hand.ts';
import { sides } from '../body/limbs.ts';
import { drawProportions } from '../body/proportions.ts';
import { direction, dot, length, minus, mix, place, unit, type Vector } from '../body/vector.ts';
import { drawSubject } from '../subject.ts';
import { contact, holding, type Manner } from './contact.ts';
import { Hands } from './hands.ts';
import { onHead, type Spot } from './places.ts';
import { drawSeat } from './seat.ts';
import { moments, turnsOf } from './testing.ts';

const brow: Spot = {
  at: [0.1, 0.2, 0.38],
  part: 'fingertips',
  fingers: [-0.4, 0.9, -0.1],
  palm: [-0.1, 0, -1],
  elbow: [0.5, -0.9, 0.3],
  curls: evenCurls(0.2),
};

/** The touching finger tips over time, in palm lengths along the fingers and out of the forehead, from the brow. */
function tipsOf(manner: Manner, seed: number, durationSeconds: number) {
  const subject = { ...drawSubject(9, seed), tempo: 1, vigour: 1 };
  const standing = stand(neutralControls(), subject.size);
  const { hands: rest } = drawSeat(new Dice(seed), subject);
  const situation = { subject, durationSeconds, arms: ['left'] as const, legs: [], dice: new Dice(seed) };
  const performance = contact(situation, { hold: onHead(brow), manners: [[manner, 1]] });
  const at = onHead(brow)(standing, 'left').at;
  return moments(1.2, durationSeconds - 1.2, 60).map((seconds) => {
    const hands = new Hands(rest(standing));
    performance.reach?.(hands, standing, { seconds, durationSeconds, presence: 1 });
    const { fingers, hand } = withArms(standing, hands).arms.left;
    const away = minus(mix(fingers[1][2], fingers[2][2], 0.5), at);
    return { along: dot(away, hand.up) / subject.size.palm, off: -dot(away, hand.front) / subject.size.palm };
  });
}

const seeds = Array.from({ length: 12 }, (_, i) => i);
const span = (values: readonly number[]) => Math.max(...values) - Math.min(...values);

describe('a hand that touches', () => {
  it('stays within a finger breadth or two of the place while it rests, and does not freeze', () => {
    for (const seed of seeds) {
      const tips = tipsOf('rest', seed, 6).map(({ along }) => along);
      for (const tip of tips) expect(Math.abs(tip)).toBeLessThan(0.3);
      expect(span(tips)).toBeGreaterThan(0.01);
      expect(span(tips)).toBeLessThan(0.3);
    }
  });

  it('rubs about once a second', () => {
    for (const seed of seeds) {
      const turns = turnsOf(
        tipsOf('rub', seed, 8.4).map(({ along }) => along),
        0.08,
      );
      expect(turns / 6).toBeGreaterThan(1.3);
      expect(turns / 6).toBeLessThan(3.2);
    }
  });

  it('scratches faster than it rubs, in bouts', () => {
    for (const seed of seeds) {
      const turns = turnsOf(
        tipsOf('scratch', seed, 8.4).map(({ along }) => along),
        0.04,
      );
      expect(turns / 6).toBeGreaterThan(3.3);
      expect(turns / 6).toBeLessThan(9);
    }
  });

  it('pushes from just off the place', () => {
    for (const seed of seeds) {
      const off = tipsOf('push', seed, 8.4).map((tip) => tip.off);
      expect(Math.max(...off)).toBeGreaterThan(0.2);
      expect(Math.min(...off)).toBeGreaterThan(-0.05);
      expect(turnsOf(off, 0.1)).toBeGreaterThanOrEqual(2);
    }
  });
});

describe('holding', () => {
  it('touches its place, with a wrist that bends by 60 degrees at most, even if its fingers should point elsewhere', () => {
    const dice = new Dice(3);
    for (let i = 0; i < 200; i++) {
      const standing = stand(neutralControls(), drawProportions(dice));
      const side = dice.oneOf(sides);
      const [x, y, z] = brow.fingers;
      const fingers: Vector = [x + dice.normal(0, 0.6), y + dice.normal(0, 0.6), z + dice.normal(0, 0.6)];
      const hold = onHead({ ...brow, fingers })(standing, side);
      const pose = holding(standing, side, hold);
      const figure = withArms(standing, { left: pose, right: pose });
      const arm = figure.arms[side];
      const tips = mix(arm.fingers[1][2], arm.fingers[2][2], 0.5);
      expect(length(minus(tips, hold.at))).toBeLessThan(0.01);
      const { elbow, wrist } = armBones(standing, side, pose);
      expect(dot(unit(minus(wrist, elbow)), arm.hand.up)).toBeGreaterThan(Math.cos((70.1 * Math.PI) / 180));
    }
  });
});

describe('places', () => {
  it('are mirrored between left and right', () => {
    const standing = stand(neutralControls(), drawProportions(new Dice(1)));
    const [left, right] = sides.map((side) => onHead(brow)(standing, side));
    for (const key of ['at', 'fingers', 'palm', 'elbow'] as const) {
      const [x, y, z] = left[key];
      const mirrored: Vector = [-x, y, z];
      expect(length(minus(mirrored, right[key]))).toBeLessThan(1e-9);
    }
  });

  it('go with the head', () => {
    const size = drawProportions(new Dice(1));
    const controls = neutralControls();
    controls.head.yaw = 40;
    controls.head.pitch = 20;
    const { head, ...others } = stand(controls, size);
    const { at, palm } = onHead(brow)({ ...others, head }, 'left');
    const h = size.headHeight;
    expect(length(minus(at, place(head, [0.1 * h, 0.2 * h, 0.38 * h])))).toBeLessThan(1e-9);
    expect(length(minus(palm, direction(head, [-0.1, 0, -1])))).toBeLessThan(1e-9);
  });
});
