import { microsoft } from '../graph/emitter.ts';
import { apply, type Operation } from '../graph/operation.ts';
import { fail, requireDType, requireFloat, requireRank, requireShape, sameShape } from '../graph/shapes.ts';
import type { Tensor } from '../graph/tensor.ts';
import { type Shape, shown } from '../graph/tensorData.ts';
import { after } from './barrier.ts';
import { add, multiply, subtract } from './elementwise.ts';
import { matmul } from './matmul.ts';
import { sum, sumTo } from './reduce.ts';
import { concat, expand, reshape, slice, transpose } from './shape.ts';
import { softmax } from './softmax.ts';

export interface AttentionOptions {
  readonly heads: number;
  /** What scores are multiplied by; 1 / √(width of a head) unless given. */
  readonly scale?: number;
  /**
   * Added to the scores before the softmax, broadcast to [B, heads, N, M]: position biases, or masks as large negative
   * numbers.
   */
  readonly bias?: Tensor;
}

interface Attributes {
  readonly heads: number;
  readonly scale: number;
}

/**
 * P = softmax(s Q Kᵀ + bias)    y = P V
 *
 * dV = Pᵀ dy    dS = P ∘ (dy Vᵀ − Σ dy ∘ y)    dQ = s dS K    dK = s dSᵀ Q    dbias = dS
 *
 * P is as large as the square of the sequence and is computed once more rather than kept; Σ over P ∘ dP is Σ over
 * dy ∘ y, which is smaller by the ratio of sequence to head width (Dao et al. 2022, arXiv 2205.14135, appendix B.2).
 */
const attentionOperation: Operation<Attributes> = {
  name: 'attention',
  isProduct: true,
  gradient: (dy, { inputs: [q, k, v, bias], outputs: [y], attributes: { heads, scale } }) => {
    const [queries, keys, values, gradients, results] = [q, k, v, dy, y].map((x) => toHeads(x, heads));
    const scaled = multiply(queries, scale);
    const totals = sum(multiply(gradients, results), -1, { keepAxes: true });
    const parts: (readonly Tensor[])[] = [];
    for (const [from, to] of groups(q.shape[0] * heads, q.shape[1] * k.shape[1], bias !== undefined)) {
      const part = (x: Tensor) => slice(x, 0, from, to);
      // One group after another, and the weights before their gradient: so memory holds few squares at a time.
      const now = after(part(scaled), parts.at(-1)?.slice(0, 3) ?? []);
      const probabilities = weights(now, part(keys), bias && asGroup(bias, heads, q.shape[0]));
      const dy = after(part(gradients), [probabilities]);
      const dScores = multiply(probabilities, subtract(matmul(dy, part(values), { transposeB: true }), part(totals)));
      parts.push([
        matmul(dScores, part(keys)),
        matmul(dScores, now, { transposeA: true }),
        matmul(probabilities, dy, { transposeA: true }),
        dScores,
      ]);
    }
    const [dq, dk, dv] = [0, 1, 2].map((which) =>
      fromHeads(
        concat(
          parts.map((part) => part[which]),
          0,
        ),
        heads,
      ),
    );
    if (!bias) return [multiply(dq, scale), dk, dv];
    const dBias = reshape(parts[0][3], [q.shape[0], heads, q.shape[1], k.shape[1]]);
    return [multiply(dq, scale), dk, dv, sumTo(dBias, bias.shape)];
  },
  lower: (emit, [q, k, v, bias], { attributes: { heads, scale } }) => {
    const inputs = bias ? [q, k, v, '', '', bias] : [q, k, v];
    return emit.node('MultiHeadAttention', inputs, { num_heads: heads, scale: { float: scale } }, microsoft);
  },
  decompose: ({ inputs: [q, k, v, bias], attributes: { heads, scale }, outputs }, { operators }) => {
    // The fused kernel takes a scale of 0 for none given, and no bias that is the same for all queries or all keys.
    if (operators === 'onnxruntime' && q.dtype === 'float32' && scale !== 0) {
      const square = [q.shape[1], k.shape[1]];
      if (!bias || sameShape(bias.shape.slice(2), square)) return null;
      const whole = expand(bias, [...bias.shape.slice(0, 2), ...square]);
      return apply(attentionOperation, [q, k, v, whole], { heads, scale }, outputs[0]);
    }
    const [queries, keys, values] = [q, k, v].map((x) => toHeads(x, heads));
    const probabilities = weights(multiply(queries, scale), keys, bias && asGroup(bias, heads, q.shape[0]));
    return fromHeads(matmul(probabilities, values), heads);
  },
};

/**
 * Scaled dot-product attention of several heads side by side. q: [B, N, heads · d], k: [B, M, heads · d],
 * v: [B, M, heads · e] → [B, N, heads · e] (Vaswani et al. 2017, arXiv 1706.03762, section 3.2).
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, { heads, scale, bias }: AttentionOptions): Tensor {
  requireFloat('attention', 'q', q);
  if (!Number.isInteger(heads) || heads < 1) fail('attention', 'heads', `is ${heads}`, 'a whole number from 1 up');
  for (const [name, x] of Object.entries({ q, k, v })) {
    requireRank('attention', name, x, 3);
    requireDType('attention', name, x, q.dtype);
    if (x.shape[2] % heads !== 0) {
      fail('attention', name, `has shape ${shown(x.shape)}`, `a width that ${heads} heads share evenly`);
    }
  }
  const [batch, steps, width] = q.shape;
  const [, memorySteps] = k.shape;
  requireShape('attention', 'k', k, [batch, memorySteps, width]);
  requireShape('attention', 'v', v, [batch, memorySteps, v.shape[2]]);
  const full: Shape = [batch, heads, steps, memorySteps];
  const shape = [batch, steps, v.shape[2]];
  const attributes = { heads, scale: scale ?? 1 / Math.sqrt(width / heads) };
  if (!bias) return apply(attentionOperation, [q, k, v], attributes, { dtype: q.dtype, shape });
  requireDType('attention', 'bias', bias, q.dtype);
  const fits =
    bias.shape.length <= 4 &&
    bias.shape.every((length, axis) => [1, full[axis + 4 - bias.shape.length]].includes(length));
  if (!fits) fail('attention', 'bias', `has shape ${shown(bias.shape)}`, `a shape that broadcasts to ${shown(full)}`);
  const placed = reshape(bias, [...new Array(4 - bias.shape.length).fill(1), ...bias.shape]);
  return apply(attentionOperation, [q, k, v, placed], attributes, { dtype: q.dtype, shape });
}

// ---- below: internals ----

/** [B, N, heads · d] → [B · heads, N, d] */
function toHeads(x: Tensor, heads: number): Tensor {
  const [batch, steps, width] = x.shape;
  const apart = transpose(reshape(x, [batch, steps, heads, width / heads]), [0, 2, 1, 3]);
  return reshape(apart, [batch * heads, steps, width / heads]);
}

/** [B · heads, N, d] → [B, N, heads · d] */
function fromHeads(x: Tensor, heads: number): Tensor {
  const [rows, steps, width] = x.shape;
  const apart = transpose(reshape(x, [rows / heads, heads, steps, width]), [0, 2, 1, 3]);
  return reshape(apart, [rows / heads, steps, heads * width]);
}

/** [1 or B, 1 or heads, 1 or N, 1 or M] → [1 or B · heads, 1 or N, 1 or M] */
function asGroup(bias: Tensor, heads: number, batch: number): Tensor {
  const [batches, rows, ...square] = bias.shape;
  if (batches === 1 && rows === 1) return reshape(bias, square);
  return reshape(expand(bias, [batch, heads, ...square]), [batch * heads, ...square]);
}

function weights(queries: Tensor, keys: Tensor, bias: Tensor | undefined): Tensor {
  const scores = matmul(queries, keys, { transposeB: true });
  return softmax(bias ? add(scores, bias) : scores, -1);
}

/** How many scores a group holds at most, where that makes no more groups than `mostGroups`: some megabytes. */
const groupScores = 2 ** 22;
const mostGroups = 8;

/** Ranges of heads whose squares are made at one time; all of them where a bias spans them. */
function groups(heads: number, square: number, isBiased: boolean): [number, number][] {
  const count = isBiased ? 1 : Math.max(1, Math.min(mostGroups, heads, Math.ceil((heads * square) / groupScores)));
  return Array.from({ length: count }, (_, i) => [
    Math.floor((i * heads) / count),
    Math.floor(((i + 1) * heads) / count),
  ]);
}
