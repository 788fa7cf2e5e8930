import type { Operation } from '../graph/operation.ts';
import { fail, full, requireDType, requireFloat, requireShape } from '../graph/shapes.ts';
import { makeNode, type Tensor } from '../graph/tensor.ts';
import { add, multiply, negate, reciprocal, sqrt, subtract } from './elementwise.ts';
import { matmul } from './matmul.ts';
import { mean } from './reduce.ts';
import { reshape } from './shape.ts';

interface Epsilon {
  readonly epsilon: number;
}

/**
 * y = x̂ w + b    with x̂ = (x − m) r, and by rows the mean m and the inverse deviation r = 1 / √(variance + ε)
 *
 * With g = dy w:    dx = r g − r x̂ mean(g x̂) − r mean(g) = r g + p x + q
 *                   p = −r² mean(g x̂),    q = −r mean(g) − m p
 *                   dw = Σ dy x̂ over rows    db = Σ dy over rows
 * Written with x and not x̂, which need not be made then: every product of whole tensors is a pass over memory.
 */
const layerNormOperation: Operation<Epsilon> = {
  name: 'layerNorm',
  gradient: (dy, { inputs: [x, weight], outputs: [, m, r] }) => {
    const g = weight ? multiply(dy, weight) : dy;
    const meanG = mean(g, -1, { keepAxes: true });
    const product = multiply(dy, x);
    const meanGx = weight ? rowMeans(product, weight) : mean(product, -1, { keepAxes: true });
    const p = negate(multiply(multiply(multiply(r, r), r), subtract(meanGx, multiply(m, meanG))));
    const q = negate(add(multiply(r, meanG), multiply(m, p)));
    const dx = add(add(multiply(g, r), multiply(x, p)), q);
    if (!weight) return [dx];
    const dw = subtract(columnSums(product, r), columnSums(dy, multiply(r, m)));
    return [dx, dw, columnSums(dy, full(r.shape, 1, r.dtype))];
  },
  lower: (emit, [x, weight, bias], { attributes: { epsilon }, inputs: [source] }) => {
    const { dtype, shape } = source;
    const scale = weight ?? emit.constant(full([shape[shape.length - 1]], 1, dtype));
    const inputs = bias ? [x, scale, bias] : [x, scale];
    const [y, ...statistics] = emit.nodes('LayerNormalization', inputs, 3, { axis: -1, epsilon: { float: epsilon } });
    return [y, ...(dtype === 'float16' ? statistics.map((name) => emit.node('Cast', [name], { to: 10 })) : statistics)];
  },
  decompose: ({ inputs: [x, weight, bias], attributes: { epsilon } }) => {
    // ONNX has the statistics of double precision in single.
    if (x.dtype !== 'float64') return null;
    const m = mean(x, -1, { keepAxes: true });
    const centred = subtract(x, m);
    const r = reciprocal(sqrt(add(mean(multiply(centred, centred), -1, { keepAxes: true }), epsilon)));
    const normal = multiply(centred, r);
    const scaled = weight ? multiply(normal, weight) : normal;
    return [bias ? add(scaled, bias) : scaled, m, r];
  },
};

export interface NormOptions {
  /** Added to the variance under the root. */
  readonly epsilon?: number;
}

/**
 * Each row along the last axis with mean 0 and variance 1, then scaled and shifted (Ba et al. 2016, arXiv 1607.06450).
 * x: [..., C], weight and bias: [C] → [..., C].
 */
export function layerNorm(
  x: Tensor,
  weight?: Tensor | null,
  bias?: Tensor | null,
  { epsilon = 1e-5 }: NormOptions = {},
): Tensor {
  requireFloat('layerNorm', 'x', x);
  if (x.shape.length === 0) fail('layerNorm', 'x', 'has no axes', 'one or more; rows lie along the last');
  const features = x.shape.slice(-1);
  requireAffine('layerNorm', x, { weight, bias }, features);
  if (bias && !weight) return add(layerNorm(x, null, null, { epsilon }), bias);
  const inputs = [x, weight, bias].filter((tensor) => tensor !== undefined && tensor !== null);
  const statistic = { dtype: x.dtype, shape: [...x.shape.slice(0, -1), 1] };
  return makeNode(layerNormOperation, inputs, { epsilon }, [x, statistic, statistic]).outputs[0];
}

// ---- below: internals ----

function requireAffine(
  operation: string,
  x: Tensor,
  tensors: Readonly<Record<string, Tensor | null | undefined>>,
  shape: readonly number[],
): void {
  for (const [argument, tensor] of Object.entries(tensors)) {
    if (!tensor) continue;
    requireDType(operation, argument, tensor, x.dtype);
    requireShape(operation, argument, tensor, shape);
  }
}

/** Σ x w / C by rows, as a product with one column. x: [..., C], w: [C] → [..., 1]. */
function rowMeans(x: Tensor, weight: Tensor): Tensor {
  const [features] = weight.shape;
  const sums = matmul(reshape(x, [-1, features]), reshape(multiply(weight, 1 / features), [features, 1]));
  return reshape(sums, [...x.shape.slice(0, -1), 1]);
}

/** Σ s x over rows, as a product with one row. x: [..., C], s: [..., 1] → [C]. */
function columnSums(x: Tensor, scales: Tensor): Tensor {
  const features = x.shape[x.shape.length - 1];
  return reshape(matmul(reshape(scales, [1, -1]), reshape(x, [-1, features])), [features]);
}
