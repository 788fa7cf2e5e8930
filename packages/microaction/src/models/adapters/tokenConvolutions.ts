import {
  add,
  convolution,
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
import { type Initializer, zeros } from 'onnxgrad/nn';

/**
 * A convolution of each channel by itself, along axes of a tensor whose channels lie last. Written as sums of shifted
 * copies: a convolution of the engine would want the channels in front, and moving them there and back and the
 * gradient of its weights take longer.
 */
export class DepthwiseConvolution {
  readonly weight: Parameter; // [channels, 1, ...kernel]
  readonly bias: Parameter; // [channels]

  /** @param kernel - odd lengths: as many steps go in as come out, zeros beyond the ends */
  constructor(
    { channels, kernel }: { readonly channels: number; readonly kernel: readonly number[] },
    init: Initializer,
  ) {
    requireOdd('DepthwiseConvolution', kernel);
    const size = kernel.reduce((product, length) => product * length, 1);
    this.weight = init.draw([channels, 1, ...kernel], { kind: 'normal', std: Math.sqrt(2 / size) });
    this.bias = init.draw([channels], zeros);
  }

  /** x: [..., channels] → the same shape; the kernel lies along `axes`. */
  apply(x: Tensor, axes: readonly number[]): Tensor {
    const [channels, , ...kernel] = this.weight.shape;
    let copies = [x];
    for (const [i, axis] of axes.entries()) copies = copies.flatMap((copy) => shifts(copy, axis, kernel[i]));
    const taps = transpose(reshape(this.weight, [channels, copies.length])); // [kernel, channels]
    const terms = copies.map((copy, i) => multiply(copy, reshape(slice(taps, 0, i, i + 1), [channels])));
    return add(terms.reduce(add), this.bias);
  }
}

/** A linear layer that checkpoints keep as a convolution of kernel 1. x: [..., channels] → the same shape. */
export class PointwiseConvolution {
  readonly weight: Parameter; // [channels, channels, 1] or [channels, channels, 1, 1]
  readonly bias: Parameter; // [channels]

  constructor({ channels, axes }: { readonly channels: number; readonly axes: number }, init: Initializer) {
    const shape = [channels, channels, ...new Array<number>(axes).fill(1)];
    this.weight = init.draw(shape, { kind: 'normal', std: Math.sqrt(2 / channels) });
    this.bias = init.draw([channels], zeros);
  }

  apply(x: Tensor): Tensor {
    return linear(x, reshape(this.weight, this.weight.shape.slice(0, 2)), this.bias);
  }
}

/** A convolution of all channels over rows and columns. x: [N, rows, columns, channels] → the same shape. */
export class SpatialConvolution {
  readonly weight: Parameter; // [channels, channels, kernel, kernel]
  readonly bias: Parameter; // [channels]

  constructor({ channels, kernel }: { readonly channels: number; readonly kernel: number }, init: Initializer) {
    requireOdd('SpatialConvolution', [kernel]);
    const std = Math.sqrt(2 / (channels * kernel * kernel));
    this.weight = init.draw([channels, channels, kernel, kernel], { kind: 'normal', std });
    this.bias = init.draw([channels], zeros);
  }

  apply(x: Tensor): Tensor {
    const [channels, , kernel] = this.weight.shape;
    if (kernel === 1) return linear(x, reshape(this.weight, [channels, channels]), this.bias);
    const first = transpose(x, [0, 3, 1, 2]); // [N, channels, rows, columns]
    const y = convolution(first, this.weight, this.bias, { padding: (kernel - 1) / 2 });
    return transpose(y, [0, 2, 3, 1]);
  }
}

// ---- below: internals ----

/** x moved along an axis by each place of a kernel, zeros beyond the ends: what the first tap sees comes first. */
function shifts(x: Tensor, axis: number, kernel: number): Tensor[] {
  const reach = (kernel - 1) / 2;
  const length = x.shape[axis];
  const padded = pad(x, axis, reach, reach);
  return Array.from({ length: kernel }, (_, i) => (i === reach ? x : slice(padded, axis, i, i + length)));
}

function requireOdd(layer: string, kernel: readonly number[]): void {
  if (kernel.every((length) => Number.isInteger(length) && length > 0 && length % 2 === 1)) return;
  throw new GraphError(`${layer}: kernel is [${kernel.join(', ')}]; expected odd lengths from 1 up`);
}
