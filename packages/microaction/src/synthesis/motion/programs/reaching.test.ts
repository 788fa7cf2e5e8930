import { describe, expect, it } from 'vitest';
import type { Arm, Figure } from '../../body/figure.ts';
import { armOf, type Side, sides, sign } from '../../body/limbs.ts';
import { dot, length, minus, mix, place, times, unit, type Vector } from '../../body/vector.ts';
import { facePlaces } from '../../keyPoints/joints.ts';
import { bonesOf, furthestApart, moments, type Rehearsal, rehearsals } from '../testing.ts';

/** Landmarks of the head in heights of the head, those in pairs on the left. Taken from faces, not from the programs. */
const landmarks = {
  forehead: [0, 0.29, 0.37],
  eye: facePlaces.leftEye,
  nose: facePlaces.nose,
  cheek: [0.25, -0.18, 0.25],
  mouth: [0, -0.3, 0.42],
  ear: facePlaces.leftEar,
  hindbrain: [0, 0.1, -0.42],
} as const satisfies Record<string, Vector>;
type Landmark = keyof typeof landmarks;

const atHead = ({ head, size }: Figure, [x, y, z]: Vector, side: Side): Vector =>
  place(head, times([sign(side) * x, y, z], size.headHeight));

/** What of a hand may touch something. */
const touching = {
  'finger tip': ({ fingers }: Arm) => [fingers[1][2], fingers[2][2], mix(fingers[1][2], fingers[2][2], 0.5)],
  finger: ({ fingers }: Arm) => [fingers[1][1], fingers[2][1], mix(fingers[1][1], fingers[2][1], 0.5)],
} as const;

const nearest = (at: Vector, points: readonly Vector[]) => Math.min(...points.map((point) => length(minus(point, at))));

const armsOf = ({ limbs }: Rehearsal) => sides.filter((side) => limbs.includes(armOf(side)));
const middle = ({ start, end }: Rehearsal) => (start + end) / 2;
/** While the hand is there, in acts long enough to go and come back without haste. */
const stay = (one: Rehearsal, perSecond = 12) => moments(one.start + 1.1, one.end - 1.1, perSecond);

const touches: readonly (readonly [action: string, landmark: Landmark, part: (keyof typeof touching)[]])[] = [
  ['scratching or touching hindbrain', 'hindbrain', ['finger tip']],
  ['scratching or touching forehead', 'forehead', ['finger tip']],
  ['scratching or touching face', 'cheek', ['finger tip']],
  ['rubbing eyes', 'eye', ['finger tip', 'finger']],
  ['touching nose', 'nose', ['finger tip']],
  ['touching ears', 'ear', ['finger tip']],
  ['covering mouth', 'mouth', ['finger']],
];

const atBody = [
  'scratching or touching neck',
  'scratching or touching chest',
  'scratching or touching back',
  'scratching or touching shoulder',
  'arms akimbo',
  'crossing arms',
];
const atTheHead = ['playing or tidying hair', 'covering face', 'pushing glasses', ...touches.map(([action]) => action)];

describe.each([...atBody, ...atTheHead])('%s', (action) => {
  it('takes the hands it is given from rest and back, and moves nothing else', () => {
    for (const one of rehearsals(action)) {
      for (const at of [0.5, one.start - 0.3, one.end + 0.3, one.end + 0.8]) {
        expect(furthestApart(one.acted.figureAt(at), one.idle.figureAt(at))).toBeLessThan(1e-9);
      }
      const [acted, idle] = [one.acted.figureAt(middle(one)), one.idle.figureAt(middle(one))];
      const { arms, shoulders } = idle;
      for (const side of sides) {
        const moved = length(minus(acted.arms[side].wrist, arms[side].wrist));
        if (armsOf(one).includes(side)) expect(moved).toBeGreaterThan(0.06);
        else expect(moved).toBe(0);
      }
      expect(furthestApart({ ...acted, arms, shoulders }, idle)).toBe(0);
    }
  });

  it('keeps bones as long as they are, wrists and elbows as far bent as they go, and does not jerk', () => {
    for (const one of rehearsals(action, [0.4, 2.5])) {
      const bones = Object.values(bonesOf(one.idle.figureAt(0)));
      let last = one.acted.figureAt(one.start);
      for (const at of moments(one.start, one.end, 30)) {
        const figure = one.acted.figureAt(at);
        const stretched = Object.values(bonesOf(figure)).map((long, i) => Math.abs(long - bones[i]));
        expect(Math.max(...stretched)).toBeLessThan(1e-9);
        for (const side of armsOf(one)) {
          const { shoulder, elbow, wrist, hand } = figure.arms[side];
          const forearm = unit(minus(wrist, elbow));
          expect(dot(forearm, hand.up)).toBeGreaterThan(Math.cos(radians(70.01)));
          expect(dot(forearm, unit(minus(shoulder, elbow)))).toBeLessThan(Math.cos(radians(25.9)));
          const metresPerSecond = 30 * length(minus(wrist, last.arms[side].wrist));
          expect(metresPerSecond).toBeLessThan(one.end - one.start > 1 ? 3.5 : 8);
        }
        last = figure;
      }
    }
  });

  it('takes no hand through head or trunk', () => {
    for (const one of rehearsals(action, [2.5])) {
      for (const at of moments(one.start, one.end, 20)) {
        const figure = one.acted.figureAt(at);
        for (const side of armsOf(one)) {
          const { wrist, fingers, elbow } = figure.arms[side];
          const points = [elbow, mix(elbow, wrist, 0.6), wrist, fingers[2][0], fingers[2][1]];
          expect(Math.max(...points.map((point) => depthInHead(figure, point)))).toBeLessThan(0.12);
          expect(Math.max(...points.map((point) => depthInTrunk(figure, point)))).toBeLessThan(0.12);
        }
      }
    }
  });
});

describe.each(touches)('%s', (action, landmark, parts) => {
  it(`is nearer to the ${landmark} than to anything else of the head`, () => {
    const others = (Object.keys(landmarks) as Landmark[]).filter((name) => name !== landmark);
    for (const one of rehearsals(action, [4])) {
      const figures = stay(one).map((at) => one.acted.figureAt(at));
      for (const side of armsOf(one)) {
        const points = figures.map((figure) => parts.flatMap((part) => touching[part](figure.arms[side])));
        /** Of one of the points of the hand that may touch, in the mean over the stay. */
        const away = (name: Landmark, which: number) => {
          const apart = figures.map((figure, i) => minus(points[i][which], atHead(figure, landmarks[name], side)));
          return apart.reduce((sum, each) => sum + length(each), 0) / apart.length;
        };
        const [closest] = [...points[0].keys()].sort((a, b) => away(landmark, a) - away(landmark, b));
        expect(away(landmark, closest)).toBeLessThan(0.04);
        for (const other of others) expect(away(other, closest)).toBeGreaterThan(1.1 * away(landmark, closest));
      }
    }
  });
});

/** All moments of the stay of both hands or of the one that acts: 6 people. */
function* held(action: string): Generator<{ figure: Figure; side: Side; one: Rehearsal }> {
  for (const one of rehearsals(action, [4])) {
    for (const at of stay(one)) {
      const figure = one.acted.figureAt(at);
      for (const side of armsOf(one)) yield { figure, side, one };
    }
  }
}

const tipOf = ({ fingers }: Arm) => mix(fingers[1][2], fingers[2][2], 0.5);

/** In the chest's frame, from the waist: x to the hand's side, in metres. */
function inChest({ chest }: Figure, side: Side, at: Vector): Vector {
  const away = minus(at, chest.origin);
  return [sign(side) * dot(away, chest.left), dot(away, chest.up), dot(away, chest.front)];
}

const toSegment = (at: Vector, from: Vector, to: Vector) => {
  const along = minus(to, from);
  const share = Math.max(0, Math.min(1, dot(minus(at, from), along) / dot(along, along)));
  return length(minus(at, mix(from, to, share)));
};

describe('where a hand is', () => {
  it('touches the neck, below the chin', () => {
    for (const { figure, side } of held('scratching or touching neck')) {
      const { neck, head, size, arms } = figure;
      const top = place(head, [0, -0.3 * size.headHeight, -0.1 * size.headHeight]);
      expect(toSegment(tipOf(arms[side]), neck, top)).toBeLessThan(0.095);
      expect(toSegment(tipOf(arms[side]), neck, top)).toBeGreaterThan(0.03);
    }
  });

  it('touches the chest in front', () => {
    for (const { figure, side } of held('scratching or touching chest')) {
      const { upperTrunk, shoulderHalf, girth } = figure.size;
      const [x, y, z] = inChest(figure, side, tipOf(figure.arms[side]));
      expect(Math.abs(x)).toBeLessThan(shoulderHalf);
      expect(y / upperTrunk).toBeGreaterThan(0.4);
      expect(y / upperTrunk).toBeLessThan(0.9);
      expect(z / girth).toBeGreaterThan(0.08);
      expect(z / girth).toBeLessThan(0.18);
    }
  });

  it('touches the back behind', () => {
    for (const { figure, side } of held('scratching or touching back')) {
      const [, , z] = inChest(figure, side, tipOf(figure.arms[side]));
      expect(z / figure.size.girth).toBeLessThan(-0.07);
      expect(z / figure.size.girth).toBeGreaterThan(-0.19);
    }
  });

  it('touches a shoulder', () => {
    for (const { figure, side } of held('scratching or touching shoulder')) {
      const { arms, shoulders } = figure;
      expect(nearest(tipOf(arms[side]), [shoulders.left, shoulders.right])).toBeLessThan(0.1);
    }
  });

  it('is on the hip with the elbow out', () => {
    for (const { figure, side } of held('arms akimbo')) {
      const { pelvis, arms, size } = figure;
      const hip = place(pelvis, [sign(side) * 0.15 * size.girth, 0.75 * size.lowerTrunk, 0]);
      const { elbow, wrist, fingers } = arms[side];
      expect(toSegment(hip, wrist, fingers[2][1])).toBeLessThan(0.08);
      const out = (at: Vector) => inChest(figure, side, at)[0];
      expect(out(elbow)).toBeGreaterThan(out(wrist) + 0.05);
      expect(out(elbow)).toBeGreaterThan(out(figure.shoulders[side]) + 0.05);
    }
  });

  it('is at the other arm, the forearms crossed before the chest', () => {
    for (const { figure, side } of held('crossing arms')) {
      const { arms, size } = figure;
      const other = arms[side === 'left' ? 'right' : 'left'];
      expect(inChest(figure, side, arms[side].wrist)[0]).toBeLessThan(-0.2 * size.shoulderHalf);
      expect(inChest(figure, side, mix(arms[side].elbow, arms[side].wrist, 0.7))[2]).toBeGreaterThan(0.09 * size.girth);
      expect(toSegment(tipOf(arms[side]), other.shoulder, other.elbow)).toBeLessThan(0.13);
    }
  });

  it('is at the hair: on the skull above eyes and ears, or below beside it where hair is long', () => {
    for (const { figure, side, one } of held('playing or tidying hair')) {
      const { head, size, arms } = figure;
      const [tip, index] = [tipOf(arms[side]), arms[side].fingers[1][2]];
      const up = dot(minus(tip, head.origin), head.up) / size.headHeight;
      if (up < 0.1) {
        expect(one.subject.look.hair.style).toBe('long');
        expect(Math.abs(dot(minus(index, head.origin), head.left)) / size.headHeight).toBeGreaterThan(0.2);
      } else expect(Math.abs(depthInHead(figure, tip))).toBeLessThan(0.25);
    }
  });

  it('covers the face: nose and mouth are behind palms', () => {
    for (const { figure, side, one } of held('covering face')) {
      const nose = place(figure.head, [0, -0.15 * figure.size.headHeight, 0.45 * figure.size.headHeight]);
      const { wrist, fingers, hand } = figure.arms[side];
      expect(toSegment(nose, wrist, fingers[2][1])).toBeLessThan(armsOf(one).length === 2 ? 0.085 : 0.05);
      expect(dot(hand.front, figure.head.front)).toBeLessThan(-0.6);
      const brow = atHead(figure, [0.1, 0.1, 0.4], side);
      expect(dot(minus(fingers[2][2], brow), figure.head.up)).toBeGreaterThan(-0.03);
    }
  });

  it('pushes glasses at their bridge or rim, which the person wears', () => {
    for (const one of rehearsals('pushing glasses', [1, 4])) {
      expect(one.acted.subject.look.glasses).toBeDefined();
      const [side] = armsOf(one);
      const away = moments(one.start, one.end, 60).map((at) => {
        const figure = one.acted.figureAt(at);
        const frame: Vector[] = [0, 0.15, 0.26].map((x) => atHead(figure, [x, 0.01, 0.44 - 2.2 * x * x], side));
        return nearest(figure.arms[side].fingers[1][2], frame);
      });
      expect(Math.min(...away)).toBeLessThan(0.025);
    }
  });

  it('rubs eyes that are shut', () => {
    for (const { figure } of held('rubbing eyes')) expect(figure.face.eyelids).toBeGreaterThan(0.95);
  });
});

// ---- below: internals ----

/** 0 on the skull's surface, 1 in its middle; below 0 outside. */
function depthInHead({ head, size }: Figure, point: Vector): number {
  const away = minus(point, head.origin);
  const inside = [dot(away, head.left) / 0.345, dot(away, head.up) / 0.47, dot(away, head.front) / 0.42];
  return 1 - Math.hypot(...inside) / size.headHeight;
}

/** The same for the trunk between the hips and the collar bones: an ellipse around the spine. */
function depthInTrunk({ pelvis, waist, chest, neck, size }: Figure, point: Vector): number {
  const upper = dot(minus(point, waist.origin), chest.up) > 0;
  const [low, high] = upper ? [waist.origin, neck] : [pelvis.origin, waist.origin];
  const along = unit(minus(high, low));
  const height = dot(minus(point, low), along);
  if (height < 0 || height > 0.85 * length(minus(high, low))) return Number.NEGATIVE_INFINITY;
  const away = minus(point, mix(low, high, height / length(minus(high, low))));
  const halfWidth = upper ? 0.8 * size.shoulderHalf : 0.12 * size.girth;
  return 1 - Math.hypot(dot(away, chest.left) / halfWidth, dot(away, chest.front) / (0.1 * size.girth));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
