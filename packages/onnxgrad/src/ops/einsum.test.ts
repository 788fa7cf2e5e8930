import { describe, expect, it } from 'vitest';
import { checkGradient, sample } from '../grad/gradientTesting.ts';
import { constant, type Tensor } from '../graph/tensor.ts';
import type { Shape } from '../graph/tensorData.ts';
import { nodesBehind } from '../graph/walk.ts';
import { einsum } from './einsum.ts';
import { valuesOf } from './valuesTesting.ts';

const cases: { formula: string; shapes: Shape[] }[] = [
  {
    formula: 'ij,jk->ik',
    shapes: [
      [2, 3],
      [3, 4],
    ],
  },
  {
    formula: 'ij,kj',
    shapes: [
      [2, 3],
      [4, 3],
    ],
  },
  {
    formula: 'bqhd,bkhd->bhqk',
    shapes: [
      [2, 3, 2, 4],
      [2, 5, 2, 4],
    ],
  },
  {
    formula: 'bhqk,bkhd->bqhd',
    shapes: [
      [2, 2, 3, 5],
      [2, 5, 2, 4],
    ],
  },
  {
    formula: 'kb,kc->bc',
    shapes: [
      [3, 2],
      [3, 4],
    ],
  },
  { formula: 'i,j->ji', shapes: [[2], [3]] },
  {
    formula: 'bi,bi->b',
    shapes: [
      [2, 3],
      [2, 3],
    ],
  },
  {
    formula: 'bi,bi->bi',
    shapes: [
      [2, 3],
      [2, 3],
    ],
  },
  { formula: 'ij->ji', shapes: [[2, 3]] },
  { formula: 'ijk->j', shapes: [[2, 3, 4]] },
  { formula: 'ij,k->', shapes: [[2, 3], [4]] },
  { formula: 'ii->i', shapes: [[3, 3]] },
  { formula: 'ii', shapes: [[3, 3]] },
  {
    formula: 'iji,jk->ik',
    shapes: [
      [2, 3, 2],
      [3, 4],
    ],
  },
  {
    formula: 'ab,bc,cd->ad',
    shapes: [
      [2, 3],
      [3, 4],
      [4, 2],
    ],
  },
  {
    formula: 'tdn,tn,td->td',
    shapes: [
      [3, 2, 4],
      [3, 4],
      [3, 2],
    ],
  },
  {
    formula: '...ij,jk->...ik',
    shapes: [
      [2, 3, 2, 3],
      [3, 4],
    ],
  },
  {
    formula: '...i,...i->...',
    shapes: [
      [2, 1, 3],
      [4, 3],
    ],
  },
  {
    formula: 'i...,...i',
    shapes: [
      [3, 2],
      [2, 3],
    ],
  },
];

describe('einsum', () => {
  for (const { formula, shapes } of cases) {
    it(`${formula}: gradients agree with central differences, values with the sum written out`, async () => {
      const samples = shapes.map((shape, i) => sample(shape, [-1, 1], i + 1));
      const operands = samples.map(({ shape, values }) => constant(values, { shape, dtype: 'float64' }));
      const y = einsum(formula, ...operands);
      if (!formula.includes('.')) {
        const expected = writtenOut(formula, operands);
        expect(y.shape).toEqual(expected.shape);
        const found = (await valuesOf({ y })).y;
        for (const [i, value] of expected.values.entries()) expect(found[i]).toBeCloseTo(value, 10);
      }
      await checkGradient((...xs) => einsum(formula, ...xs), samples);
    });
  }

  it('states the shapes of broadcast ellipses', () => {
    const [a, b] = [sampled([2, 1, 3]), sampled([4, 3])];
    expect(einsum('...i,...i->...', a, b).shape).toEqual([2, 4]);
    expect(einsum('...i,...j->ij...', a, b).shape).toEqual([3, 3, 2, 4]);
  });

  it('moves no numbers where a product can read them as they lie', () => {
    const operations = nodesBehind([einsum('kb,ck->bc', sampled([3, 2]), sampled([4, 3]))]).map(
      ({ operation }) => operation.name,
    );
    expect(operations.filter((name) => name === 'transpose')).toEqual([]);
  });

  it('tells what is wrong with a formula', () => {
    const [a, b] = [sampled([2, 3]), sampled([4, 5])];
    expect(() => einsum('ij,jk->ik', a, b)).toThrow('einsum: in "ij,jk->ik", j stands for lengths 3 and 4');
    expect(() => einsum('ij,jk->ik', a)).toThrow('has 2 operands; got 1 tensors');
    expect(() => einsum('ijk->i', a)).toThrow('gives operand 1 "ijk", which does not fit its shape [2, 3]');
    expect(() => einsum('ij->ik', a)).toThrow('has "k" in the result, but in no operand');
    expect(() => einsum('ij->ii', a)).toThrow('has a letter twice in the result');
    expect(() => einsum('i1->i', a)).toThrow('holds "i1"; expected letters');
    expect(() => einsum('ij->i->j', a)).toThrow('has more than one arrow');
    expect(() => einsum('...j->j', a)).toThrow('leaves ... out of the result');
    expect(() => einsum('ii->i', a)).toThrow('i stands for lengths 2 and 3; a diagonal needs equal ones');
  });
});

// ---- below: internals ----

const sampled = (shape: Shape): Tensor => constant(sample(shape).values, { shape });

/** The definition: a loop over all values of all letters. */
function writtenOut(formula: string, operands: readonly { shape: Shape; data: ArrayLike<unknown> }[]) {
  const [left, right] = formula.split('->');
  const sides = left.split(',');
  const letters = [...new Set(left.replaceAll(',', ''))];
  const output =
    right ??
    letters
      .filter((letter) => left.split(letter).length === 2)
      .sort()
      .join('');
  const lengthOf = (letter: string) => {
    const side = sides.findIndex((text) => text.includes(letter));
    return operands[side].shape[sides[side].indexOf(letter)];
  };
  const place = (side: string, at: Record<string, number>) =>
    [...side].reduce((index, letter) => index * lengthOf(letter) + at[letter], 0);
  const shape = [...output].map(lengthOf);
  const values = new Array<number>(shape.reduce((size, length) => size * length, 1)).fill(0);
  const visit = (depth: number, at: Record<string, number>): void => {
    if (depth === letters.length) {
      values[place(output, at)] += sides.reduce((all, side, i) => all * Number(operands[i].data[place(side, at)]), 1);
      return;
    }
    for (let i = 0; i < lengthOf(letters[depth]); i++) visit(depth + 1, { ...at, [letters[depth]]: i });
  };
  visit(0, {});
  return { shape, values };
}
