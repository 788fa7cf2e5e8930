import { add, attention, convolution, convolutionTransposed, input, linear, matmul, relu } from 'onnxgrad';
import { expect, it } from 'vitest';
import { multiplyAdds } from './multiplyAdds.ts';

const x = (...shape: number[]) => input(`x${shape}`, shape);

it('counts one for each factor of each sum', () => {
  expect(multiplyAdds([matmul(x(5, 2, 3), x(5, 3, 4))])).toBe(5 * 2 * 3 * 4);
  expect(multiplyAdds([matmul(x(5, 3, 2), x(5, 4, 3), { transposeA: true, transposeB: true })])).toBe(5 * 2 * 3 * 4);
  expect(multiplyAdds([linear(x(2, 7, 3), x(4, 3), x(4))])).toBe(2 * 7 * 3 * 4);
  expect(multiplyAdds([convolution(x(2, 6, 9, 9), x(4, 3, 3, 3), null, { groups: 2 })])).toBe(2 * 4 * 7 * 7 * 27);
  expect(multiplyAdds([convolutionTransposed(x(2, 6, 5), x(6, 4, 2), null, { stride: 2 })])).toBe(2 * 6 * 5 * 4 * 2);
  expect(multiplyAdds([attention(x(2, 5, 8), x(2, 7, 8), x(2, 7, 12), { heads: 4 })])).toBe(2 * 5 * 7 * (8 + 12));
});

it('counts what several results share once, and what none needs not at all', () => {
  const shared = matmul(x(2, 3), x(3, 4));
  matmul(shared, x(4, 9));
  expect(multiplyAdds([relu(shared), add(shared, 1)])).toBe(2 * 3 * 4);
});
