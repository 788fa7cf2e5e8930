import { describe, expect, it } from 'vitest';
import type { FlatRod } from './easel.ts';
import { type Part, paintersOrder } from './order.ts';

const rod = (from: FlatRod['from'], to: FlatRod['to']): FlatRod => ({ from, to, fromPixels: 5, toPixels: 5 });
const part = (name: string, ...rods: FlatRod[]): Part => ({ name, rods, nearer: 0, draw: () => {} });
const namesInOrder = (parts: Part[], rule: Parameters<typeof paintersOrder>[1] = () => undefined) =>
  paintersOrder(parts, rule).map(({ name }) => name);

describe('paintersOrder', () => {
  it('draws the farther of two first where they cross, whichever is farther on the whole', () => {
    // A thigh comes from 3 m away to 2 m; a hand lies near its far end, at 2.7 m.
    const thigh = part('thigh', rod([0, 0, 3], [100, 0, 2]));
    const hand = part('hand', rod([10, -5, 2.7], [10, 5, 2.7]));
    const under = part('under', rod([90, -5, 2.3], [90, 5, 2.3]));
    expect(namesInOrder([hand, under, thigh])).toEqual(['under', 'thigh', 'hand']);
  });

  it('lets a rule overrule depth', () => {
    const near = part('near', rod([0, 0, 1], [10, 0, 1]));
    const far = part('far', rod([0, 0, 2], [10, 0, 2]));
    expect(namesInOrder([near, far])).toEqual(['far', 'near']);
    expect(namesInOrder([near, far], (a) => (a === 'far' ? 1 : -1))).toEqual(['near', 'far']);
  });

  it('draws each part once though they cover each other in a ring', () => {
    const ring = [
      part('a', rod([0, 0, 1], [50, 0, 2])),
      part('b', rod([50, 0, 1], [25, 40, 2])),
      part('c', rod([25, 40, 1], [0, 0, 2])),
    ];
    expect(namesInOrder(ring).sort()).toEqual(['a', 'b', 'c']);
  });
});
