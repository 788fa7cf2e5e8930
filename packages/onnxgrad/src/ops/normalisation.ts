import type { Operation } from '../graph/operation.ts';
import { axisOf, fail, full, requireDType, requireFloat, requireShape } from '../graph/shapes.ts';
import { makeNode, type Tensor } from '../graph/tensor.ts';
import { type Shape, shown, sizeOf } from '../graph/tensorData.ts';
import { alongAxis } from './alongAxis.ts';
import { add, divide, multiply, negate, reciprocal, sqrt, subtract } from './elementwise.ts';
import { matmul } from './matmul.ts';
import { mean, sum } from './reduce.ts';
import { replaced, reshape } from './shape.ts';

export interface NormOptions {
  /** Added to the variance under the root; 1e-5 unless given. */
  readonly epsilon?: number;
}

export interface LayerNormOptions extends NormOptions {
  /** The axis that is normalised; the last unless given. 1 for [N, C, T]. */
  readonly axis?: number;
}

interface Attributes {
  readonly epsilon: number;
  readonly axis: number;
}

/**
 * y = x̂ w + b    with x̂ = (x − m) r, and along each line the mean m and the inverse deviation r = 1 / √(variance + ε)
 *
 * With g = dy w:    dx = r g − r x̂ mean(g x̂) − r mean(g) = r g + p x + q
 *                   p = −r³ (mean(g x) − m mean(g)),    q = −r mean(g) − m p
 *                   dw = Σ dy x̂    db = Σ dy    over all lines
 * Written with x and not x̂, which need not be made then: every product of whole tensors is a pass over memory.
 */
const layerNormOperation: Operation<Attributes> = {
  name: 'layerNorm',
  gradient: (dy, { inputs: [x, weight], outputs: [, m, r], attributes: { axis } }) => {
    const g = weight ? multiply(dy, alongOnly(weight, axis, x.shape)) : dy;
    const product = multiply(dy, x);
    const meanG = mean(g, axis, { keepAxes: true });
    const meanGx = weight ? weightedMean(product, weight, axis) : mean(product, axis, { keepAxes: true });
    const p = negate(multiply(multiply(multiply(r, r), r), subtract(meanGx, multiply(m, meanG))));
    const q = negate(add(multiply(r, meanG), multiply(m, p)));
    const dx = add(add(multiply(g, r), multiply(x, p)), q);
    if (!weight) return [dx];
    const dw = subtract(sumOfLines(product, r, axis), sumOfLines(dy, multiply(r, m), axis));
    return [dx, dw, sumOfLines(dy, full(r.shape, 1, r.dtype), axis)];
  },
  lower: (emit, [x, weight, bias], { attributes: { axis, epsilon }, inputs: [{ dtype, shape }] }) => {
    const scale = weight ?? emit.constant(full([shape[axis]], 1, dtype));
    const inputs = bias ? [x, scale, bias] : [x, scale];
    const [y, ...statistics] = emit.nodes('LayerNormalization', inputs, 3, { axis, epsilon: { float: epsilon } });
    return [y, ...(dtype === 'float16' ? statistics.map((name) => emit.node('Cast', [name], { to: 10 })) : statistics)];
  },
  decompose: ({ inputs: [x, weight, bias], attributes: { axis, epsilon } }) => {
    // The kernel wants the last axis, and has the statistics of double precision in single.
    if (x.dtype !== 'float64' && axis === x.shape.length - 1) return null;
    const m = mean(x, axis, { keepAxes: true });
    const centred = subtract(x, m);
    const r = reciprocal(sqrt(add(mean(multiply(centred, centred), axis, { keepAxes: true }), epsilon)));
    return [affine(multiply(centred, r), weight, bias, axis), m, r];
  },
};

/**
 * Each line along an axis with mean 0 and variance 1, then scaled and shifted (Ba et al. 2016, arXiv 1607.06450).
 * x: any shape with C along the axis; weight, bias: [C] → the shape of x.
 */
export function layerNorm(
  x: Tensor,
  weight?: Tensor | null,
  bias?: Tensor | null,
  { epsilon = 1e-5, axis = -1 }: LayerNormOptions = {},
): Tensor {
  requireFloat('layerNorm', 'x', x);
  if (x.shape.length === 0) fail('layerNorm', 'x', 'has no axes', 'one or more');
  const along = axisOf('layerNorm', x, axis);
  requireAffine('layerNorm', x, weight, bias, x.shape[along]);
  if (bias && !weight) return affine(layerNorm(x, null, null, { epsilon, axis }), null, bias, along);
  // The engine has no lines without elements.
  if (x.shape[along] === 0) return x;
  const inputs = [x, weight, bias].filter((tensor) => tensor !== undefined && tensor !== null);
  const statistic = { dtype: x.dtype, shape: replaced(x.shape, along, 1) };
  return makeNode(layerNormOperation, inputs, { epsilon, axis: along }, [x, statistic, statistic]).outputs[0];
}

/**
 * Mean 0 and variance 1 over each group of neighbouring channels and all positions (Wu and He 2018, arXiv 1803.08494);
 * with as many groups as channels, instance norm. x: [N, C, ...], weight and bias: [C] → the shape of x.
 */
export function groupNorm(
  x: Tensor,
  groups: number,
  weight?: Tensor | null,
  bias?: Tensor | null,
  { epsilon }: NormOptions = {},
): Tensor {
  requireFloat('groupNorm', 'x', x);
  const [batch, channels] = x.shape;
  if (x.shape.length < 2) fail('groupNorm', 'x', `has shape ${shown(x.shape)}`, '[N, C, ...]');
  if (!Number.isInteger(groups) || groups < 1 || channels % groups !== 0) {
    fail('groupNorm', 'groups', `are ${groups}`, `a whole number that divides the ${channels} channels`);
  }
  requireAffine('groupNorm', x, weight, bias, channels);
  const size = sizeOf(x.shape.slice(1)) / groups;
  const normal = reshape(layerNorm(reshape(x, [batch, groups, size]), null, null, { epsilon }), x.shape);
  return affine(normal, weight, bias, 1);
}

/**
 * x over its root mean square along the last axis, then scaled (Zhang and Sennrich 2019, arXiv 1910.07467).
 * x: [..., C], weight: [C] → the shape of x.
 */
export function rmsNorm(x: Tensor, weight?: Tensor | null, { epsilon = 1e-5 }: NormOptions = {}): Tensor {
  requireFloat('rmsNorm', 'x', x);
  if (x.shape.length === 0) fail('rmsNorm', 'x', 'has no axes', 'one or more; lines lie along the last');
  const last = x.shape.length - 1;
  requireAffine('rmsNorm', x, weight, null, x.shape[last]);
  const size = sqrt(add(mean(multiply(x, x), last, { keepAxes: true }), epsilon));
  return affine(divide(x, size), weight, null, last);
}

// ---- below: internals ----

type Optional = Tensor | null | undefined;

function requireAffine(operation: string, x: Tensor, weight: Optional, bias: Optional, features: number): void {
  for (const [argument, tensor] of Object.entries({ weight, bias })) {
    if (!tensor) continue;
    requireDType(operation, argument, tensor, x.dtype);
    requireShape(operation, argument, tensor, [features]);
  }
}

/** x w + b with one w and b for each place along an axis. */
function affine(x: Tensor, weight: Optional, bias: Optional, axis: number): Tensor {
  const scaled = weight ? multiply(x, alongOnly(weight, axis, x.shape)) : x;
  return bias ? add(scaled, alongOnly(bias, axis, x.shape)) : scaled;
}

/** [C] so that it broadcasts along one axis of a shape. */
const alongOnly = (x: Tensor, axis: number, shape: Shape): Tensor =>
  reshape(x, [-1, ...shape.slice(axis + 1).map(() => 1)]);

/** Mean of x w along an axis, as a product with one row: x w is not written out. */
function weightedMean(x: Tensor, weight: Tensor, axis: number): Tensor {
  const [features] = weight.shape;
  return alongAxis(x, axis, reshape(multiply(weight, 1 / features), [1, features]));
}

/** Σ s x over all lines along an axis, with a factor s for each line, as a product with one column. → [C] */
function sumOfLines(x: Tensor, scales: Tensor, axis: number): Tensor {
  const features = x.shape[axis];
  const outer = sizeOf(x.shape.slice(0, axis));
  const inner = sizeOf(x.shape.slice(axis + 1));
  if (inner === 1) return reshape(matmul(reshape(scales, [1, outer]), reshape(x, [outer, features])), [features]);
  const sums = matmul(reshape(x, [outer, features, inner]), reshape(scales, [outer, inner, 1]));
  return reshape(sum(sums, 0), [features]);
}
