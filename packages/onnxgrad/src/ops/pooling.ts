import type { OnnxAttributes } from '../graph/emitter.ts';
import { apply, type Device, type Operation } from '../graph/operation.ts';
import { fail, full, requireFloat, requireRank } from '../graph/shapes.ts';
import { constant, type Tensor } from '../graph/tensor.ts';
import { arrayFrom, type FloatType, sizeOf } from '../graph/tensorData.ts';
import { cast, equal } from './compare.ts';
import { add, divide, multiply, subtract } from './elementwise.ts';
import { matmul } from './matmul.ts';
import { mean, sum } from './reduce.ts';
import { concat, pad, replaced, reshape, slice } from './shape.ts';
import {
  countsOf,
  type PerAxis,
  padded,
  perAxis,
  places,
  reachOf,
  spreadOut,
  tap,
  type Window,
  type WindowOptions,
  windowsOf,
} from './windows.ts';

export interface PoolOptions extends WindowOptions {
  /** Whether a last window that begins within the axis may reach beyond its end; no unless told. */
  readonly ceil?: boolean;
}

export interface AveragePoolOptions extends Omit<PoolOptions, 'dilation'> {
  /** Whether padding counts as zeros in the mean; yes unless told. */
  readonly countPadding?: boolean;
}

/**
 * The largest element of each window, as PyTorch's `max_pool1d` to `3d`; the stride is the kernel unless given. The
 * gradient goes to the first of equal ones. x: [N, C, ...spatial] → [N, C, ...counts]
 */
export function maxPool(x: Tensor, kernel: PerAxis, options: PoolOptions = {}): Tensor {
  const windows = poolWindows('maxPool', x, kernel, options);
  // The engine's own padding is for less than one window; what is larger is written out.
  const isOwn = windows.every((w) => w.dilation === 1 && w.before < w.kernel && w.after < w.kernel);
  if (isOwn) return maxOfWindows(x, windows);
  const wide = windows.reduce(
    (y, { before, after }, axis) => pad(y, axis + 2, before, after, lowest[x.dtype as FloatType]),
    x,
  );
  return maxOfWindows(
    wide,
    windows.map((window) => ({ ...window, before: 0, after: 0 })),
  );
}

/**
 * The mean of each window, as PyTorch's `avg_pool1d` to `3d`; the stride is the kernel unless given.
 * x: [N, C, ...spatial] → [N, C, ...counts]
 */
export function averagePool(
  x: Tensor,
  kernel: PerAxis,
  { countPadding = true, ...options }: AveragePoolOptions = {},
): Tensor {
  const windows = poolWindows('averagePool', x, kernel, options);
  const given = windowsOf(
    'averagePool',
    windows.map((window) => window.kernel),
    { ...options, stride: 1 },
  );
  const counts = countsOf('averagePool', x, windows);
  return windows.reduce((y, { kernel, stride, before }, axis) => {
    const length = x.shape[axis + 2];
    // Padding that was asked for counts; what `ceil` reads beyond it never does.
    const end = length + given[axis].after;
    const spans = Array.from({ length: counts[axis] }, (_, i): Span => {
      const from = i * stride - before;
      const [first, last] = [Math.max(0, from), Math.min(length, from + kernel)];
      return { from: first, to: last, divisor: countPadding ? Math.min(end, from + kernel) - from : last - first };
    });
    return meanOfSpans(y, axis + 2, spans);
  }, x);
}

/** The mean of each of so many parts of about the same size, as PyTorch's `adaptive_avg_pool1d` to `3d`. */
export function adaptiveAveragePool(x: Tensor, counts: PerAxis): Tensor {
  return adaptiveCounts('adaptiveAveragePool', x, counts).reduce(
    (y, count, axis) => meanOfSpans(y, axis + 2, parts(x.shape[axis + 2], count)),
    x,
  );
}

/** The largest element of each of so many parts of about the same size, as PyTorch's `adaptive_max_pool1d` to `3d`. */
export function adaptiveMaxPool(x: Tensor, counts: PerAxis): Tensor {
  return adaptiveCounts('adaptiveMaxPool', x, counts).reduceRight((y, count, axis) => {
    const length = x.shape[axis + 2];
    const along = (size: number) => y.shape.slice(2).map((_, other) => (other === axis ? size : 1));
    if (length % count === 0) return maxPool(y, along(length / count));
    return concat(
      parts(length, count).map(({ from, to }) => maxPool(slice(y, axis + 2, from, to), along(to - from))),
      axis + 2,
    );
  }, x);
}

/** The mean over all places. x: [N, C, ...spatial] → [N, C] */
export function globalAveragePool(x: Tensor): Tensor {
  requireRank('globalAveragePool', 'x', x, 3, 4, 5);
  return mean(x, [...x.shape.keys()].slice(2));
}

/** The largest element over all places. x: [N, C, ...spatial] → [N, C] */
export function globalMaxPool(x: Tensor): Tensor {
  requireRank('globalMaxPool', 'x', x, 3, 4, 5);
  return reshape(maxPool(x, x.shape.slice(2)), x.shape.slice(0, 2));
}

// ---- below: internals ----

const lowest = { float32: -3.4028234663852886e38, float16: -65_504, float64: -Number.MAX_VALUE } as const;

interface Windows {
  readonly windows: readonly Window[];
}

/** y = largest of each window    dx = dy at the first place where it stands */
const maxPoolOperation: Operation<Windows> = {
  name: 'maxPool',
  gradient: (dy, { inputs: [x], attributes: { windows } }) => [putAtLargest(dy, x, windows)],
  lower: (emit, inputs, { attributes }) => emit.node('MaxPool', inputs, onnxAttributes(attributes)),
};

/** dx = 0, but the sum of dy where in x the largest of its window stands    ddy = ddx there */
const putOperation: Operation<Windows> = {
  name: 'putAtLargest',
  gradient: (ddx, { inputs: [, x], attributes: { windows } }) => [takeAtLargest(ddx, x, windows), null],
  decompose: ({ inputs: [dy, x], attributes: { windows } }, { device }) => {
    if (!tellsPlaces(device)) {
      const parts = firstLargest(x, windows).map(({ place, isHere }) =>
        windows.reduce(
          (spread, { stride, dilation, before }, axis) =>
            spreadOut(spread, axis + 2, stride, before - place[axis] * dilation, x.shape[axis + 2]),
          multiply(dy, isHere),
        ),
      );
      return parts.reduce(add);
    }
    // The processor adds up in places for float32, not for float16.
    if (dy.dtype !== 'float16') return null;
    return cast(putAtLargest(cast(dy, 'float32'), cast(x, 'float32'), windows), 'float16');
  },
  lower: (emit, [dy, x], { attributes, outputs: [{ dtype, shape }] }) => {
    const [, at] = emit.nodes('MaxPool', [x], 2, onnxAttributes(attributes));
    const zero = emit.constant({ dtype, shape: [], data: arrayFrom(dtype, [0]) });
    const zeros = emit.node('Expand', [zero, emit.integers([sizeOf(shape)])]);
    const [updates, places] = [dy, at].map((name) => emit.node('Reshape', [name, emit.integers([-1])]));
    const sums = emit.node('ScatterElements', [zeros, places, updates], { axis: 0, reduction: 'add' });
    return emit.node('Reshape', [sums, emit.integers(shape)], { allowzero: 1 });
  },
};

/** y = t where in x the largest of each window stands    dt = the sum of dy there */
const takeOperation: Operation<Windows> = {
  name: 'takeAtLargest',
  gradient: (dy, { inputs: [, x], attributes: { windows } }) => [putAtLargest(dy, x, windows), null],
  decompose: ({ inputs: [t, x], attributes: { windows }, outputs: [{ shape }] }, { device }) => {
    if (tellsPlaces(device)) return null;
    const wide = padded(t, windows);
    return firstLargest(x, windows)
      .map(({ place, isHere }) => multiply(tap(wide, windows, place, shape.slice(2)), isHere))
      .reduce(add);
  },
  lower: (emit, [t, x], { attributes }) => {
    const [, at] = emit.nodes('MaxPool', [x], 2, onnxAttributes(attributes));
    return emit.node('Gather', [emit.node('Reshape', [t, emit.integers([-1])]), at], { axis: 0 });
  },
};

const putAtLargest = (dy: Tensor, x: Tensor, windows: readonly Window[]): Tensor =>
  apply(putOperation, [dy, x], { windows }, x);
const takeAtLargest = (t: Tensor, x: Tensor, windows: readonly Window[]): Tensor =>
  apply(takeOperation, [t, x], { windows }, maxOfWindows(x, windows));

/** Whether the engine's pooling also says where the largest stand. */
const tellsPlaces = (device: Device): boolean => device !== 'webgpu';

/** For each place in the window: 1 where the first of the largest stands there, else 0, in the shape of the result. */
function firstLargest(x: Tensor, windows: readonly Window[]): { place: readonly number[]; isHere: Tensor }[] {
  const y = maxOfWindows(x, windows);
  const wide = padded(x, windows, lowest[x.dtype as FloatType]);
  let open: Tensor = full(y.shape, 1, y.dtype);
  return places(windows).map((place) => {
    const isHere = multiply(cast(equal(tap(wide, windows, place, y.shape.slice(2)), y), y.dtype), open);
    open = subtract(open, isHere);
    return { place, isHere };
  });
}

function maxOfWindows(x: Tensor, windows: readonly Window[]): Tensor {
  const shape = [...x.shape.slice(0, 2), ...countsOf('maxPool', x, windows)];
  return apply(maxPoolOperation, [x], { windows }, { dtype: x.dtype, shape });
}

/** Windows whose padding behind is what is read of it. */
function poolWindows(
  operation: string,
  x: Tensor,
  kernel: PerAxis,
  { ceil = false, ...options }: PoolOptions,
): Window[] {
  requireFloat(operation, 'x', x);
  requireRank(operation, 'x', x, 3, 4, 5);
  const kernels = perAxis(operation, 'kernel', kernel, x.shape.length - 2, 1);
  const windows = windowsOf(operation, kernels, { stride: kernels, ...options });
  return windows.map((window, axis) => {
    const { stride, before, after } = window;
    const length = x.shape[axis + 2];
    const reach = reachOf(window);
    if (2 * Math.max(before, after) > window.kernel) {
      fail(
        operation,
        'padding',
        `is ${before} and ${after} along axis ${axis + 2}`,
        `at most half of the kernel, ${window.kernel}`,
      );
    }
    const steps = (length + before + after - reach) / stride;
    let last = ceil ? Math.ceil(steps) : Math.floor(steps);
    if (ceil && last * stride >= length + before) last--;
    if (last < 0) return window;
    return { ...window, after: Math.max(0, last * stride + reach - length - before) };
  });
}

/** A part of an axis, and what its sum is divided by. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly divisor: number;
}

/** Parts of an axis of about the same size: from ⌊i n / count⌋ to ⌈(i + 1) n / count⌉. */
const parts = (length: number, count: number): Span[] =>
  Array.from({ length: count }, (_, i) => {
    const [from, to] = [Math.floor((i * length) / count), Math.ceil(((i + 1) * length) / count)];
    return { from, to, divisor: to - from };
  });

/** A product with a larger matrix of means costs more than to take the axis in parts. */
const mostMatrixElements = 1 << 14;

/** The mean of each span of an axis, which then has one element a span. */
function meanOfSpans(x: Tensor, axis: number, spans: readonly Span[]): Tensor {
  const length = x.shape[axis];
  if (spans.length === 1) {
    const [{ from, to, divisor }] = spans;
    return divide(sum(slice(x, axis, from, to), axis, { keepAxes: true }), divisor);
  }
  if (spans.length === length && spans.every(({ from, to, divisor }) => to - from === 1 && divisor === 1)) return x;
  if (length * spans.length <= mostMatrixElements) return productWithSpans(x, axis, spans);
  const half = spans.length >> 1;
  return concat(
    [spans.slice(0, half), spans.slice(half)].map((some) => {
      const start = some[0].from;
      const moved = some.map(({ from, to, divisor }) => ({ from: from - start, to: to - start, divisor }));
      return meanOfSpans(slice(x, axis, start, some.at(-1)?.to), axis, moved);
    }),
    axis,
  );
}

/** Means of spans are a matrix; as such they have their gradient in every type, and are quick for short axes. */
function productWithSpans(x: Tensor, axis: number, spans: readonly Span[]): Tensor {
  const length = x.shape[axis];
  const values = new Float64Array(spans.length * length);
  for (const [row, { from, to, divisor }] of spans.entries())
    values.fill(1 / divisor, row * length + from, row * length + to);
  const matrix = constant(values, { shape: [spans.length, length], dtype: x.dtype });
  const behind = sizeOf(x.shape.slice(axis + 1));
  const product =
    behind === 1
      ? matmul(reshape(x, [-1, length]), matrix, { transposeB: true })
      : matmul(matrix, reshape(x, [-1, length, behind]));
  return reshape(product, replaced(x.shape, axis, spans.length));
}

function adaptiveCounts(operation: string, x: Tensor, counts: PerAxis): number[] {
  requireFloat(operation, 'x', x);
  requireRank(operation, 'x', x, 3, 4, 5);
  return perAxis(operation, 'counts', counts, x.shape.length - 2, 1);
}

function onnxAttributes({ windows }: Windows): OnnxAttributes {
  return {
    kernel_shape: windows.map(({ kernel }) => kernel),
    strides: windows.map(({ stride }) => stride),
    dilations: windows.map(({ dilation }) => dilation),
    pads: [...windows.map(({ before }) => before), ...windows.map(({ after }) => after)],
  };
}
