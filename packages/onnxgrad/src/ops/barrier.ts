import type { Emitter } from '../graph/emitter.ts';
import { apply, type Operation } from '../graph/operation.ts';
import type { Tensor } from '../graph/tensor.ts';

/**
 * y = x, but not before the triggers are known. The engine orders nodes by what they read and by nothing else, so the
 * shape of a reshape (which moves no numbers) is made to depend on one element of each trigger, times zero.    dx = dy
 */
const barrierOperation: Operation<null> = {
  name: 'barrier',
  gradient: (dy, { inputs: [, ...triggers] }) => [dy, ...triggers.map(() => null)],
  lower: (emit, [x, ...triggers], { outputs: [y], inputs: [, ...sources] }) => {
    const elements = triggers.map((name, position) => firstElement(emit, name, sources[position]));
    const joined = elements.length === 1 ? elements[0] : emit.node('Concat', elements, { axis: 0 });
    const summed = emit.node('ReduceSum', [joined, emit.integers([0])], { keepdims: 1 });
    const nothing = emit.node('Mul', [summed, emit.integers([0])]);
    return emit.node('Reshape', [x, emit.node('Add', [nothing, emit.integers(y.shape)])], { allowzero: 1 });
  },
};

/** x as it is, computed after all of `triggers`. */
export function after(x: Tensor, triggers: readonly Tensor[]): Tensor {
  const known = triggers.filter(({ shape }) => !shape.includes(0));
  if (known.length === 0 || x.shape.length === 0 || x.shape.includes(0)) return x;
  return apply(barrierOperation, [x, ...known], null, x);
}

function firstElement(emit: Emitter, name: string, { shape }: Tensor): string {
  const flat = shape.length === 1 ? name : emit.node('Reshape', [name, emit.integers([-1])]);
  const first = emit.node('Slice', [flat, ...[0, 1].map((position) => emit.integers([position]))]);
  return emit.node('Cast', [first], { to: 7 });
}
