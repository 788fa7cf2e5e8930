import { apply, makeNode, type Operation } from '../graph/operation.ts';
import { fail, full, requireDType, requireFloat, requireShape } from '../graph/shapes.ts';
import type { Buffer, Tensor } from '../graph/tensor.ts';
import { shown, sizeOf } from '../graph/tensorData.ts';
import { add, divide, multiply, sqrt, subtract } from './elementwise.ts';
import { matmul } from './matmul.ts';
import { sum } from './reduce.ts';
import { reshape } from './shape.ts';

export interface BatchNormOptions {
  /** Scale and shift of each channel, [C]; 1 and 0 unless given. */
  readonly weight?: Tensor | null;
  readonly bias?: Tensor | null;
  /** Running statistics, [C]: what is subtracted and divided by when not training; what training keeps up to date. */
  readonly running?: { readonly mean: Buffer; readonly variance: Buffer } | null;
  /** Whether the statistics are those of this batch; a frozen layer is one that never trains. */
  readonly training: boolean;
  /** The part of the running statistics that a batch replaces; 0.1 unless told. */
  readonly momentum?: number;
  /** Added to the variance; 1e-5 unless told. */
  readonly epsilon?: number;
}

interface Statistics {
  readonly epsilon: number;
  /** Whether mean and variance are those of x: then they move with it. */
  readonly ofBatch: boolean;
}

/**
 * y = (x − μ) s w + b, s = 1 / √(σ² + ε)
 * db = Σ dy    dw = s Σ dy (x − μ)
 * dx = s w dy, and where μ and σ² are of the batch, less the mean of that and its part along x:
 * dx = s w (dy − db / n − (x − μ) s dw / n)
 */
const batchNormOperation: Operation<Statistics> = {
  name: 'batchNorm',
  gradient: (dy, { inputs: [x, weight, , average, variance], attributes: { epsilon, ofBatch } }) => {
    const inverse = divide(1, sqrt(add(variance, epsilon)));
    const db = sumOfChannels(dy);
    const dw = multiply(inverse, subtract(sumOfProducts(dy, x), multiply(average, db)));
    const scale = multiply(inverse, weight);
    if (!ofBatch) return [multiply(dy, perChannel(scale, x)), dw, db, null, null];
    // What is taken off is itself x normalised, by other weights: one pass of the engine's kernel.
    const count = sizeOf(x.shape) / x.shape[1];
    const [w, b] = [dw, db].map((total) => divide(multiply(scale, total), -count));
    const taken = apply(batchNormOperation, [x, w, b, average, variance], { epsilon, ofBatch }, x);
    const dx = add(multiply(dy, perChannel(scale, x)), taken);
    return [dx, dw, db, null, null];
  },
  lower: (emit, inputs, { attributes: { epsilon } }) =>
    emit.node('BatchNormalization', inputs, { epsilon: { float: epsilon } }),
};

/**
 * Batch normalisation as PyTorch's `batch_norm`: each channel less its mean, divided by its standard deviation, over
 * the batch and all places. x: [N, C, ...spatial] → the same.
 *
 * In training the running statistics move towards those of the batch (the variance without bias) whenever a program
 * compiled with `updateBuffers` runs.
 */
export function batchNorm(x: Tensor, options: BatchNormOptions): Tensor {
  const { running, training, momentum = 0.1, epsilon = 1e-5 } = options;
  requireFloat('batchNorm', 'x', x);
  if (x.shape.length < 2) fail('batchNorm', 'x', `has shape ${shown(x.shape)}`, '[N, C, ...]');
  const channels = [x.shape[1]];
  const vectors = { weight: options.weight, bias: options.bias, mean: running?.mean, variance: running?.variance };
  for (const [name, vector] of Object.entries(vectors)) {
    if (!vector) continue;
    requireDType('batchNorm', name, vector, x.dtype);
    requireShape('batchNorm', name, vector, channels);
  }
  const weight = options.weight ?? full(channels, 1, x.dtype);
  const bias = options.bias ?? full(channels, 0, x.dtype);
  if (!training) {
    if (!running) return fail('batchNorm', 'running', 'is not given', 'running statistics, unless training');
    const attributes = { epsilon, ofBatch: false };
    return apply(batchNormOperation, [x, weight, bias, running.mean, running.variance], attributes, x);
  }
  const count = sizeOf(x.shape) / x.shape[1];
  if (count < 2) fail('batchNorm', 'x', `has shape ${shown(x.shape)}`, 'at least two elements a channel in training');
  const average = divide(sumOfChannels(x), count);
  const variance = varianceAround(x, average);
  const moved = (buffer: Buffer, value: Tensor) => ({
    buffer,
    value: add(multiply(buffer, 1 - momentum), multiply(value, momentum)),
  });
  const updates = running
    ? [moved(running.mean, average), moved(running.variance, multiply(variance, count / (count - 1)))]
    : [];
  const inputs = [x, weight, bias, average, variance];
  return makeNode(batchNormOperation, inputs, { epsilon, ofBatch: true }, [x], updates).outputs[0];
}

// ---- below: internals ----

/** All axes but the channels'. */
const others = ({ shape }: Tensor): number[] => [...shape.keys()].filter((axis) => axis !== 1);

/** Σ a over all but channels, places before batches: [N, C, ...spatial] → [C] */
const sumOfChannels = (a: Tensor): Tensor => sum(sum(a, others(a).slice(1)), 0);

/** [C] → [C, 1, ...], so that it broadcasts along x. */
const perChannel = (vector: Tensor, { shape }: Tensor): Tensor => reshape(vector, [-1, ...shape.slice(2).map(() => 1)]);

/** Elements in a row from which a product of rows, which keeps no single products, is the quicker sum of products. */
const longRow = 512;

/** Σ a b over all but channels: [N, C, ...spatial] → [C] */
function sumOfProducts(a: Tensor, b: Tensor): Tensor {
  const [batch, channels, ...spatial] = a.shape;
  const length = sizeOf(spatial);
  if (length < longRow) return sumOfChannels(multiply(a, b));
  const [rowsA, rowsB] = [a, b].map((x) => reshape(x, [batch * channels, 1, length]));
  return sum(reshape(matmul(rowsA, rowsB, { transposeB: true }), [batch, channels]), 0);
}

function varianceAround(x: Tensor, average: Tensor): Tensor {
  const centred = subtract(x, perChannel(average, x));
  return divide(sumOfProducts(centred, centred), sizeOf(x.shape) / x.shape[1]);
}
