import { microsoft } from '../graph/emitter.ts';
import { apply, type Operation } from '../graph/operation.ts';
import { broadcastShapes, fail, full, requireDType, requireFloat, requireShape } from '../graph/shapes.ts';
import { scalar, type Tensor } from '../graph/tensor.ts';
import { shown, sizeOf } from '../graph/tensorData.ts';
import { sumTo } from './reduce.ts';
import { expand, reshape } from './shape.ts';

export interface MatmulOptions {
  /** Whether the last two axes of a, of b, change places first; costs nothing. */
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

type Flags = Required<MatmulOptions>;

/**
 * y = a b    da = dy bᵀ    db = aᵀ dy    (each summed over the batch axes it was broadcast along; where an argument
 * was transposed, so is its gradient, by the order of the product and not by moving numbers)
 */
const matmulOperation: Operation<Flags> = {
  name: 'matmul',
  isProduct: true,
  gradient: (dy, { inputs: [a, b], attributes: { transposeA, transposeB } }) => [
    sumTo(
      transposeA
        ? matmul(b, dy, { transposeA: transposeB, transposeB: true })
        : matmul(dy, b, { transposeB: !transposeB }),
      a.shape,
    ),
    sumTo(
      transposeB
        ? matmul(dy, a, { transposeA: true, transposeB: transposeA })
        : matmul(a, dy, { transposeA: !transposeA }),
      b.shape,
    ),
  ],
  // The engine leaves the result of a product without terms as it found the memory, and has no batches of none.
  decompose: ({ inputs: [a], attributes: { transposeA }, outputs: [{ dtype, shape }] }) =>
    [...shape, lastTwo(a, transposeA)[1]].includes(0) ? expand(scalar(0, dtype), shape) : null,
  lower: (emit, [a, b], { inputs, attributes: { transposeA, transposeB }, outputs: [y] }) => {
    const [transA, transB] = [Number(transposeA), Number(transposeB)];
    if (!transposeA && !transposeB) return emit.node('MatMul', [a, b]);
    if (y.shape.length === 2) return emit.node('Gemm', [a, b], { transA, transB });
    if (emit.target.operators === 'onnxruntime' && y.dtype === 'float32') {
      return emit.node('FusedMatMul', [a, b], { transA, transB }, microsoft);
    }
    const swapped = (name: string, rank: number, swap: boolean) =>
      swap ? emit.node('Transpose', [name], { perm: lastSwapped(rank) }) : name;
    return emit.node('MatMul', [
      swapped(a, inputs[0].shape.length, transposeA),
      swapped(b, inputs[1].shape.length, transposeB),
    ]);
  },
};

/**
 * Matrix product over the last two axes; axes before them are batches and broadcast. a: [..., M, K], b: [..., K, N]
 * → [..., M, N].
 */
export function matmul(a: Tensor, b: Tensor, { transposeA = false, transposeB = false }: MatmulOptions = {}): Tensor {
  requireFloat('matmul', 'a', a);
  requireDType('matmul', 'b', b, a.dtype);
  if (a.shape.length < 2) fail('matmul', 'a', `has shape ${shown(a.shape)}`, 'two axes or more');
  if (b.shape.length < 2) fail('matmul', 'b', `has shape ${shown(b.shape)}`, 'two axes or more');
  const [rows, innerA] = lastTwo(a, transposeA);
  const [innerB, columns] = lastTwo(b, transposeB);
  if (innerA !== innerB) {
    fail(
      'matmul',
      'b',
      `has shape ${shown(b.shape)}${transposeB ? ' transposed' : ''}`,
      `${innerA} rows, as many as a of shape ${shown(a.shape)}${transposeA ? ' transposed' : ''} has columns`,
    );
  }
  // Batches of rows times one matrix are one product of more rows.
  if (b.shape.length === 2 && a.shape.length > 2 && !transposeA) {
    return reshape(matmul(rowsOf(a), b, { transposeB }), [...a.shape.slice(0, -1), columns]);
  }
  const batch = broadcastShapes('matmul', a.shape.slice(0, -2), b.shape.slice(0, -2));
  return apply(
    matmulOperation,
    [a, b],
    { transposeA, transposeB },
    { dtype: a.dtype, shape: [...batch, rows, columns] },
  );
}

/** y = x wᵀ + b    dx = dy w    dw = dyᵀ x    db = Σ dy over rows */
const linearOperation: Operation<null> = {
  name: 'linear',
  isProduct: true,
  gradient: (dy, { inputs: [x, weight, bias] }) => [
    matmul(dy, weight),
    matmul(dy, x, { transposeA: true }),
    // A product with ones takes half the time of the engine's sum over rows.
    ...(bias ? [reshape(matmul(full([1, dy.shape[0]], 1, dy.dtype), dy), bias.shape)] : []),
  ],
  lower: (emit, inputs) => emit.node('Gemm', inputs, { transB: 1 }),
};

/**
 * x wᵀ + b, with weights as PyTorch keeps them. x: [..., inputs], weight: [outputs, inputs], bias: [outputs]
 * → [..., outputs].
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor | null): Tensor {
  requireFloat('linear', 'x', x);
  requireDType('linear', 'weight', weight, x.dtype);
  const features = x.shape.at(-1);
  if (weight.shape.length !== 2 || weight.shape[1] !== features) {
    fail(
      'linear',
      'weight',
      `has shape ${shown(weight.shape)}`,
      `[outputs, ${features}], for x of shape ${shown(x.shape)}`,
    );
  }
  const [outputs] = weight.shape;
  if (bias) {
    requireDType('linear', 'bias', bias, x.dtype);
    requireShape('linear', 'bias', bias, [outputs]);
  }
  const rows = rowsOf(x);
  const y = apply(linearOperation, bias ? [rows, weight, bias] : [rows, weight], null, {
    dtype: x.dtype,
    shape: [rows.shape[0], outputs],
  });
  return reshape(y, [...x.shape.slice(0, -1), outputs]);
}

// ---- below: internals ----

/** All but the last axis as one. */
const rowsOf = (x: Tensor): Tensor => reshape(x, [sizeOf(x.shape.slice(0, -1)), x.shape[x.shape.length - 1]]);

function lastTwo({ shape }: Tensor, swapped: boolean): [number, number] {
  const [rows, columns] = shape.slice(-2);
  return swapped ? [columns, rows] : [rows, columns];
}

function lastSwapped(rank: number): number[] {
  const order = Array.from({ length: rank }, (_, axis) => axis);
  return [...order.slice(0, -2), rank - 1, rank - 2];
}
