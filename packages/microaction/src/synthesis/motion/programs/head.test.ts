import { describe, expect, it } from 'vitest';
import { furthestApart, moments, type Rehearsal, rehearsals, turnOf, turnsOf } from '../testing.ts';

type Axis = 'yaw' | 'pitch' | 'roll';

/** What the act adds to the head's turn about an axis, degrees. */
function added({ acted, idle }: Rehearsal, axis: Axis, seconds: number): number {
  return turnOf(acted.figureAt(seconds).head)[axis] - turnOf(idle.figureAt(seconds).head)[axis];
}

const actCurve = (one: Rehearsal, axis: Axis) => moments(one.start, one.end).map((at) => added(one, axis, at));

/** From the act's start to where it is furthest from there. */
function peakOf(curve: readonly number[]): number {
  return curve.reduce((peak, value) => (Math.abs(value - curve[0]) > Math.abs(peak) ? value - curve[0] : peak), 0);
}

const once = [
  { action: 'bowing head', axis: 'pitch', sign: 1 },
  { action: 'head up', axis: 'pitch', sign: -1 },
  { action: 'tilting head', axis: 'roll', sign: undefined },
  { action: 'turning head', axis: 'yaw', sign: undefined },
] as const;

const repeated = [
  { action: 'nodding', axis: 'pitch' },
  { action: 'shaking head', axis: 'yaw' },
] as const;

for (const { action, axis } of [...once, ...repeated]) {
  describe(action, () => {
    it(`turns the head about one axis only (${axis}), and moves nothing else`, () => {
      const others = (['yaw', 'pitch', 'roll'] as const).filter((other) => other !== axis);
      for (const one of rehearsals(action, [1])) {
        for (const at of moments(0, one.clipSeconds, 15)) {
          for (const other of others) expect(Math.abs(added(one, other, at))).toBeLessThan(1e-9);
          const [acted, idle] = [one.acted.figureAt(at), one.idle.figureAt(at)];
          expect(furthestApart({ ...acted, head: idle.head }, idle)).toBe(0);
        }
      }
    });

    it('does not jerk: the head turns by less than 450 degrees a second', () => {
      for (const one of rehearsals(action, [0.4, 1, 1.6])) {
        const curve = moments(0, one.clipSeconds, 60).map((at) => added(one, axis, at));
        for (let i = 1; i < curve.length; i++) expect(Math.abs(curve[i] - curve[i - 1]) * 60).toBeLessThan(450);
      }
    });
  });
}

for (const { action, axis, sign } of once) {
  describe(action, () => {
    it('goes there once, and at most once back', () => {
      for (const one of rehearsals(action)) {
        const curve = actCurve(one, axis);
        const peak = peakOf(curve);
        expect(Math.abs(peak)).toBeGreaterThan(5);
        expect(Math.abs(peak)).toBeLessThan(75);
        if (sign) expect(Math.sign(peak)).toBe(sign);
        expect(turnsOf(curve, 0.25 * Math.abs(peak))).toBeLessThanOrEqual(1);
      }
    });

    it('is held all through an act that is long, and then undone', () => {
      for (const one of rehearsals(action, [6, 12])) {
        const curve = actCurve(one, axis);
        const peak = peakOf(curve);
        for (const at of moments(one.start + 1.5, one.end - 2, 10)) {
          expect(added(one, axis, at) / peak).toBeGreaterThan(0.75);
        }
        for (const at of [...moments(0, one.start, 10), ...moments(one.end, one.clipSeconds, 10)]) {
          expect(added(one, axis, at)).toBe(0);
        }
      }
    });

    it('moves within the act alone: what stood before stands at its start, what stands after stood at its end', () => {
      for (const one of rehearsals(action, [0.4, 1])) {
        for (const at of moments(0, one.start, 10)) {
          expect(added(one, axis, at)).toBeCloseTo(added(one, axis, one.start), 6);
        }
        for (const at of moments(one.end, one.clipSeconds, 10)) {
          expect(added(one, axis, at)).toBeCloseTo(added(one, axis, one.end), 6);
        }
      }
    });
  });
}

describe('turning and tilting the head', () => {
  it.each(['turning head', 'tilting head'])('goes to either side (%s)', (action) => {
    const { axis } = once.find((entry) => entry.action === action)!;
    const signs = rehearsals(action).map((one) => Math.sign(peakOf(actCurve(one, axis))));
    expect(new Set(signs)).toEqual(new Set([-1, 1]));
  });
});

for (const { action, axis } of repeated) {
  describe(action, () => {
    it('repeats itself, at most four times a second', () => {
      for (const one of rehearsals(action, [2.5, 8])) {
        const curve = actCurve(one, axis);
        const strokes = (turnsOf(curve, 0.3 * Math.abs(peakOf(curve))) + 1) / 2;
        expect(strokes / (one.end - one.start)).toBeGreaterThan(0.5);
        expect(strokes / (one.end - one.start)).toBeLessThan(4);
      }
    });

    it('is seen even when it is short, and from the first to the last third of a second of it', () => {
      for (const one of rehearsals(action)) {
        const curve = actCurve(one, axis);
        expect(Math.abs(peakOf(curve))).toBeGreaterThan(2);
        const third = 10;
        const span = (part: number[]) => Math.max(...part) - Math.min(...part);
        expect(span(curve.slice(0, third))).toBeGreaterThan(1);
        expect(span(curve.slice(-third))).toBeGreaterThan(1);
      }
    });

    it('ends where it began', () => {
      for (const one of rehearsals(action)) {
        for (const at of [...moments(0, one.start, 10), ...moments(one.end, one.clipSeconds, 10)]) {
          expect(added(one, axis, at)).toBeCloseTo(0, 9);
        }
      }
    });
  });
}

describe('nodding and shaking the head', () => {
  it('differ in axis and in that a nod goes down only, a shake to both sides', () => {
    for (const one of rehearsals('nodding', [2.5])) {
      for (const pitch of actCurve(one, 'pitch')) expect(pitch).toBeGreaterThan(-1e-9);
    }
    for (const one of rehearsals('shaking head', [2.5])) {
      const curve = actCurve(one, 'yaw');
      expect(Math.max(...curve)).toBeGreaterThan(3);
      expect(Math.min(...curve)).toBeLessThan(-3);
    }
  });
});
