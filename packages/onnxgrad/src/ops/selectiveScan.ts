import { apply, makeNode, type Operation } from '../graph/operation.ts';
import { requireDType, requireFloat, requireRank, requireShape } from '../graph/shapes.ts';
import type { Tensor } from '../graph/tensor.ts';
import { after } from './barrier.ts';
import { add, exp, multiply } from './elementwise.ts';
import { matmul } from './matmul.ts';
import { sum } from './reduce.ts';
import { chunkSteps, scan, unstacked } from './scan.ts';
import { concat, pad, reshape, slice, swapLast } from './shape.ts';
import { shift } from './shift.ts';

/**
 * h_t = e^(dt_t A) h_(t−1) + dt_t x_t B_t    y_t = Σ_n C_t h_t
 *
 * The state h is n times as large as everything else, so nothing of its size leaves the processor's cache: each step of
 * all chunks is one small block, and the reverse pass computes the states of a chunk once more.
 */
const selectiveScanOperation: Operation<null> = {
  name: 'selectiveScan',
  gradient: (dy, { inputs }) => {
    const types = inputs.map(({ dtype, shape }) => ({ dtype, shape }));
    return makeNode(selectiveScanGradientOperation, [...inputs, dy], null, types).outputs;
  },
  decompose: ({ inputs: [x, dt, decay, B, C] }) => {
    const blocks = new Blocks(x, B);
    const entering = blocks.entering(x, dt, decay, B);
    const steps = blocks.steps(after(dt, [entering]), x, decay, B);
    const Cs = blocks.cut(C);
    let state = entering;
    return blocks.joined(
      steps.map(({ a, b }, t) => {
        state = add(multiply(a, state), b);
        return matmul(Cs[t], state);
      }),
    );
  },
};

/**
 * With g_t = C_t dy_t + e^(dt_(t+1) A) g_(t+1), from the last step to the first, and q_t = g_t e^(dt_t A) h_(t−1):
 *
 * d(dt x)_t = Σ_n g_t B_t    dB_t = Σ_d g_t dt_t x_t    dC_t = Σ_d dy_t h_t
 * ddt_t = x_t d(dt x)_t + Σ_n q_t A    dA = Σ_t q_t dt_t
 */
const selectiveScanGradientOperation: Operation<null> = {
  name: 'selectiveScanGradient',
  gradient: { none: 'second derivatives of selectiveScan are not written; linearScan has them' },
  decompose: ({ inputs: [x, dt, decay, B, C, dy] }) => {
    const blocks = new Blocks(x, B);
    const states = [blocks.entering(x, dt, decay, B)];
    const forward = blocks.steps(after(dt, [dy]), x, decay, B);
    for (const { a, b } of forward) states.push(add(multiply(a, states.at(-1) as Tensor), b));

    const [Cs, dys] = [blocks.cut(C), blocks.cut(dy)];
    const arriving = (t: number) => multiply(blocks.upright(Cs[t]), dys[t]);
    const last = states.at(-1) as Tensor;
    const leaving = blocks
      .steps(after(dt, [last]), x, decay, B)
      .reduceRight<Tensor | null>((g, { a }, t) => multiply(a, g ? add(arriving(t), g) : arriving(t)), null) as Tensor;
    let g = blocks.carried(leaving, dt, decay, true);

    const again = blocks.steps(after(dt, [g]), x, decay, B);
    const parts = { dInput: [] as Tensor[], dDt: [] as Tensor[], dB: [] as Tensor[], dC: [] as Tensor[] };
    let dDecay: Tensor | null = null;
    for (let t = again.length - 1; t >= 0; t--) {
      const { a, input, stepDt, stepB } = again[t];
      const whole = add(arriving(t), g);
      g = multiply(a, whole);
      const q = multiply(g, states[t]);
      parts.dInput.unshift(matmul(stepB, whole));
      parts.dB.unshift(matmul(input, whole, { transposeB: true }));
      parts.dC.unshift(matmul(dys[t], states[t + 1], { transposeB: true }));
      parts.dDt.unshift(sum(multiply(q, decay), -2, { keepAxes: true }));
      const share = multiply(q, stepDt);
      dDecay = dDecay ? add(dDecay, share) : share;
    }
    const dInput = blocks.joined(parts.dInput);
    return [
      multiply(dInput, dt),
      add(multiply(dInput, x), blocks.joined(parts.dDt)),
      sum(dDecay as Tensor, [0, 1]),
      blocks.joined(parts.dB),
      blocks.joined(parts.dC),
    ];
  },
};

/**
 * The selective state space of Mamba (Gu and Dao 2023, arXiv 2312.00752): each channel d drives n states that decay at
 * a rate the input chooses. Runs from the first step to the last; flip time before and after for the other way.
 *
 * @param x - [N, T, d]
 * @param dt - step sizes, above 0: [N, T, d]
 * @param A - rates of decay, below 0: [d, n]
 * @param B - how x enters the states: [N, T, n]
 * @param C - how states are read: [N, T, n]
 * @param D - what of x goes straight to the result: [d]
 * @returns [N, T, d]
 */
export function selectiveScan(x: Tensor, dt: Tensor, A: Tensor, B: Tensor, C: Tensor, D?: Tensor | null): Tensor {
  requireFloat('selectiveScan', 'x', x);
  requireRank('selectiveScan', 'x', x, 3);
  requireRank('selectiveScan', 'A', A, 2);
  const [samples, steps, channels] = x.shape;
  const expected = {
    dt: x.shape,
    A: [channels, A.shape[1]],
    B: [samples, steps, A.shape[1]],
    C: [samples, steps, A.shape[1]],
  };
  for (const [name, tensor] of Object.entries({ dt, A, B, C })) {
    requireDType('selectiveScan', name, tensor, x.dtype);
    requireShape('selectiveScan', name, tensor, expected[name as 'A']);
  }
  if (D) requireShape('selectiveScan', 'D', D, [channels]);
  const y = apply(selectiveScanOperation, [x, dt, swapLast(A), B, C], null, x);
  return D ? add(y, multiply(x, D)) : y;
}

// ---- below: internals ----

/** One step of all chunks. a, b: [N, chunks, n, d]; the rest [N, chunks, 1, d] or [N, chunks, 1, n]. */
interface Step {
  readonly a: Tensor;
  readonly b: Tensor;
  readonly input: Tensor;
  readonly stepDt: Tensor;
  readonly stepB: Tensor;
}

/** Time cut into chunks whose steps are taken together. */
class Blocks {
  readonly samples: number;
  readonly time: number;
  readonly channels: number;
  readonly states: number;
  readonly length: number;
  readonly chunks: number;

  constructor({ shape: [samples, time, channels] }: Tensor, { shape: [, , states] }: Tensor) {
    this.samples = samples;
    this.time = time;
    this.channels = channels;
    this.states = states;
    this.length = chunkSteps(time);
    this.chunks = Math.ceil(time / this.length);
  }

  /**
   * [N, T, size] → for each step of a chunk [N, chunks, 1, size]. Steps that fill up T have dt = 0, and change nothing.
   */
  cut(x: Tensor): readonly Tensor[] {
    return unstacked(this.#chunked(x), 2);
  }

  joined(steps: readonly Tensor[]): Tensor {
    const filled = reshape(concat(steps, 2), [this.samples, this.chunks * this.length, -1]);
    return slice(filled, 1, 0, this.time);
  }

  steps(dt: Tensor, x: Tensor, decay: Tensor, B: Tensor): Step[] {
    const [inputs, dts, Bs] = [this.cut(multiply(dt, x)), this.cut(dt), this.cut(B)];
    return dts.map((stepDt, t) => ({
      a: exp(multiply(decay, stepDt)),
      b: multiply(this.upright(Bs[t]), inputs[t]),
      input: inputs[t],
      stepDt,
      stepB: Bs[t],
    }));
  }

  /** [N, chunks, 1, n] → [N, chunks, n, 1]. */
  upright(x: Tensor): Tensor {
    return reshape(x, [this.samples, this.chunks, this.states, 1]);
  }

  /** The state at the start of each chunk: [N, chunks, n, d]. */
  entering(x: Tensor, dt: Tensor, decay: Tensor, B: Tensor): Tensor {
    const leaving = this.steps(dt, x, decay, B).reduce<Tensor | null>(
      (state, { a, b }) => (state ? add(multiply(a, state), b) : b),
      null,
    ) as Tensor;
    return this.carried(leaving, dt, decay, false);
  }

  /** What enters each chunk, from what each makes of nothing; a whole chunk decays by the sum of its dt. */
  carried(leaving: Tensor, dt: Tensor, decay: Tensor, reverse: boolean): Tensor {
    const whole = exp(multiply(decay, sum(this.#chunked(dt), 2, { keepAxes: true })));
    const flat = (x: Tensor) => reshape(x, [this.samples, this.chunks, this.states * this.channels]);
    const carried = scan(flat(whole), flat(leaving), { reverse, adjoint: false });
    return reshape(shift(carried, reverse ? -1 : 1, 1), leaving.shape);
  }

  #chunked(x: Tensor): Tensor {
    const filled = pad(x, 1, 0, this.chunks * this.length - this.time);
    return reshape(filled, [this.samples, this.chunks, this.length, x.shape[2]]);
  }
}
