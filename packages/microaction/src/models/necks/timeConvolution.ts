import {
  add,
  concat,
  GraphError,
  linear,
  multiply,
  type Parameter,
  pad,
  reshape,
  slice,
  type Tensor,
  transpose,
} from 'onnxgrad';
import { type Distribution, type Initializer, zeros } from 'onnxgrad/nn';

export interface TimeConvolutionOptions {
  readonly inputs: number;
  readonly outputs: number;
  /** Steps that one output reads, itself in the middle; odd. 1 unless given. */
  readonly kernel?: number;
  /** Steps from one output to the next; 1 unless given. */
  readonly stride?: number;
  /** Whether each channel is convolved by itself; inputs are outputs then. */
  readonly depthwise?: boolean;
  /** Yes unless told. */
  readonly bias?: boolean;
  /** Of the bias; zeros unless given. */
  readonly initialBias?: Distribution;
}

/**
 * A convolution over time of sequences whose channels lie last; zeros lie beyond the ends. Its weight is PyTorch's, of
 * `conv1d`. With channels last, norms and products need no transposes around it: it is a product with what each window
 * reads.
 */
export class TimeConvolution {
  readonly weight: Parameter; // [outputs, inputs or 1, kernel]
  readonly bias: Parameter | null; // [outputs]
  readonly stride: number;

  constructor(options: TimeConvolutionOptions, init: Initializer) {
    const { inputs, outputs, kernel = 1, stride = 1, depthwise = false, bias = true, initialBias = zeros } = options;
    if (!Number.isInteger(kernel) || kernel < 1 || kernel % 2 === 0) {
      throw new GraphError(`TimeConvolution: kernel is ${kernel}; expected an odd number from 1 up`);
    }
    if (depthwise && inputs !== outputs) {
      throw new GraphError(`TimeConvolution: depthwise from ${inputs} to ${outputs} channels; expected as many`);
    }
    this.weight = init.draw([outputs, depthwise ? 1 : inputs, kernel], evenly);
    this.bias = bias ? init.draw([outputs], initialBias) : null;
    this.stride = stride;
  }

  /** x: [B, T, inputs] → [B, ⌈T / stride⌉, outputs]. */
  apply(x: Tensor): Tensor {
    const [outputs, inputs, kernel] = this.weight.shape;
    if (kernel === 1 && this.stride === 1 && inputs === x.shape[2]) {
      return linear(x, reshape(this.weight, [outputs, inputs]), this.bias);
    }
    const taps = this.#taps(x, kernel);
    if (inputs < x.shape[2]) {
      const weights = transpose(reshape(this.weight, [outputs, kernel])); // [kernel, outputs]
      const sum = taps.map((tap, position) => multiply(tap, slice(weights, 0, position, position + 1))).reduce(add);
      return this.bias ? add(sum, this.bias) : sum;
    }
    const weight = reshape(transpose(this.weight, [0, 2, 1]), [outputs, kernel * inputs]);
    return linear(concat(taps, 2), weight, this.bias);
  }

  /** For each place in the window, what stands there of x: kernel times [B, ⌈T / stride⌉, inputs]. */
  #taps(x: Tensor, kernel: number): Tensor[] {
    const { stride } = this;
    const reach = (kernel - 1) / 2;
    const count = Math.ceil(x.shape[1] / stride);
    const wide = pad(x, 1, reach, reach);
    return Array.from({ length: kernel }, (_, place) =>
      slice(wide, 1, place, place + (count - 1) * stride + 1, stride),
    );
  }
}

// ---- below: internals ----

/** Evenly over ±1 / √(numbers that one output reads): PyTorch's choice. */
const evenly: Distribution = { kind: 'kaimingUniform', gain: Math.sqrt(1 / 3) };
