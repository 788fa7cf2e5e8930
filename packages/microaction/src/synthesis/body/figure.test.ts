import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bonesOf, furthestApart, jointsOf, turnOf } from '../motion/testing.ts';
import { drawSubject } from '../subject.ts';
import { type Controls, neutralControls } from './controls.ts';
import { type Figure, seatedHipHeight, stand, withArms } from './figure.ts';
import { evenCurls, type HandPose } from './hand.ts';
import { otherSide, type Side, sides, sign } from './limbs.ts';
import { cross, dot, length, minus, place, plus, times, unit, type Vector } from './vector.ts';

const anySize = fc.integer({ min: 0, max: 500 }).map((index) => drawSubject(1, index).size);
const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const anyTurn = (yaw: number, pitch: number, roll: number) =>
  fc.record({ yaw: between(-yaw, yaw), pitch: between(-pitch, pitch), roll: between(-roll, roll) });
const anyLeg = fc.record({
  foot: fc.record({ out: between(-0.08, 0.15), up: between(0, 0.1), forward: between(-0.2, 0.15) }),
  heel: between(-20, 40),
  toesOut: between(-10, 20),
  kneeOut: between(-5, 30),
  cross: fc.constant(0),
  curl: fc.constant(0),
});

/** As far as motion goes, and further. */
const anyControls: fc.Arbitrary<Controls> = fc
  .record({
    pelvis: fc.record({ left: between(-0.05, 0.05), up: between(0, 0.2), forward: between(-0.08, 0.08) }),
    trunk: anyTurn(45, 25, 15),
    slouch: between(0, 30),
    head: anyTurn(70, 35, 30),
    breath: between(0, 0.01),
    shoulders: fc.record({ left: anyShoulder(), right: anyShoulder() }),
    legs: fc.record({ left: anyLeg, right: anyLeg }),
    face: fc.constant({ eyelids: 0, gazeYaw: 0, gazePitch: 0, mouth: 0 }),
    fold: fc.record({
      over: fc.constantFrom(...sides, undefined),
      how: fc.constantFrom('cross', 'curl'),
      share: between(0, 1),
    }),
  })
  .map(({ fold: { over, how, share }, ...controls }) => {
    if (!over) return controls;
    // Nobody lifts a foot on which the other leg lies.
    const legs = {
      [over]: { ...controls.legs[over], [how]: share },
      [otherSide(over)]: { ...controls.legs[otherSide(over)], foot: { out: 0, up: 0, forward: 0 }, heel: 0 },
    } as Controls['legs'];
    return { ...controls, legs };
  });

function anyShoulder() {
  return fc.record({ up: between(0, 0.06), forward: between(-0.03, 0.03) });
}

/** Anywhere before the body, within reach or not. */
const anyHand = (side: Side): fc.Arbitrary<HandPose> =>
  fc
    .record({
      out: between(-0.3, 0.7),
      up: between(0.5, 1.6),
      ahead: between(0.12, 0.8),
      elbowOut: between(0.3, 1),
      curl: between(0, 1),
      spread: between(0, 1),
    })
    .map(({ out, up, ahead, elbowOut, curl, spread }) => ({
      wrist: [sign(side) * out, up, ahead],
      fingers: [-0.3 * sign(side), 0.2, 1],
      palm: [0, -1, 0.2],
      elbow: [sign(side) * elbowOut, -0.7, -0.6],
      curls: evenCurls(curl),
      spread,
    }));
const anyHands = fc.record({ left: anyHand('left'), right: anyHand('right') });

const check = <T extends [unknown, ...unknown[]]>(property: fc.IPropertyWithHooks<T>) =>
  fc.assert(property, { seed: 8, numRuns: 300 });

/** What is left becomes right and the other way round. */
function mirrored(controls: Controls): Controls {
  const turn = ({ yaw, pitch, roll }: Controls['head']) => ({ yaw: -yaw, pitch, roll: -roll });
  return {
    ...controls,
    pelvis: { ...controls.pelvis, left: -controls.pelvis.left },
    trunk: turn(controls.trunk),
    head: turn(controls.head),
    shoulders: { left: controls.shoulders.right, right: controls.shoulders.left },
    legs: { left: controls.legs.right, right: controls.legs.left },
  };
}

const mirroredPlace = ([x, y, z]: Vector): Vector => [-x, y, z];
const mirroredHand = (pose: HandPose): HandPose => ({
  ...pose,
  wrist: mirroredPlace(pose.wrist),
  fingers: mirroredPlace(pose.fingers),
  palm: mirroredPlace(pose.palm),
  elbow: mirroredPlace(pose.elbow),
});

/** Part of the way from one set of numbers to another, whatever they are nested in. */
function mixed<T>(a: T, b: T, share: number): T {
  if (typeof a === 'number') return (a + ((b as number) - a) * share) as T;
  if (Array.isArray(a)) return a.map((one, i) => mixed(one, (b as unknown[])[i], share)) as T;
  const entries = Object.entries(a as object).map(([key, value]) => [key, mixed(value, b[key as keyof T], share)]);
  return Object.fromEntries(entries) as T;
}

const resting = (side: Side): HandPose => ({
  wrist: [0.2 * sign(side), 0.62, 0.25],
  fingers: [0, -0.1, 1],
  palm: [0, -1, 0],
  elbow: [0.6 * sign(side), -0.5, -0.7],
  curls: evenCurls(0.2),
  spread: 0.2,
});
const restingHands = { left: resting('left'), right: resting('right') };
const figureOf = (controls: Controls, size = drawSubject(1, 0).size, hands = restingHands): Figure =>
  withArms(stand(controls, size), hands);
const neutralWith = (change: (controls: Controls) => void) => {
  const controls = neutralControls();
  change(controls);
  return figureOf(controls);
};

describe('a figure', () => {
  it('keeps the lengths of its bones, whatever it does', () => {
    check(
      fc.property(anyControls, anyHands, anyHands, anySize, (controls, hands, otherHands, size) => {
        const curls = { curls: restingHands.left.curls, spread: restingHands.left.spread };
        const same = (pose: HandPose) => ({ ...pose, ...curls });
        const still = bonesOf(figureOf(neutralControls(), size));
        const moved = bonesOf(figureOf(controls, size, { left: same(hands.left), right: same(otherHands.right) }));
        for (const [bone, metres] of Object.entries(still)) expect(moved[bone], bone).toBeCloseTo(metres, 9);
        expect(still['left upper arm']).toBeCloseTo(size.upperArm, 9);
        expect(still['right forearm']).toBeCloseTo(size.forearm, 9);
        expect(still['left thigh']).toBeCloseTo(size.thigh, 9);
        expect(still['right shin']).toBeCloseTo(size.shin, 9);
        expect(still['lower trunk']).toBeCloseTo(size.lowerTrunk, 9);
      }),
    );
  });

  it('is finite, with frames at right angles and right-handed', () => {
    check(
      fc.property(anyControls, anyHands, anySize, (controls, hands, size) => {
        const figure = figureOf(controls, size, hands);
        for (const joint of Object.values(jointsOf(figure)))
          for (const x of joint) expect(Number.isFinite(x)).toBe(true);
        const { pelvis, waist, chest, head, legs, arms } = figure;
        const frames = [pelvis, waist, chest, head, ...sides.flatMap((side) => [legs[side].foot, arms[side].hand])];
        for (const { left, up, front } of frames) {
          for (const axis of [left, up, front]) expect(length(axis)).toBeCloseTo(1, 9);
          expect(length(minus(cross(left, up), front))).toBeLessThan(1e-9);
        }
      }),
    );
  });

  it('has no jumps: controls and hands that are near give figures that are near', () => {
    check(
      fc.property(anyControls, anyControls, anyHands, anyHands, between(0, 0.999), (a, b, from, to, share) => {
        const size = drawSubject(1, 0).size;
        // One leg lies over the other, or the other over the one: there is no way between without setting it down.
        for (const side of sides) Object.assign(b.legs[side], { cross: a.legs[side].cross, curl: a.legs[side].curl });
        const at = (part: number) => figureOf(mixed(a, b, part), size, mixed(from, to, part));
        expect(furthestApart(at(share), at(share + 0.001))).toBeLessThan(0.01);
      }),
    );
  });

  it('folds a leg without jumps', () => {
    for (const over of sides) {
      for (const how of ['cross', 'curl'] as const) {
        const at = (share: number) => neutralWith(({ legs }) => void (legs[over][how] = share));
        for (let i = 0; i < 1000; i++) {
          expect(furthestApart(at(i / 1000), at((i + 1) / 1000)), `${how} ${over} ${i / 1000}`).toBeLessThan(0.01);
        }
      }
    }
  });

  it('stays a figure where a fold is a rounding beyond all of it', () => {
    for (const how of ['cross', 'curl'] as const) {
      const at = (share: number) => neutralWith(({ legs }) => void (legs.left[how] = share));
      expect(furthestApart(at(1), at(1 + 1e-12))).toBeLessThan(1e-6);
    }
  });

  it('mirrored is the figure of mirrored controls', () => {
    check(
      fc.property(anyControls, anyHands, anySize, (controls, hands, size) => {
        const joints = jointsOf(figureOf(controls, size, hands));
        const reflected = jointsOf(
          figureOf(mirrored(controls), size, { left: mirroredHand(hands.right), right: mirroredHand(hands.left) }),
        );
        for (const [name, joint] of Object.entries(joints)) {
          const twin = name.replace(/^(left|right)/, (side) => otherSide(side as Side));
          expect(length(minus(mirroredPlace(joint), reflected[twin])), name).toBeLessThan(1e-6);
        }
      }),
    );
  });

  it('turns the way its controls are named', () => {
    const { head, chest, legs, pelvis, shoulders } = figureOf(neutralControls());
    const turned = (turn: Partial<Controls['head']>) => neutralWith((controls) => Object.assign(controls.head, turn));
    expect(turned({ yaw: 20 }).head.front[0]).toBeGreaterThan(0.3); // to the person's left
    expect(turned({ pitch: 20 }).head.front[1]).toBeLessThan(-0.3);
    expect(turned({ pitch: 20 }).head.origin[2]).toBeGreaterThan(head.origin[2] + 0.01);
    expect(turned({ roll: 20 }).head.left[1]).toBeLessThan(-0.3); // the left ear goes down
    expect(turned({ roll: 20 }).head.origin[0]).toBeGreaterThan(0.01);
    const trunk = (turn: Partial<Controls['head']>) => neutralWith((controls) => Object.assign(controls.trunk, turn));
    expect(trunk({ yaw: 20 }).shoulders.left[2]).toBeLessThan(shoulders.left[2] - 0.03);
    expect(trunk({ pitch: 20 }).neck[2]).toBeGreaterThan(chest.origin[2] + 0.1);
    expect(trunk({ roll: 10 }).shoulders.left[1]).toBeLessThan(shoulders.left[1] - 0.02);
    const leg = (change: (leg: Controls['legs']['left']) => void) =>
      neutralWith((controls) => void change(controls.legs.left)).legs.left;
    expect(leg((one) => void (one.kneeOut = 20)).knee[0]).toBeGreaterThan(legs.left.knee[0] + 0.05);
    expect(leg((one) => void (one.toesOut = 20)).toe[0]).toBeGreaterThan(legs.left.toe[0] + 0.01);
    expect(leg((one) => void (one.heel = 25)).heel[1]).toBeGreaterThan(legs.left.heel[1] + 0.04);
    expect(leg((one) => void (one.heel = -15)).toe[1]).toBeGreaterThan(legs.left.toe[1] + 0.02);
    expect(neutralWith((controls) => void (controls.pelvis.up = 0.1)).pelvis.origin[1]).toBeCloseTo(
      pelvis.origin[1] + 0.1,
      9,
    );
  });

  it('lets the head follow the trunk by a part only', () => {
    const yaw = turnOf(neutralWith((controls) => void (controls.trunk.yaw = 30)).head).yaw;
    expect(yaw).toBeGreaterThan(5);
    expect(yaw).toBeLessThan(25);
  });

  it('sits upright on a seat, feet flat on the floor, knees ahead, head above all', () => {
    fc.assert(
      fc.property(anySize, (size) => {
        const { pelvis, waist, neck, head, legs, shoulders } = stand(neutralControls(), size);
        expect(pelvis.origin[1]).toBeCloseTo(seatedHipHeight(size), 9);
        const heights = [pelvis.origin, waist.origin, neck, head.origin].map(([, y]) => y);
        expect(heights).toEqual(heights.toSorted((a, b) => a - b));
        expect(shoulders.left[0]).toBeGreaterThan(0.1);
        for (const side of sides) {
          const { hip, knee, ankle, heel, ball, toe } = legs[side];
          for (const [, y] of [heel, ball, toe]) expect(y > 0.005 && y < 0.05).toBe(true);
          expect(knee[2]).toBeGreaterThan(hip[2] + 0.3);
          expect(Math.abs(knee[1] - hip[1])).toBeLessThan(0.12);
          expect(Math.abs(ankle[2] - knee[2])).toBeLessThan(0.15);
        }
      }),
      { seed: 8 },
    );
  });

  it('rounds its back in a slouch: the head comes lower and ahead', () => {
    const [straight, slouched] = [figureOf(neutralControls()), neutralWith((controls) => void (controls.slouch = 25))];
    expect(straight.head.origin[1] - slouched.head.origin[1]).toBeGreaterThan(0.03);
    expect(slouched.head.origin[2] - straight.head.origin[2]).toBeGreaterThan(0.03);
    expect(turnOf(slouched.chest).pitch).toBeGreaterThan(turnOf(slouched.waist).pitch + 15);
  });
});

describe('an arm', () => {
  it('brings the wrist to where it is led, if it can', () => {
    check(
      fc.property(anyHand('left'), anySize, (pose, size) => {
        const standing = stand(neutralControls(), size);
        const { shoulder, elbow, wrist } = withArms(standing, { ...restingHands, left: pose }).arms.left;
        const far = length(minus(pose.wrist, shoulder));
        const reach = size.upperArm + size.forearm;
        if (far < 0.99 * reach) expect(length(minus(wrist, pose.wrist))).toBeLessThan(1e-6);
        // Nobody's elbow is on the inner side of a line from shoulder to wrist that the pole does not point to.
        const pole = minus(elbow, shoulder);
        const along = unit(minus(wrist, shoulder));
        const bentTowards = minus(pole, times(along, dot(pole, along)));
        expect(dot(bentTowards, pose.elbow)).toBeGreaterThan(-1e-6);
      }),
    );
  });

  it('stretches towards what is beyond its reach', () => {
    const standing = stand(neutralControls(), drawSubject(1, 0).size);
    const far: HandPose = { ...resting('left'), wrist: [0.4, 1, 3] };
    const { shoulder, elbow, wrist } = withArms(standing, { ...restingHands, left: far }).arms.left;
    expect(dot(unit(minus(elbow, shoulder)), unit(minus(wrist, elbow)))).toBeGreaterThan(0.98);
    expect(dot(unit(minus(wrist, shoulder)), unit(minus(far.wrist, shoulder)))).toBeGreaterThan(0.999);
  });

  it('carries the hand: the wrist is its origin, the fingers are rooted in it', () => {
    check(
      fc.property(anyHands, anySize, (hands, size) => {
        const { arms } = withArms(stand(neutralControls(), size), hands);
        for (const side of sides) {
          const { hand, wrist, fingers } = arms[side];
          expect(hand.origin).toEqual(wrist);
          for (const [knuckle] of fingers) expect(length(minus(knuckle, wrist))).toBeLessThan(1.2 * size.palm);
          expect(length(minus(place(hand, [0, size.palm, 0]), plus(wrist, times(hand.up, size.palm))))).toBe(0);
        }
      }),
    );
  });
});
