import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Hands } from '../motion/hands.ts';
import { drawSubject } from '../subject.ts';
import {
  betweenHands,
  evenCurls,
  fingerJoints,
  fingers,
  type HandPose,
  handFrame,
  touch,
  withinWrist,
} from './hand.ts';
import { type Side, sides, sign } from './limbs.ts';
import { cross, dot, length, minus, mix, unit, type Vector } from './vector.ts';

const { size } = drawSubject(1, 0);
const anySide = fc.constantFrom(...sides);
const part = fc.double({ min: -1, max: 1, noNaN: true });
const anyDirection = fc.tuple(part, part, part).filter((v) => length(v) > 0.3);
const anyShare = fc.double({ min: 0, max: 1, noNaN: true });
const anyHeld = fc
  .record({
    fingers: anyDirection,
    palm: anyDirection,
    elbow: fc.constant<Vector>([0.5, -0.6, -0.5]),
    curls: anyShare.map(evenCurls),
    spread: anyShare,
  })
  .filter(({ fingers, palm }) => length(cross(unit(fingers), unit(palm))) > 0.2);
const anyPlace = fc.tuple(part, part, part);
const check = <T extends [unknown, ...unknown[]]>(property: fc.IPropertyWithHooks<T>) =>
  fc.assert(property, { seed: 9 });

/** Palm down, fingers ahead. */
const flat = (curl = 0, spread = 0): HandPose => ({
  wrist: [0, 1, 0.3],
  fingers: [0, 0, 1],
  palm: [0, -1, 0],
  elbow: [0, -1, 0],
  curls: evenCurls(curl),
  spread,
});
const jointsOf = (pose: HandPose, side: Side) => fingerJoints(handFrame(pose), side, pose, size);

describe('a hand', () => {
  it('has a right-handed frame: up along the fingers, front out of the palm', () => {
    check(
      fc.property(anyHeld, (held) => {
        const { left, up, front } = handFrame({ ...held, wrist: [0, 0, 0] });
        for (const axis of [left, up, front]) expect(length(axis)).toBeCloseTo(1, 9);
        expect(length(minus(cross(left, up), front))).toBeLessThan(1e-9);
        expect(dot(up, unit(held.fingers))).toBeCloseTo(1, 9);
        expect(dot(front, held.palm)).toBeGreaterThan(0);
      }),
    );
  });

  it('has its thumb on the inner side when it lies palm down', () => {
    for (const side of sides) {
      const joints = jointsOf(flat(), side);
      const [thumb, little] = [joints[0][2], joints[4][2]];
      expect(sign(side) * thumb[0]).toBeLessThan(-0.02);
      expect(sign(side) * little[0]).toBeGreaterThan(0.01);
    }
  });

  it('has a middle finger that is the longest, and tips as far as its size says', () => {
    const reach = jointsOf(flat(), 'left').map(([, , tip]) => length(minus(tip, flat().wrist)));
    expect(Math.max(...reach)).toBe(reach[fingers.indexOf('middle')]);
    expect(reach[2]).toBeGreaterThan(0.93 * (size.palm + size.middleFinger));
    expect(reach[2]).toBeLessThanOrEqual(size.palm + size.middleFinger);
  });

  it('brings its finger tips to the palm in a fist', () => {
    for (const side of sides) {
      for (const [i, [, , tip]] of jointsOf(flat(1), side).entries()) {
        const { wrist } = flat();
        const open = jointsOf(flat(), side)[i][2];
        expect(length(minus(tip, wrist))).toBeLessThan(length(minus(open, wrist)) - 0.015);
        if (i > 0) expect(tip[1]).toBeLessThan(wrist[1]); // on the palm's side
        if (i > 0) expect(tip[2] - wrist[2]).toBeLessThan(1.05 * size.palm);
      }
    }
  });

  it('fans its fingers out', () => {
    const width = (spread: number) => {
      const joints = jointsOf(flat(0, spread), 'right');
      return length(minus(joints[1][2], joints[4][2]));
    };
    expect(width(1)).toBeGreaterThan(width(0) + 0.01);
  });

  it('touches a place with the part it is told to', () => {
    check(
      fc.property(anyHeld, anyPlace, anySide, (held, at, side) => {
        const joints = (pose: HandPose) => jointsOf(pose, side);
        const touching = (which: Parameters<typeof touch>[1]) => touch(at, which, held, side, size);
        expect(length(minus(joints(touching('index'))[1][2], at))).toBeLessThan(1e-9);
        const tips = joints(touching('fingertips'));
        expect(length(minus(mix(tips[1][2], tips[2][2], 0.5), at))).toBeLessThan(1e-9);
        const bent = joints(touching('knuckles'));
        expect(length(minus(mix(bent[1][1], bent[2][1], 0.5), at))).toBeLessThan(1e-9);
        const palm = touching('palm');
        const frame = handFrame(palm);
        const off = minus(at, palm.wrist);
        expect(dot(off, frame.up)).toBeCloseTo(0.62 * size.palm, 9);
        expect(dot(off, frame.front)).toBeGreaterThan(0);
      }),
    );
  });
});

describe('a hand that is led', () => {
  const rest = flat(0.2, 0.2);
  /** To the own face: fingers up, palm back. */
  const goal = (side: Side): HandPose => ({
    wrist: [0.1 * sign(side), 1.3, 0.2],
    fingers: [-0.3 * sign(side), 0.9, 0.1],
    palm: [-0.4 * sign(side), 0.1, -1],
    elbow: [0.7 * sign(side), -0.8, 0.1],
    curls: evenCurls(0.5),
    spread: 0.3,
  });
  const led = (side: Side, share: number, lift?: Vector) => {
    const hands = new Hands({ left: rest, right: rest });
    hands.lead(side, goal(side), share, lift);
    return hands[side];
  };

  it('stays, arrives, and leaves the other hand alone', () => {
    for (const side of sides) {
      expect(led(side, 0)).toEqual(rest);
      expect(led(side, 1)).toEqual(goal(side));
    }
    const hands = new Hands({ left: rest, right: rest });
    hands.lead('left', goal('left'), 0.5);
    expect(hands.right).toBe(rest);
  });

  it('leaves the straight line by the lift at half way', () => {
    const straight = led('left', 0.5, [0, 0, 0]).wrist;
    expect(length(minus(straight, mix(rest.wrist, goal('left').wrist, 0.5)))).toBeLessThan(1e-9);
    expect(minus(led('left', 0.5, [0, 0, 0.1]).wrist, straight)[2]).toBeCloseTo(0.1, 9);
  });

  it('turns without a flip on the way', () => {
    for (const side of sides) {
      for (let share = 0; share < 0.995; share += 0.005) {
        const [a, b] = [handFrame(led(side, share)), handFrame(led(side, share + 0.005))];
        for (const axis of ['left', 'up', 'front'] as const) {
          expect(dot(a[axis], b[axis]), `${side} ${axis} at ${share}`).toBeGreaterThan(Math.cos((8 * Math.PI) / 180));
        }
      }
    }
  });

  it('turns without a flip behind the head and over the shoulder as well', () => {
    const behindHead: Partial<HandPose> = { fingers: [-0.9, 0.1, -0.3], palm: [-0.2, 0, 1] };
    const overShoulder: Partial<HandPose> = { fingers: [-0.1, -0.75, -0.7], palm: [0, -0.6, 0.8] };
    for (const held of [behindHead, overShoulder]) {
      const at = (share: number) => handFrame(betweenHands('left', rest, { ...goal('left'), ...held }, share));
      for (let i = 0; i < 400; i++) {
        const [a, b] = [at(i / 400), at((i + 1) / 400)];
        for (const axis of ['left', 'up', 'front'] as const) {
          expect(dot(a[axis], b[axis])).toBeGreaterThan(Math.cos((6 * Math.PI) / 180));
        }
      }
    }
  });

  it('turns the palm to the face by way of the thumb up, both hands alike', () => {
    const [left, right] = sides.map((side) => handFrame(led(side, 0.5)).front);
    expect(left[0]).toBeLessThan(-0.5);
    expect(length(minus(left, [-right[0], right[1], right[2]]))).toBeLessThan(1e-9);
  });
});

describe('a wrist', () => {
  it('leaves fingers alone that it can bend to, and brings others to its limit', () => {
    const degrees = (a: Vector, b: Vector) => (Math.acos(dot(unit(a), unit(b))) * 180) / Math.PI;
    expect(length(minus(withinWrist([0, 1, 2], [0, 0, 1]), unit([0, 1, 2])))).toBeLessThan(1e-12);
    expect(degrees(withinWrist([0, 1, -0.5], [0, 0, 3]), [0, 0, 1])).toBeCloseTo(70, 6);
    expect(degrees(withinWrist([0, 1, -0.5], [0, 0, 3], 40), [0, 0, 1])).toBeCloseTo(40, 6);
  });
});
