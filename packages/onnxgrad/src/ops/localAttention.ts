import { fail, requireRank, requireShape } from '../graph/shapes.ts';
import { constant, type Tensor } from '../graph/tensor.ts';
import { attention } from './attention.ts';
import { add } from './elementwise.ts';
import { concat, expand, pad, reshape, slice } from './shape.ts';

export interface LocalAttentionOptions {
  readonly heads: number;
  /** How many steps each step attends to, itself in the middle; odd. */
  readonly window: number;
  /** What scores are multiplied by; 1 / √(width of a head) unless given. */
  readonly scale?: number;
  /** Added to the scores of each key, [B, T]: large negative numbers leave padded steps out. */
  readonly keyBias?: Tensor;
}

/**
 * Attention within a window that slides along the sequence: step t attends to t − ⌊w/2⌋ … t + ⌊w/2⌋, never beyond the
 * ends. q, k, v: [B, T, heads · d] → [B, T, heads · d]. Time and memory grow with T · w, not T² (Beltagy et al. 2020,
 * arXiv 2004.05150): blocks of 2 ⌊w/2⌋ queries each see the two blocks of keys that hold all their windows.
 */
export function localAttention(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  { heads, window, scale, keyBias }: LocalAttentionOptions,
): Tensor {
  requireRank('localAttention', 'q', q, 3);
  for (const [name, x] of Object.entries({ k, v })) requireShape('localAttention', name, x, q.shape);
  if (!Number.isInteger(window) || window < 3 || window % 2 === 0) {
    fail('localAttention', 'window', `is ${window}`, 'an odd number from 3 up');
  }
  const [batch, steps, width] = q.shape;
  if (keyBias) requireShape('localAttention', 'keyBias', keyBias, [batch, steps]);
  const reach = (window - 1) / 2;
  const block = 2 * reach;
  const blocks = Math.ceil(steps / block);
  const rest = blocks * block - steps;

  const queries = reshape(pad(q, 1, 0, rest), [batch * blocks, block, width]);
  const around = (x: Tensor, value = 0) => {
    const padded = pad(x, 1, reach, reach + rest, value); // [B, (blocks + 1) block, ...]
    const inner = x.shape.slice(2);
    const [first, second] = [0, block].map((start) =>
      reshape(slice(padded, 1, start, start + blocks * block), [batch * blocks, block, ...inner]),
    );
    return concat([first, second], 1); // [B blocks, 2 block, ...]
  };
  // Query r of a block sits at r + reach among its keys.
  const band = Array.from({ length: block * 2 * block }, (_, i) => {
    const [row, column] = [Math.floor(i / (2 * block)), i % (2 * block)];
    return column >= row && column <= row + block ? 0 : Number.NEGATIVE_INFINITY;
  });
  const inBand = constant(band, { shape: [1, 1, block, 2 * block], dtype: q.dtype });
  // Beyond the ends of the sequence lies nothing; a block of padding alone looks at itself, and is cut off after.
  const valid = constant(new Float32Array(batch * steps), { shape: [batch, steps], dtype: q.dtype });
  const keys = reshape(around(keyBias ?? valid, beyond), [batch * blocks, 1, 1, 2 * block]);
  const y = attention(queries, around(k), around(v), {
    heads,
    scale,
    bias: add(expand(inBand, [batch * blocks, 1, block, 2 * block]), keys),
  });
  return slice(reshape(y, [batch, blocks * block, width]), 1, 0, steps);
}

// ---- below: internals ----

/** Far below the −10⁴ that padded steps are given, so that these still come before what does not exist. */
const beyond = -1e9;
