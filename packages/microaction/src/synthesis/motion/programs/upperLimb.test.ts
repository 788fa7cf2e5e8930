import { describe, expect, it } from 'vitest';
import type { Figure } from '../../body/figure.ts';
import { armOf, otherSide, type Side, sides } from '../../body/limbs.ts';
import { dot, length, minus, mix, place, plus, times, unit, type Vector } from '../../body/vector.ts';
import { bonesOf, furthestApart, jointsOf, moments, type Rehearsal, rehearsals, turnsOf } from '../testing.ts';

const returning = [
  'scratching arms',
  'putting hands together',
  'rubbing hands',
  'pointing oneself',
  'clenching fist',
  'waving',
  'spreading hands',
  'hands touching fingers',
  'other finger movements',
  'illustrative gestures',
] as const;
const all = [...returning, 'playing objects', 'stretching arms', 'retracting arms'] as const;

const distance = (a: Vector, b: Vector) => length(minus(a, b));
const armsOf = ({ limbs }: Rehearsal): Side[] => sides.filter((side) => limbs.includes(armOf(side)));
const palmOf = ({ arms, size }: Figure, side: Side) => place(arms[side].hand, [0, 0.62 * size.palm, 0]);
const palmsApart = (figure: Figure) => distance(palmOf(figure, 'left'), palmOf(figure, 'right'));
const palmsFacing = ({ arms }: Figure) => -dot(arms.left.hand.front, arms.right.hand.front);
const spanOf = (curve: readonly number[]) => Math.max(...curve) - Math.min(...curve);
const during = (one: Rehearsal, perSecond = 30) =>
  moments(one.start, one.end, perSecond).map((at) => one.acted.figureAt(at));
/** When hands have come and not yet gone. */
const amid = (one: Rehearsal, perSecond = 30) =>
  moments(one.start + 1, one.end - 1, perSecond).map((at) => one.acted.figureAt(at));

/** How straight an arm is: 1 at its full length. */
function straightness(figure: Figure, side: Side): number {
  const { shoulder, wrist } = figure.arms[side];
  return distance(shoulder, wrist) / (figure.size.upperArm + figure.size.forearm);
}

/** Of the four fingers, from the palm's middle to the tips, metres: small in a fist. */
function openness(figure: Figure, side: Side): number {
  const tips = figure.arms[side].fingers.slice(1).map(([, , tip]) => distance(tip, palmOf(figure, side)));
  return tips.reduce((sum, one) => sum + one, 0) / 4;
}

/** From a place to the nearest one of a line between two. */
function fromLine(at: Vector, from: Vector, to: Vector): number {
  const along = minus(to, from);
  const share = dot(minus(at, from), along) / dot(along, along);
  return distance(at, mix(from, to, Math.max(0, Math.min(1, share))));
}

describe.each(all)('%s', (action) => {
  it('moves arms that it is given, and nothing else', () => {
    for (const one of rehearsals(action, [1.5])) {
      for (const at of moments(0, one.clipSeconds, 10)) {
        const [acted, idle] = [one.acted.figureAt(at), one.idle.figureAt(at)];
        const arms = { ...acted.arms };
        for (const side of armsOf(one)) arms[side] = idle.arms[side];
        expect(furthestApart({ ...acted, arms, shoulders: idle.shoulders }, idle)).toBeLessThan(1e-9);
      }
    }
  });

  it('is seen in each arm it is given, in short acts and long ones', () => {
    for (const one of rehearsals(action)) {
      for (const side of armsOf(one)) {
        const moved = moments(one.start, one.end, 15).map((at) => {
          const [acted, idle] = [one.acted.figureAt(at), one.idle.figureAt(at)];
          const tips = acted.arms[side].fingers.map(([, , tip], i) => distance(tip, idle.arms[side].fingers[i][2]));
          return Math.max(...tips);
        });
        // The arm that is scratched may lie still.
        if (action !== 'scratching arms') expect(Math.max(...moved)).toBeGreaterThan(0.015);
      }
    }
  });

  it('leaves all bones as long as they are, and everything a number', () => {
    for (const one of rehearsals(action, [0.4, 3])) {
      const still = bonesOf(one.idle.figureAt(0));
      for (const at of moments(0, one.clipSeconds, 12)) {
        const figure = one.acted.figureAt(at);
        const now = bonesOf(figure);
        const off = Math.max(...Object.keys(still).map((bone) => Math.abs(now[bone] - still[bone])));
        expect(off).toBeLessThan(1e-6);
        expect(Object.values(jointsOf(figure)).flat().every(Number.isFinite)).toBe(true);
      }
    }
  });

  it('takes no hand through the trunk', () => {
    for (const one of rehearsals(action, [0.4, 2.5])) {
      for (const at of moments(0, one.clipSeconds, 12)) {
        const { chest, arms, size } = one.acted.figureAt(at);
        for (const side of armsOf(one)) {
          for (const joint of [arms[side].wrist, ...arms[side].fingers.map(([, , tip]) => tip)]) {
            const from = minus(joint, chest.origin);
            const [x, y, z] = [dot(from, chest.left), dot(from, chest.up), dot(from, chest.front)];
            // Hands that rest in the lap lie close to the belly.
            const beside = Math.abs(x) > 0.85 * size.shoulderHalf || y < 0.1 * size.upperTrunk || y > size.upperTrunk;
            if (!beside) expect(z).toBeGreaterThan(0.09 * size.girth);
          }
        }
      }
    }
  });

  it('bends no wrist by more than 75 degrees and turns no hand at a jerk', () => {
    for (const one of rehearsals(action, [2.5])) {
      for (const side of armsOf(one)) {
        const hands = moments(0, one.clipSeconds).map((at) => one.acted.figureAt(at).arms[side]);
        hands.forEach(({ hand, elbow, wrist }, i) => {
          expect(dot(hand.up, unit(minus(wrist, elbow)))).toBeGreaterThan(Math.cos((75 * Math.PI) / 180));
          if (i === 0) return;
          expect(dot(hand.front, hands[i - 1].hand.front)).toBeGreaterThan(Math.cos((60 * Math.PI) / 180));
        });
      }
    }
  });
});

describe.each(returning)('%s', (action) => {
  it('is within the act alone', () => {
    for (const one of rehearsals(action, [1.5, 2.5])) {
      for (const at of [...moments(0, one.start, 10), ...moments(one.end, one.clipSeconds, 10)]) {
        expect(furthestApart(one.acted.figureAt(at), one.idle.figureAt(at))).toBeLessThan(1e-9);
      }
    }
  });
});

describe('hands that meet', () => {
  const meeting = ['putting hands together', 'rubbing hands', 'hands touching fingers'] as const;

  it.each(meeting)('do so in the middle before the trunk (%s)', (action) => {
    for (const one of rehearsals(action, [2.5])) {
      const { arms, chest, size } = one.acted.figureAt((one.start + one.end) / 2);
      const between = minus(mix(arms.left.hand.origin, arms.right.hand.origin, 0.5), chest.origin);
      expect(Math.abs(dot(between, chest.left))).toBeLessThan(0.4 * size.shoulderHalf);
      expect(dot(between, chest.front)).toBeGreaterThan(0.1);
    }
  });

  it('put together are apart before their palms meet, flat on each other, and stay so', () => {
    for (const one of rehearsals('putting hands together', [0.4, 1, 2.5])) {
      const figures = during(one, 60);
      const apart = figures.map(palmsApart);
      const met = apart.indexOf(Math.min(...apart));
      expect(apart[met]).toBeLessThan(0.04);
      expect(figures.some((figure) => palmsApart(figure) < 0.045 && palmsFacing(figure) > 0.97)).toBe(true);
      expect(Math.max(...apart.slice(0, met))).toBeGreaterThan(0.08);
    }
    for (const one of rehearsals('putting hands together', [2.5])) {
      for (const figure of amid(one)) {
        expect(palmsApart(figure)).toBeLessThan(0.045);
        expect(palmsFacing(figure)).toBeGreaterThan(0.97);
      }
    }
  });

  it('rub each other: the palms slide to and fro while they stay upon each other', () => {
    for (const one of rehearsals('rubbing hands', [3.5, 8])) {
      const figures = amid(one, 60);
      const slides = figures.map((figure) => {
        const between = minus(palmOf(figure, 'left'), palmOf(figure, 'right'));
        expect(palmsFacing(figure)).toBeGreaterThan(0.95);
        const normal = figure.arms.right.hand.front;
        expect(Math.abs(dot(between, normal))).toBeLessThan(0.045);
        return dot(between, unit(plus([0, 0.7, 1], times(normal, -dot(normal, [0, 0.7, 1])))));
      });
      expect(spanOf(slides)).toBeGreaterThan(0.025);
      const strokes = turnsOf(slides, 0.012) / 2;
      expect(strokes / (one.end - one.start - 2)).toBeGreaterThan(0.7);
    }
  });

  it('interlace fingers that were apart: the tips come to lie on the backs of the other hand', () => {
    const onBacks = ({ arms }: Figure) =>
      sides.flatMap((side) => {
        const { hand } = arms[otherSide(side)];
        return arms[side].fingers.slice(1).filter(([, , tip]) => dot(minus(tip, hand.origin), hand.front) < 0);
      }).length;
    const rootsApart = ({ arms }: Figure) => {
      const roots = sides.map((side) => mix(arms[side].fingers[1][0], arms[side].fingers[4][0], 0.5));
      return distance(roots[0], roots[1]);
    };
    for (const one of rehearsals('hands touching fingers', [0.4, 1, 2.5, 8])) {
      const figures = during(one, 60);
      const apart = figures.map(rootsApart);
      const met = apart.indexOf(Math.min(...apart));
      expect(apart[met]).toBeLessThan(0.04);
      expect(Math.max(...apart.slice(0, met))).toBeGreaterThan(0.08);
      expect(Math.max(...figures.map(onBacks))).toBeGreaterThanOrEqual(6);
    }
    for (const one of rehearsals('rubbing hands', [2.5]))
      for (const figure of amid(one)) expect(onBacks(figure)).toBe(0);
  });
});

describe('scratching arms', () => {
  it('keeps finger tips of one hand on the skin of the other arm, and moves them there repeatedly', () => {
    for (const one of rehearsals('scratching arms', [8])) {
      const figures = amid(one, 60);
      const [fromLeft, fromRight] = sides.map((side) =>
        figures.map(({ arms }) => {
          const tip = mix(arms[side].fingers[1][2], arms[side].fingers[2][2], 0.5);
          const { shoulder, elbow, wrist } = arms[otherSide(side)];
          return Math.min(fromLine(tip, shoulder, elbow), fromLine(tip, elbow, wrist));
        }),
      );
      const scratching = Math.max(...fromLeft) < Math.max(...fromRight) ? 'left' : 'right';
      for (const metres of scratching === 'left' ? fromLeft : fromRight) {
        expect(metres).toBeGreaterThan(0.015);
        expect(metres).toBeLessThan(0.08);
      }
      const tips = figures.map(({ arms }) => minus(arms[scratching].fingers[2][2], arms[otherSide(scratching)].elbow));
      const strokes = [0, 1, 2].map((axis) => {
        const curve = tips.map((tip) => tip[axis]);
        return turnsOf(curve, Math.max(0.003, 0.3 * spanOf(curve)));
      });
      expect(Math.max(...strokes)).toBeGreaterThanOrEqual(4);
    }
  });
});

describe('playing objects', () => {
  it('has something in the hands all through the clip, and both hands at it in the act', () => {
    const kinds = new Set<string>();
    for (const one of rehearsals('playing objects', [2.5, 4])) {
      for (const at of moments(0, one.clipSeconds, 10)) expect(one.acted.figureAt(at).prop).toBeDefined();
      for (const { prop, arms } of amid(one)) {
        kinds.add(prop!.kind);
        for (const side of sides) {
          const near = arms[side].fingers.flat().map((joint) => distance(joint, prop!.frame.origin));
          expect(Math.min(...near)).toBeLessThan(0.09);
        }
        if (prop!.kind === 'cup') expect(prop!.frame.up[1]).toBeGreaterThan(0.8);
      }
    }
    expect(kinds).toEqual(new Set(['pen', 'phone', 'cup']));
  });
});

describe('pointing oneself', () => {
  it('leads the tip of the index finger, the others bent, close before the own breast or face', () => {
    for (const one of rehearsals('pointing oneself', [0.4, 2.5, 8])) {
      const [side] = armsOf(one);
      const near = during(one, 60).map(({ arms, chest, head, size }) => {
        const tip = arms[side].fingers[1][2];
        const before = (frame: Figure['head'], depth: number) => dot(minus(tip, frame.origin), frame.front) - depth;
        const face = distance(tip, head.origin) < 1.1 * size.headHeight;
        return face ? before(head, 0.45 * size.headHeight) : before(chest, 0.12 * size.girth);
      });
      expect(Math.min(...near)).toBeGreaterThan(-0.02);
      expect(Math.min(...near)).toBeLessThan(0.1);
      const { arms } = one.acted.figureAt((one.start + one.end) / 2);
      const [, index, , ring] = arms[side].fingers;
      expect(distance(index[0], index[2])).toBeGreaterThan(1.15 * distance(ring[0], ring[2]));
      expect(minus(index[2], arms[side].wrist)[2]).toBeLessThan(0);
    }
  });
});

describe('clenching fist', () => {
  it('bends the fingers into a fist that was none before', () => {
    for (const one of rehearsals('clenching fist')) {
      for (const side of armsOf(one)) {
        const before = openness(one.acted.figureAt(one.start), side);
        const least = Math.min(...during(one, 60).map((figure) => openness(figure, side)));
        expect(least).toBeLessThan(0.75 * before);
        expect(least).toBeLessThan(0.9 * one.subject.size.middleFinger);
      }
    }
  });
});

describe('stretching and retracting arms', () => {
  it('stretching straightens an arm that is bent before the act', () => {
    for (const one of rehearsals('stretching arms')) {
      for (const side of armsOf(one)) {
        const shares = during(one, 60).map((figure) => straightness(figure, side));
        expect(furthestApart(one.acted.figureAt(one.start), one.idle.figureAt(one.start))).toBeLessThan(1e-9);
        expect(Math.max(...shares)).toBeGreaterThan(0.88);
      }
    }
  });

  it('stretching comes back within the act or leaves the arm out as it is', () => {
    const left = rehearsals('stretching arms').map((one) => {
      const [ended, later] = [one.acted.figureAt(one.end), one.acted.figureAt(one.clipSeconds)];
      const out = furthestApart(ended, one.idle.figureAt(one.end)) > 0.02;
      expect(furthestApart(later, one.idle.figureAt(one.clipSeconds)) > 0.02).toBe(out);
      return out;
    });
    expect(new Set(left)).toEqual(new Set([true, false]));
  });

  it('retracting brings back an arm that is out from the start', () => {
    for (const one of rehearsals('retracting arms')) {
      for (const side of armsOf(one)) {
        expect(straightness(one.acted.figureAt(0), side)).toBeGreaterThan(0.9);
        expect(straightness(one.acted.figureAt(one.start), side)).toBeGreaterThan(0.9);
      }
      for (const at of moments(one.end, one.clipSeconds, 10)) {
        expect(furthestApart(one.acted.figureAt(at), one.idle.figureAt(at))).toBeLessThan(1e-9);
      }
    }
  });
});

describe('waving', () => {
  it('takes an open hand, its palm ahead, from side to side and again', () => {
    for (const one of rehearsals('waving', [3, 8])) {
      const [side] = armsOf(one);
      const figures = amid(one, 60);
      const tips = figures.map(({ arms, chest }) => dot(minus(arms[side].fingers[2][2], chest.origin), chest.left));
      expect(spanOf(tips)).toBeGreaterThan(0.05);
      expect(turnsOf(tips, 0.03) / 2 / (one.end - one.start - 2)).toBeGreaterThan(0.8);
      for (const figure of figures) {
        expect(figure.arms[side].hand.front[2]).toBeGreaterThan(0.3);
        expect(openness(figure, side)).toBeGreaterThan(0.8 * figure.size.middleFinger);
      }
    }
  });
});

describe('spreading hands', () => {
  it('shows open palms upwards that lay downwards or inwards', () => {
    for (const one of rehearsals('spreading hands', [0.4, 2.5, 8])) {
      for (const side of armsOf(one)) {
        expect(one.acted.figureAt(one.start).arms[side].hand.front[1]).toBeLessThan(0.5);
        const figure = one.acted.figureAt((one.start + one.end) / 2);
        expect(figure.arms[side].hand.front[1]).toBeGreaterThan(0.8);
        expect(openness(figure, side)).toBeGreaterThan(0.8 * figure.size.middleFinger);
      }
    }
  });
});

describe('other finger movements', () => {
  it('moves fingers again and again while the hand is still', () => {
    for (const one of rehearsals('other finger movements', [8])) {
      for (const side of armsOf(one)) {
        const figures = amid(one, 60);
        const wrists = figures.map(({ arms, waist }) => minus(arms[side].wrist, waist.origin));
        for (const axis of [0, 1, 2]) expect(spanOf(wrists.map((at) => at[axis]))).toBeLessThan(0.03);
        const turns = [0, 1, 2, 3, 4].map((finger) =>
          turnsOf(
            figures.map(({ arms }) => distance(arms[side].fingers[finger][2], arms[side].wrist)),
            0.006,
          ),
        );
        expect(turns.reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(5);
      }
    }
  });
});

describe('illustrative gestures', () => {
  it('takes hands from place to place before the trunk while the mouth speaks', () => {
    for (const one of rehearsals('illustrative gestures', [4, 8])) {
      const figures = amid(one);
      for (const side of armsOf(one)) {
        const places = figures.map((figure) => minus(palmOf(figure, side), figure.chest.origin));
        const spans = [0, 1, 2].map((axis) => spanOf(places.map((at) => at[axis])));
        expect(Math.max(...spans)).toBeGreaterThan(0.04);
        expect(turnsOf(places.map((at) => at[1]), 0.01)).toBeGreaterThanOrEqual(2); // biome-ignore format: one line
        for (const at of places) expect(at[2]).toBeGreaterThan(0.1);
      }
      expect(spanOf(figures.map(({ face }) => face.mouth))).toBeGreaterThan(0.3);
    }
  });
});
