import { add, GraphError, linear, type Parameter, reshape, type Tensor } from 'onnxgrad';
import { type Distribution, type Initializer, zeros } from 'onnxgrad/nn';
import { channelByChannel, throughColumns, throughMinimalFilters, throughShifts } from './timeConvolutionForms.ts';

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
 * `conv1d`. With channels last, norms and products need no transposes around it, and it is a matrix product itself.
 */
export class TimeConvolution {
  readonly weight: Parameter; // [outputs, inputs or 1, kernel]
  readonly bias: Parameter | null; // [outputs]
  readonly stride: number;
  readonly depthwise: boolean;

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
    this.depthwise = depthwise;
  }

  /** x: [B, T, inputs] → [B, ⌈T / stride⌉, outputs]. */
  apply(x: Tensor): Tensor {
    const { weight, bias, stride, depthwise } = this;
    const [outputs, inputs, kernel] = weight.shape;
    if (kernel === 1 && stride === 1 && !depthwise) return linear(x, reshape(weight, [outputs, inputs]), bias);
    const y = depthwise
      ? channelByChannel(x, weight, stride)
      : outputs * kernel <= inputs
        ? throughShifts(x, weight, stride)
        : kernel === 3 && stride === 1
          ? throughMinimalFilters(x, weight)
          : throughColumns(x, weight, stride);
    return bias ? add(y, bias) : y;
  }
}

// ---- below: internals ----

/** Evenly over ±1 / √(numbers that one output reads): PyTorch's choice. */
const evenly: Distribution = { kind: 'kaimingUniform', gain: Math.sqrt(1 / 3) };
