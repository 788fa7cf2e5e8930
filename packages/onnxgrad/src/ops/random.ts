import { onnxType } from '../graph/emitter.ts';
import { apply, type Operation } from '../graph/operation.ts';
import { fail } from '../graph/shapes.ts';
import { constant, input, scalar, type Tensor } from '../graph/tensor.ts';
import { type Shape, shown, sizeOf } from '../graph/tensorData.ts';
import { cast } from './compare.ts';
import { add, divide, multiply } from './elementwise.ts';
import { reshape, slice } from './shape.ts';

/**
 * What all random numbers of a program depend on, one whole number given at each run. Training programs give the
 * number of the step, so that a run that was interrupted draws the same numbers as one that was not.
 */
export const seed = input('onnxgrad.seed', [1], 'int64');

export interface RandomOptions {
  /**
   * Which numbers: draws of different streams are independent, draws of one stream are the same. The path of `named`
   * around it counts too, so that equal layers in different places differ. It is asked for, and not counted up as
   * numbers are drawn, because the same model built twice in a process, or built in another order, shall draw the same.
   */
  readonly stream: string | number;
}

interface Attributes {
  readonly shape: Shape;
  /** Two numbers of 32 bits that stand for path and stream. */
  readonly key: readonly number[];
}

/**
 * u_i = hash(seed, stream, i): nothing is kept from one draw to the next, so what is computed twice (`rematerialise`)
 * is the same twice. Numbers of 32 bits are multiplied by odd constants, which carries low bits upwards, and stirred,
 * which brings high bits down.
 */
const randomOperation: Operation<Attributes> = {
  name: 'randomUniform',
  gradient: { none: 'drawn' },
  decompose: ({ inputs: [seeds], attributes: { shape, key } }) => {
    const [first, second] = runKeys(seeds, key);
    const size = sizeOf(shape);
    const columns = Math.max(1, Math.ceil(Math.sqrt(size)));
    const rows = Math.ceil(size / columns);
    const counted = add(add(counters(rows, columns, [rows, 1]), first), counters(columns, 1, [1, columns]));
    const mixed = stir(multiply(add(stir(multiply(stir(counted), odd[1])), second), odd[2]));
    // From −2³¹ … 2³¹ to between 0 and 1, neither reached even after rounding.
    const uniform = add(multiply(cast(mixed, 'float32'), (1 - 2 ** -23) * 2 ** -32), 0.5);
    return reshape(slice(reshape(uniform, [rows * columns]), 0, 0, size), shape);
  },
};

/**
 * Numbers spread evenly over 0 to 1, without the ends: float32, a function of the seed that the run is given, the
 * stream and the position alone. About as quick as the engine's own generator, which depends on what ran before.
 */
export function randomUniform(shape: Shape, { stream }: RandomOptions): Tensor {
  if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    fail('randomUniform', 'shape', `is ${shown(shape)}`, 'whole numbers from 0 up');
  }
  if (sizeOf(shape) > 2 ** 31) fail('randomUniform', 'shape', `is ${shown(shape)}`, 'at most 2^31 numbers');
  const key = textHash(`${currentPath()}:${stream}`);
  return apply(randomOperation, [seed], { shape, key }, { dtype: 'float32', shape });
}

// ---- below: internals ----

/** Odd numbers whose bits look random: the golden ratio's, and two of murmur3's finish. */
const odd = [0x9e3779b1, 0x85ebca6b, 0xc2b2ae35].map((value) => value | 0);

const currentPath = (): string => scalar(0).node.path;

const int32 = (values: readonly number[], shape: Shape = [values.length]) =>
  constant(values, { shape, dtype: 'int32' });

/** i · stride · odd number, for i from 0 on. */
const counters = (count: number, stride: number, shape: Shape): Tensor =>
  int32(
    Array.from({ length: count }, (_, i) => Math.imul(Math.imul(i, stride), odd[0])),
    shape,
  );

/** x xor (x >> 16): brings high bits down. ONNX shifts only what has no sign, and multiplies only what has one. */
const stirOperation: Operation<null> = {
  name: 'stir',
  gradient: { none: 'of whole numbers' },
  lower: (emit, [x]) => {
    const bits = emit.node('Cast', [x], { to: onnxType.uint32 });
    const places = emit.constant({ dtype: 'uint32', shape: [], data: Uint32Array.of(16) });
    const stirred = emit.node('BitwiseXor', [bits, emit.node('BitShift', [bits, places], { direction: 'RIGHT' })]);
    return emit.node('Cast', [stirred], { to: onnxType.int32 });
  },
};

const stir = (x: Tensor): Tensor => apply(stirOperation, [x], null, x);

/** Two numbers for a run, each depending on all bits of the seed and of the key. */
function runKeys(seeds: Tensor, key: readonly number[]): Tensor[] {
  const low = cast(seeds, 'int32');
  const high = cast(divide(seeds, 2 ** 32), 'int32');
  const start = add(multiply(low, int32([odd[1], odd[2]])), int32(key));
  const further = add(multiply(stir(start), odd[0]), multiply(high, int32([odd[2], odd[0]])));
  const keys = stir(multiply(stir(multiply(stir(further), odd[1])), odd[2]));
  return [slice(keys, 0, 0, 1), slice(keys, 0, 1)];
}

/** Two numbers of 32 bits from a text. */
function textHash(text: string): number[] {
  return odd.slice(1).map((multiplier) => {
    let hash = 0x811c9dc5;
    for (let i = 0; i < text.length; i++) {
      hash = Math.imul(hash ^ text.charCodeAt(i), multiplier);
      hash ^= hash >>> 15;
    }
    return hash | 0;
  });
}
