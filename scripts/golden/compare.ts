import { numbersOf, type TensorData } from 'onnxgrad';
import { isGradient, type Tolerances, type ZeroGradients } from './tolerance.ts';

/** One tensor beside its golden one. */
export interface Comparison {
  readonly tensor: string;
  /** max|a − b|, b being the golden one. */
  readonly absolute: number;
  /** max|a − b| / max|b|; 0 where both are 0 throughout. Not counted (null) where theory says that b is zero. */
  readonly relative: number | null;
  /** What max|a − b| may be. */
  readonly allowed: number;
  /** Why there are no figures: it was not computed, or has another shape. */
  readonly problem?: string;
}

export type Tensors = ReadonlyMap<string, TensorData>;

export const passes = ({ absolute, allowed, problem }: Comparison): boolean => !problem && absolute <= allowed;

/**
 * Every golden tensor beside what was computed under its name.
 *
 * @param noise - how far a golden tensor itself is from the truth, where its case says so: allowed on top
 */
export function compareAll(
  computed: Tensors,
  golden: Tensors,
  tolerances: Tolerances,
  zeros: ZeroGradients = { names: new Set(), below: 0 },
  noise: (tensor: string) => number = () => 0,
): Comparison[] {
  const gradients = [...golden].filter(([name]) => isGradient(name));
  const largestGradient = Math.max(0, ...gradients.map(([, tensor]) => largest(numbersOf(tensor))));
  return Array.from(golden, ([tensor, b]) => {
    const a = computed.get(tensor);
    const problem = a ? shapeProblem(a, b) : 'was not computed';
    if (!a || problem) return { tensor, absolute: Number.NaN, relative: null, allowed: 0, problem };
    if (zeros.names.has(tensor)) {
      return { tensor, absolute: largest(numbersOf(a)), relative: null, allowed: zeros.below };
    }
    const { relative, absolute, ofLargest } = tolerances.of(tensor);
    const [apart, size] = [distance(numbersOf(a), numbersOf(b)), largest(numbersOf(b))];
    return {
      tensor,
      absolute: apart,
      relative: apart === 0 ? 0 : apart / size,
      allowed: relative * size + absolute + ofLargest * largestGradient + noise(tensor),
    };
  });
}

// ---- below: internals ----

function shapeProblem(a: TensorData, b: TensorData): string | undefined {
  return String(a.shape) === String(b.shape) ? undefined : `has shape [${a.shape}], golden [${b.shape}]`;
}

/** Largest distance; infinite where one of two is not a number, or infinite, and the other not the same. */
function distance(a: Float64Array, b: Float64Array): number {
  let apart = 0;
  for (let i = 0; i < b.length; i++) {
    if (Object.is(a[i], b[i])) continue;
    const difference = Math.abs(a[i] - b[i]);
    if (Number.isNaN(difference)) return Number.POSITIVE_INFINITY;
    if (difference > apart) apart = difference;
  }
  return apart;
}

function largest(values: Float64Array): number {
  let size = 0;
  for (const value of values) {
    if (Number.isNaN(value)) return Number.NaN;
    size = Math.max(size, Math.abs(value));
  }
  return size;
}
