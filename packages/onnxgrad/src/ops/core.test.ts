import { describe, expect, it } from 'vitest';
import { checkGradient, sample } from '../grad/gradientTesting.ts';
import { constant, type Tensor } from '../graph/tensor.ts';
import { add, divide, exp, log, multiply, negate, reciprocal, sigmoid, sqrt, subtract, tanh } from './elementwise.ts';
import { linear, matmul } from './matmul.ts';
import { mean, sum } from './reduce.ts';
import { concat, expand, interleave, pad, reshape, slice, swapLast, transpose } from './shape.ts';

const cases: { name: string; build: (...xs: readonly Tensor[]) => Tensor; samples: Parameters<typeof sample>[] }[] = [
  { name: 'add, broadcast', build: (a, b) => add(a, b), samples: [[[2, 1, 3]], [[4, 1]]] },
  { name: 'subtract, broadcast', build: (a, b) => subtract(a, b), samples: [[[3]], [[2, 3]]] },
  { name: 'multiply, broadcast', build: (a, b) => multiply(a, b), samples: [[[2, 3]], [[1, 3]]] },
  { name: 'divide, away from 0', build: (a, b) => divide(a, b), samples: [[[2, 3]], [[3], [1, 2]]] },
  { name: 'a tensor with itself', build: (a) => multiply(a, a), samples: [[[2, 3]]] },
  { name: 'negate', build: (x) => negate(x), samples: [[[3]]] },
  { name: 'reciprocal, away from 0', build: (x) => reciprocal(x), samples: [[[4], [0.5, 2]]] },
  { name: 'swapLast', build: (x) => swapLast(x), samples: [[[2, 3, 4]]] },
  { name: 'exp', build: (x) => exp(x), samples: [[[5]]] },
  { name: 'log, above 0', build: (x) => log(x), samples: [[[5], [0.2, 2]]] },
  { name: 'sqrt, above 0', build: (x) => sqrt(x), samples: [[[5], [0.2, 2]]] },
  { name: 'tanh', build: (x) => tanh(x), samples: [[[5]]] },
  { name: 'sigmoid', build: (x) => sigmoid(x), samples: [[[5]]] },
  { name: 'sum over an axis', build: (x) => sum(x, 1), samples: [[[2, 3, 2]]] },
  { name: 'mean over the last axes', build: (x) => mean(x, [-1, -2], { keepAxes: true }), samples: [[[2, 3, 2]]] },
  { name: 'reshape, transpose', build: (x) => transpose(reshape(x, [3, 2, -1]), [2, 0, 1]), samples: [[[2, 6]]] },
  { name: 'expand', build: (x) => multiply(expand(x, [2, 3, 4]), expand(x, [2, 3, 4])), samples: [[[3, 1]]] },
  { name: 'concat', build: (a, b) => concat([a, b, a], 1), samples: [[[2, 1]], [[2, 3]]] },
  { name: 'slice with steps', build: (x) => slice(x, 1, 1, -1, 2), samples: [[[2, 7]]] },
  { name: 'pad', build: (x) => pad(x, -1, 2, 1, 5), samples: [[[2, 3]]] },
  { name: 'interleave', build: (x) => interleave(x, 1, 3), samples: [[[2, 3, 2]]] },
  { name: 'matmul', build: (a, b) => matmul(a, b), samples: [[[2, 3]], [[3, 4]]] },
  { name: 'matmul in batches, broadcast', build: (a, b) => matmul(a, b), samples: [[[2, 1, 2, 3]], [[3, 3, 2]]] },
  { name: 'matmul of a matrix with batches', build: (a, b) => matmul(a, b), samples: [[[2, 3]], [[2, 3, 2]]] },
  { name: 'matmul of batches with a matrix', build: (a, b) => matmul(a, b), samples: [[[2, 2, 3]], [[3, 2]]] },
  ...[0, 1, 2, 3].map((flags) => ({
    name: `matmul transposed ${flags}`,
    build: (a: Tensor, b: Tensor) => matmul(a, b, { transposeA: flags % 2 === 1, transposeB: flags > 1 }),
    samples: [[[2, 3, 3]], [[2, 3, 3]]] as Parameters<typeof sample>[],
  })),
  { name: 'linear', build: (x, w, b) => linear(x, w, b), samples: [[[2, 2, 3]], [[4, 3]], [[4]]] },
];

describe('gradients agree with central differences', () => {
  for (const { name, build, samples } of cases) {
    it(name, () =>
      checkGradient(
        build,
        samples.map(([shape, range], i) => sample(shape, range, i + 1)),
      ),
    );
  }
});

describe('shapes', () => {
  it('are of whole numbers, or refused where they are given', () => {
    const x = constant([1, 2], { shape: [2, 1] });
    expect(() => reshape(x, [-2, -1])).toThrow('reshape: shape is [-2, -1] for a tensor of shape [2, 1]');
    for (const length of [-1, 1.5]) {
      expect(() => expand(x, [2, length])).toThrow(`expand: shape is [2, ${length}]; expected whole numbers from 0 up`);
    }
  });
});
