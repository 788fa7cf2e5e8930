import { fail, requireDType, requireFloat, requireRank, requireShape } from '../graph/shapes.ts';
import { constant, type Tensor } from '../graph/tensor.ts';
import { type Shape, sizeOf } from '../graph/tensorData.ts';
import { add, multiply } from './elementwise.ts';
import { linearTaps } from './gridSample.ts';
import { matmul } from './matmul.ts';
import { reshape, swapLast, transpose } from './shape.ts';
import { weightedRows } from './weightedRows.ts';
import { countsOf, places, type Window, type WindowOptions, windowsOf } from './windows.ts';

export interface DeformableConvolutionOptions extends WindowOptions {
  /** A factor for each sample (version 2): [N, offset groups · kernel, ...out]. */
  readonly mask?: Tensor;
  readonly bias?: Tensor | null;
  /** Parts of the channels that share offsets, 1 unless given. */
  readonly offsetGroups?: number;
}

/**
 * Convolution whose samples are moved by offsets, with linear sampling and zeros beyond the border (Dai et al. 2017,
 * arXiv 1703.06211; with a mask Zhu et al. 2019, arXiv 1811.11168), along one or two axes. Offsets and mask are laid out
 * as in torchvision's `deform_conv2d`.
 *
 * @param x - [N, C, T] or [N, C, H, W]
 * @param offsets - in samples: [N, offset groups · kernel · axes, ...out]; the axes fastest, along H before along W
 * @param weight - [O, C, ...kernel]
 * @returns [N, O, ...out]
 */
export function deformableConvolution(
  x: Tensor,
  offsets: Tensor,
  weight: Tensor,
  { mask, bias, offsetGroups = 1, ...options }: DeformableConvolutionOptions = {},
): Tensor {
  const { batch, channels, outputs, spatial, kernel, windows, out } = sizesOf(x, weight, offsetGroups, options);
  const [rank, taps, count, parts] = [spatial.length, sizeOf(kernel), sizeOf(out), batch * offsetGroups];
  const expected = {
    offsets: [offsets, [batch, offsetGroups * taps * rank, ...out]],
    mask: [mask, [batch, offsetGroups * taps, ...out]],
    bias: [bias, [outputs]],
  } as const;
  for (const [argument, [tensor, shape]] of Object.entries(expected)) {
    if (!tensor) continue;
    requireDType(name, argument, tensor, x.dtype);
    requireShape(name, argument, tensor, shape);
  }

  // [N·groups, count, taps, ...]: a place has its samples side by side.
  const perPlace = (laid: Tensor) => transpose(reshape(laid, [parts, taps, -1, count]), [0, 3, 1, 2]);
  const rest = constant(undeformed(windows, out), { shape: [count, taps, rank], dtype: x.dtype });
  const { indices, weights } = linearTaps(reshape(add(perPlace(offsets), rest), [parts, count * taps, rank]), spatial);
  const shares = mask ? multiply(weights, reshape(perPlace(mask), [parts, -1, 1])) : weights;
  const rows = swapLast(reshape(x, [parts, channels / offsetGroups, sizeOf(spatial)]));
  const samples = reshape(weightedRows(rows, indices, shares), [batch, offsetGroups, count, taps, -1]);
  const columns = reshape(transpose(samples, [0, 2, 3, 1, 4]), [batch, count, taps * channels]);
  const kernels = reshape(swapLast(reshape(weight, [outputs, channels, taps])), [outputs, taps * channels]);
  const y = reshape(matmul(kernels, columns, { transposeB: true }), [batch, outputs, ...out]);
  return bias ? add(y, reshape(bias, [outputs, ...spatial.map(() => 1)])) : y;
}

// ---- below: internals ----

const name = 'deformableConvolution';

function sizesOf(x: Tensor, weight: Tensor, offsetGroups: number, options: WindowOptions) {
  requireFloat(name, 'x', x);
  requireRank(name, 'x', x, 3, 4);
  const [batch, channels, ...spatial] = x.shape;
  const [outputs, , ...kernel] = weight.shape;
  requireDType(name, 'weight', weight, x.dtype);
  requireRank(name, 'weight', weight, x.shape.length);
  requireShape(name, 'weight', weight, [outputs, channels, ...kernel]);
  if (!(offsetGroups > 0) || !Number.isInteger(channels / offsetGroups)) {
    fail(name, 'offsetGroups', `are ${offsetGroups}`, `a whole number that divides the ${channels} channels`);
  }
  const windows = windowsOf(name, kernel, options);
  return { batch, channels, outputs, spatial, kernel, windows, out: countsOf(name, x, windows) };
}

/** The places that an ordinary convolution reads, in samples: [...out, ...kernel, axes] in C order. */
function undeformed(windows: readonly Window[], out: Shape): number[] {
  const starts = places(windows.map((window, axis) => ({ ...window, kernel: out[axis] })));
  return starts.flatMap((start) =>
    places(windows).flatMap((tap) =>
      windows.map(({ stride, dilation, before }, axis) => start[axis] * stride + tap[axis] * dilation - before),
    ),
  );
}
