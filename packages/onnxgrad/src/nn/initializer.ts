import { GraphError } from '../errors.ts';
import { type Parameter, parameter } from '../graph/tensor.ts';
import { type FloatType, type Shape, shown, sizeOf } from '../graph/tensorData.ts';

/**
 * How the numbers of a weight are drawn; plain data. Fans are those of PyTorch: a weight is [outputs, inputs,
 * ...kernel].
 */
export type Distribution =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'normal'; readonly std: number; readonly mean?: number }
  /**
   * Drawn again outside of `low` to `high`: values, −2 and 2 unless given, as in timm and torch; not multiples of
   * `std`.
   */
  | {
      readonly kind: 'truncatedNormal';
      readonly std: number;
      readonly mean?: number;
      readonly low?: number;
      readonly high?: number;
    }
  /** Variance gain² / fan (He et al. 2015); fan `in` and the gain of ReLU, √2, unless given. */
  | { readonly kind: 'kaimingUniform' | 'kaimingNormal'; readonly fan?: 'in' | 'out'; readonly gain?: number }
  /** Variance 2 gain² / (fan in + fan out) (Glorot and Bengio 2010); gain 1 unless given. */
  | { readonly kind: 'xavierUniform' | 'xavierNormal'; readonly gain?: number };

export const zeros: Distribution = { kind: 'constant', value: 0 };
export const ones: Distribution = { kind: 'constant', value: 1 };

/** Makes the weights of layers. The same seed and the same layers in the same order give the same numbers. */
export class Initializer {
  readonly dtype: FloatType;
  readonly #random: RandomNumbers | null;
  #streams = 0;

  /** @param seed - any whole number; null where weights are loaded next: nothing is drawn, what is not constant is 0 */
  constructor(seed: number | null, { dtype = 'float32' }: { readonly dtype?: FloatType } = {}) {
    if (seed !== null && !Number.isSafeInteger(seed)) {
      throw new GraphError(`Initializer: seed is ${seed}; expected a whole number, or null to draw nothing`);
    }
    this.dtype = dtype;
    this.#random = seed === null ? null : new RandomNumbers(seed);
  }

  /** A trainable weight with numbers drawn from a distribution. */
  draw(shape: Shape, distribution: Distribution): Parameter {
    const values = new (this.dtype === 'float64' ? Float64Array : Float32Array)(sizeOf(shape));
    this.#fill(values, shape, distribution);
    return parameter(shape, values, { dtype: this.dtype });
  }

  /** A number that no other layer of this model has, for what it draws in training (`dropout`'s stream). */
  stream(): number {
    return this.#streams++;
  }

  #fill(values: Values, shape: Shape, distribution: Distribution): void {
    const { kind } = distribution;
    if (kind === 'constant') values.fill(distribution.value);
    else if (this.#random) drawInto(values, this.#random, concrete(shape, distribution));
  }
}

// ---- below: internals ----

type Values = Float32Array | Float64Array;

type Drawn = Extract<Distribution, { kind: 'uniform' | 'normal' | 'truncatedNormal' }>;

/** A distribution whose spread no longer depends on the shape. */
function concrete(shape: Shape, distribution: Exclude<Distribution, { kind: 'constant' }>): Drawn {
  const { kind } = distribution;
  if (kind === 'uniform' || kind === 'normal' || kind === 'truncatedNormal') return distribution;
  const [fanIn, fanOut] = fansOf(shape, kind);
  const isKaiming = kind === 'kaimingUniform' || kind === 'kaimingNormal';
  const fan = isKaiming ? (distribution.fan === 'out' ? fanOut : fanIn) : (fanIn + fanOut) / 2;
  const std = (distribution.gain ?? (isKaiming ? Math.SQRT2 : 1)) / Math.sqrt(fan);
  const isNormal = kind === 'kaimingNormal' || kind === 'xavierNormal';
  const bound = Math.sqrt(3) * std;
  return isNormal ? { kind: 'normal', std } : { kind: 'uniform', low: -bound, high: bound };
}

function fansOf(shape: Shape, kind: string): [fanIn: number, fanOut: number] {
  if (shape.length < 2) {
    throw new GraphError(`Initializer: ${kind} of shape ${shown(shape)}; expected [outputs, inputs, ...kernel]`);
  }
  const [outputs, inputs, ...kernel] = shape;
  return [inputs * sizeOf(kernel), outputs * sizeOf(kernel)];
}

function drawInto(values: Values, random: RandomNumbers, distribution: Drawn): void {
  if (distribution.kind === 'uniform') {
    const { low, high } = distribution;
    for (let i = 0; i < values.length; i++) values[i] = low + (high - low) * random.uniform();
    return;
  }
  const { mean = 0, std } = distribution;
  const [low, high] = distribution.kind === 'normal' ? [-Infinity, Infinity] : cutOf(distribution);
  for (let i = 0; i < values.length; i++) {
    do values[i] = mean + std * random.normal();
    while (values[i] < low || values[i] > high);
  }
}

function cutOf({ mean = 0, std, low = -2, high = 2 }: Extract<Drawn, { kind: 'truncatedNormal' }>): [number, number] {
  if (std > 0 && low < high && low < mean + 2 * std && high > mean - 2 * std) return [low, high];
  throw new GraphError(
    `Initializer: truncatedNormal with mean ${mean}, std ${std}, low ${low}, high ${high}; expected low < high ` +
      'within two deviations of the mean, and a deviation above 0',
  );
}

/** xoshiro128** (Blackman and Vigna 2018), seeded by SplitMix32; uniform and normal numbers. */
class RandomNumbers {
  #a: number;
  #b: number;
  #c: number;
  #d: number;
  #spare: number | null = null;

  constructor(seed: number) {
    let state = (seed ^ Math.imul(Math.floor(seed / 2 ** 32), 0x85ebca6b)) | 0;
    const part = () => {
      state = (state + 0x9e3779b9) | 0;
      let mixed = state ^ (state >>> 16);
      mixed = Math.imul(mixed, 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      return mixed ^ (mixed >>> 15);
    };
    [this.#a, this.#b, this.#c, this.#d] = [part(), part(), part(), part()];
  }

  /** In [0, 1), in steps of 2⁻³². */
  uniform(): number {
    return this.#next() / 2 ** 32;
  }

  /** Mean 0 and variance 1: two by each point in the unit disc (Marsaglia and Bray 1964). */
  normal(): number {
    if (this.#spare !== null) {
      const spare = this.#spare;
      this.#spare = null;
      return spare;
    }
    for (;;) {
      const u = (this.#next() + 0.5) / 2 ** 31 - 1;
      const v = (this.#next() + 0.5) / 2 ** 31 - 1;
      const square = u * u + v * v;
      if (square >= 1) continue;
      const stretch = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spare = v * stretch;
      return u * stretch;
    }
  }

  #next(): number {
    const result = Math.imul(rotated(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = rotated(this.#d, 11);
    return result;
  }
}

const rotated = (bits: number, by: number): number => (bits << by) | (bits >>> (32 - by));
