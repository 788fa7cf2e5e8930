import type { OnnxAttributes } from '../graph/emitter.ts';
import { apply, type Operation, type Target } from '../graph/operation.ts';
import { fail, requireDType, requireFloat, requireRank, requireShape } from '../graph/shapes.ts';
import { Constant, Parameter, type Tensor } from '../graph/tensor.ts';
import { type Shape, shown, sizeOf } from '../graph/tensorData.ts';
import { isColumnar, throughColumns, throughTaps, throughTransposed } from './convolutionForms.ts';
import { weightGradient } from './convolutionWeights.ts';
import { add } from './elementwise.ts';
import { sum } from './reduce.ts';
import { reshape } from './shape.ts';
import {
  countsOf,
  type PerAxis,
  padded,
  perAxis,
  reachOf,
  type Window,
  type WindowOptions,
  windowsOf,
} from './windows.ts';

export interface ConvolutionOptions extends WindowOptions {
  /** Parts that the channels fall into, each convolved by itself; as many as channels: depthwise. 1 unless told. */
  readonly groups?: number;
}

export interface ConvolutionTransposedOptions extends ConvolutionOptions {
  /** Elements that the result is longer by at the end of each axis: less than the stride. 0 unless told. */
  readonly outputPadding?: PerAxis;
}

/** What a convolution and its transpose have in common. */
export interface Convolution {
  readonly windows: readonly Window[];
  readonly groups: number;
}

/** y = x ∗ w + b    dx = dy ∗ᵀ w    dw = Σ over windows of dy xᵀ    db = Σ dy over all but channels */
const convolutionOperation: Operation<Convolution> = {
  name: 'convolution',
  isProduct: true,
  gradient: (dy, { inputs: [x, weight, bias], attributes }) => [
    transposed(dy, weight, attributes, x.shape.slice(2)),
    weightGradient(x, dy, attributes),
    ...(bias ? [sum(dy, channelsOnly(dy))] : []),
  ],
  decompose: ({ inputs: [x, weight, bias], attributes, outputs: [{ shape }] }, target) => {
    const counts = shape.slice(2);
    let y: Tensor;
    if (x.dtype === 'float64') y = throughTaps(x, weight, attributes);
    else if (isOnProcessor(target) && !isStored(weight) && isColumnar(x, attributes, counts)) {
      y = throughColumns(x, weight, attributes.windows, counts);
    } else return null;
    return bias ? addToChannels(y, bias) : y;
  },
  lower: (emit, inputs, { attributes }) => emit.node('Conv', inputs, onnxAttributes(attributes)),
};

/** x = y ∗ᵀ w, the transpose of y = x ∗ w    dy = dx ∗ w    dw = Σ over windows of y dxᵀ */
const transposedOperation: Operation<Convolution> = {
  name: 'convolutionTransposed',
  isProduct: true,
  gradient: (dx, { inputs: [y, weight], attributes }) => [
    direct(dx, weight, null, attributes),
    weightGradient(dx, y, attributes),
  ],
  decompose: ({ inputs: [y, weight], attributes, outputs: [x] }, { operators }) =>
    operators === 'onnxruntime' ||
    y.dtype === 'float64' ||
    attributes.windows.some(({ before, after }) => before < 0 || after < 0)
      ? throughTransposed(y, weight, attributes, x.shape.slice(2))
      : null,
  lower: (emit, inputs, { inputs: [y], attributes, outputs: [x] }) => {
    const rest = attributes.windows.map(
      (window, axis) =>
        x.shape[axis + 2] - ((y.shape[axis + 2] - 1) * window.stride + reachOf(window) - window.before - window.after),
    );
    return emit.node('ConvTranspose', inputs, { ...onnxAttributes(attributes), output_padding: rest });
  },
};

/**
 * Cross-correlation along one, two or three axes, as PyTorch's `conv1d`, `conv2d`, `conv3d`. x: [N, I, ...spatial],
 * weight: [O, I / groups, ...kernel], bias: [O] → [N, O, ...].
 */
export function convolution(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null,
  { groups = 1, ...options }: ConvolutionOptions = {},
): Tensor {
  const operation = 'convolution';
  requireOperands(operation, x, weight, bias, groups);
  const [outputs, inputsOfGroup, ...kernel] = weight.shape;
  if (x.shape[1] !== inputsOfGroup * groups) {
    fail(
      operation,
      'x',
      `has shape ${shown(x.shape)}`,
      `${inputsOfGroup * groups} channels, by weight of shape ${shown(weight.shape)} in ${groups} groups`,
    );
  }
  if (bias) requireShape(operation, 'bias', bias, [outputs]);
  return direct(x, weight, bias, { windows: windowsOf(operation, kernel, options), groups });
}

/**
 * The transpose of a convolution, as PyTorch's `conv_transpose1d` to `3d`: what takes `stride` times fewer elements back
 * to all of them. x: [N, I, ...spatial], weight: [I, O / groups, ...kernel], bias: [O] → [N, O, ...], of length
 * (n − 1) stride + dilation (kernel − 1) + 1 − paddings + outputPadding along each axis.
 */
export function convolutionTransposed(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null,
  { groups = 1, outputPadding = 0, ...options }: ConvolutionTransposedOptions = {},
): Tensor {
  const operation = 'convolutionTransposed';
  requireOperands(operation, x, weight, bias, groups);
  const [inputs, outputsOfGroup, ...kernel] = weight.shape;
  if (x.shape[1] !== inputs) {
    fail(
      operation,
      'x',
      `has shape ${shown(x.shape)}`,
      `${inputs} channels, by weight of shape ${shown(weight.shape)}`,
    );
  }
  if (bias) requireShape(operation, 'bias', bias, [outputsOfGroup * groups]);
  const windows = windowsOf(operation, kernel, options);
  const extra = perAxis(operation, 'outputPadding', outputPadding, kernel.length, 0);
  const lengths = windows.map((window, axis) => {
    if (extra[axis] >= window.stride) {
      fail(
        operation,
        'outputPadding',
        `is ${extra[axis]} along axis ${axis + 2}`,
        `less than the stride, ${window.stride}`,
      );
    }
    const { stride, before, after } = window;
    const length = (x.shape[axis + 2] - 1) * stride + reachOf(window) - before - after + extra[axis];
    if (length >= 1) return length;
    return fail(operation, 'padding', `leaves ${length} elements along axis ${axis + 2}`, 'at least 1');
  });
  const y = transposed(x, weight, { windows, groups }, lengths);
  return bias ? addToChannels(y, bias) : y;
}

/** y = x ∗ w, for windows that may also cut elements off. */
export function convolved(x: Tensor, weight: Tensor, { windows, groups }: Convolution): Tensor {
  const cut = windows.map((window) => ({
    ...window,
    before: Math.min(0, window.before),
    after: Math.min(0, window.after),
  }));
  const rest = windows.map((window) => ({
    ...window,
    before: Math.max(0, window.before),
    after: Math.max(0, window.after),
  }));
  return direct(padded(x, cut), weight, null, { windows: rest, groups });
}

// ---- below: internals ----

function direct(x: Tensor, weight: Tensor, bias: Tensor | null | undefined, attributes: Convolution): Tensor {
  const { windows, groups } = attributes;
  const shape = [x.shape[0], weight.shape[0], ...countsOf('convolution', x, windows)];
  // Of three axes, two neighbours that nothing slides along are one: two axes have the quicker kernels.
  const first = windows.length === 3 ? [1, 0].find((axis) => windows.slice(axis, axis + 2).every(isIdle)) : undefined;
  if (first !== undefined) {
    const fewer = windows.toSpliced(first, 1);
    const y = direct(joined(x, first + 2), joined(weight, first + 2), bias, { windows: fewer, groups });
    return reshape(y, shape);
  }
  return apply(convolutionOperation, bias ? [x, weight, bias] : [x, weight], attributes, { dtype: x.dtype, shape });
}

const isOnProcessor = ({ operators, device }: Target): boolean =>
  operators === 'onnxruntime' && (device === 'cpu' || device === 'wasm');

/** Whether the engine knows the weights beforehand: it arranges those by itself. */
const isStored = (weight: Tensor): boolean =>
  weight instanceof Constant || (weight instanceof Parameter && !weight.trainable);

/** An axis and the next as one. */
const joined = (x: Tensor, axis: number): Tensor =>
  reshape(x, x.shape.toSpliced(axis, 2, x.shape[axis] * x.shape[axis + 1]));

const isIdle = ({ kernel, stride, before, after }: Window): boolean =>
  kernel === 1 && stride === 1 && before === 0 && after === 0;

function transposed(y: Tensor, weight: Tensor, attributes: Convolution, lengths: Shape): Tensor {
  const shape = [y.shape[0], weight.shape[1] * attributes.groups, ...lengths];
  return apply(transposedOperation, [y, weight], attributes, { dtype: y.dtype, shape });
}

function requireOperands(
  operation: string,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null | undefined,
  groups: number,
): void {
  requireFloat(operation, 'x', x);
  requireRank(operation, 'x', x, 3, 4, 5);
  requireRank(operation, 'weight', weight, x.shape.length);
  requireDType(operation, 'weight', weight, x.dtype);
  if (bias) requireDType(operation, 'bias', bias, x.dtype);
  if (sizeOf(x.shape) === 0 || sizeOf(weight.shape) === 0) {
    fail(operation, 'x or weight', `has shape ${shown(x.shape)}, ${shown(weight.shape)}`, 'at least one element');
  }
  if (!Number.isInteger(groups) || groups < 1 || weight.shape[0] % groups !== 0) {
    fail(operation, 'groups', `is ${groups}`, `a divisor of ${weight.shape[0]}, the first length of weight`);
  }
}

const channelsOnly = ({ shape }: Tensor): number[] => [...shape.keys()].filter((axis) => axis !== 1);

const addToChannels = (y: Tensor, bias: Tensor): Tensor =>
  add(y, reshape(bias, [1, -1, ...y.shape.slice(2).map(() => 1)]));

function onnxAttributes({ windows, groups }: Convolution): OnnxAttributes {
  return {
    group: groups,
    kernel_shape: windows.map(({ kernel }) => kernel),
    strides: windows.map(({ stride }) => stride),
    dilations: windows.map(({ dilation }) => dilation),
    pads: [...windows.map(({ before }) => before), ...windows.map(({ after }) => after)],
  };
}
