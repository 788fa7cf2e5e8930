import { describe, expect, it } from 'vitest';
import { grad } from '../grad/grad.ts';
import { constant } from '../graph/tensor.ts';
import { compile } from '../runtime/program.ts';
import { exp } from './elementwise.ts';
import { linear, matmul } from './matmul.ts';
import { expand } from './shape.ts';
import { numbers, valuesOf } from './valuesTesting.ts';

const empty = (...shape: number[]) => constant([], { shape });

describe('products without terms', () => {
  it.each(['standard', 'onnxruntime'] as const)('are 0, by %s operators', async (operators) => {
    const transposed = matmul(empty(3, 0, 17), empty(3, 0, 2), { transposeA: true });
    const plain = matmul(empty(2, 1, 5, 0), empty(3, 0, 4));
    const rows = matmul(empty(2, 3, 0), empty(0, 2));
    const batches = matmul(empty(0, 2, 3), numbers([1, 3, 1], [1, 2, 3], 'float32'));
    await using program = await compile({ transposed, plain, rows, batches }, { operators, threads: 1 });
    // Memory that was in use before is what shows up where nothing is written.
    await valuesOf({ noise: exp(expand(constant([1]), [4096])) });
    const found = await program.run();
    for (const [name, { shape }] of Object.entries({ transposed, plain, rows, batches })) {
      expect([...(found[name as keyof typeof found].data as Float32Array)], name).toEqual(
        new Array(shape.reduce((product, length) => product * length, 1)).fill(0),
      );
    }
  });

  it('give gradients of 0 to what is multiplied with nothing', async () => {
    const [a, b] = [empty(2, 0, 3), numbers([2, 3, 1], [1, 2, 3, 4, 5, 6], 'float32')];
    const y = matmul(a, b);
    const [da, db] = grad(y, [a, b], empty(2, 0, 1));
    expect(await valuesOf({ da, db })).toEqual({ da: [], db: [0, 0, 0, 0, 0, 0] });
  });

  it('leave the bias of a linear layer', async () => {
    const bias = numbers([2], [1, -1], 'float32');
    const y = linear(empty(3, 2, 0), empty(2, 0), bias);
    const [db] = grad(y, [bias], expand(constant([1]), y.shape));
    const found = await valuesOf({ y, db });
    expect(found.y).toEqual([1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1]);
    expect(found.db).toEqual([6, 6]);
  });
});
