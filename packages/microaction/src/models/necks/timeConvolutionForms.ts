import { add, concat, linear, multiply, pad, reshape, slice, subtract, type Tensor, transpose } from 'onnxgrad';

// Convolutions over time, arranged from what the engine is quick at: products of large matrices, few passes over memory.
// Throughout, x is [B, T, I], weight [O, I, kernel] with an odd kernel, the result [B, ⌈T / stride⌉, O]; beyond the ends of x lie
// zeros.

/** One product with what each window reads: the form for any kernel and stride. */
export function throughColumns(x: Tensor, weight: Tensor, stride: number): Tensor {
  const [outputs, inputs, kernel] = weight.shape;
  const matrix = reshape(transpose(weight, [0, 2, 1]), [outputs, kernel * inputs]);
  return linear(concat(taps(x, kernel, stride), 2), matrix);
}

/** One product for all places in the window, whose results are shifted and added: where they are fewer than the inputs. */
export function throughShifts(x: Tensor, weight: Tensor, stride: number): Tensor {
  const [outputs, inputs, kernel] = weight.shape;
  const products = linear(x, reshape(transpose(weight, [2, 0, 1]), [kernel * outputs, inputs]));
  return taps(products, kernel, stride)
    .map((tap, place) => slice(tap, 2, place * outputs, (place + 1) * outputs))
    .reduce(add);
}

/**
 * For a kernel of 3: Winograd's F(2, 3), two results of four numbers by four products instead of six, forward and
 * backward (Lavin and Gray 2016, arXiv 1509.09308, section 4.1). With x₀ … x₃ around steps 2 j and 2 j + 1, w₀ w₁ w₂:
 *
 *     p₁ = (x₀ − x₂) w₀    p₂ = (x₁ + x₂) (w₀ + w₁ + w₂) / 2    p₃ = (x₂ − x₁) (w₀ − w₁ + w₂) / 2    p₄ = (x₁ − x₃) w₂
 *     y₀ = p₁ + p₂ + p₃    y₁ = p₂ − p₃ − p₄
 */
export function throughMinimalFilters(x: Tensor, weight: Tensor): Tensor {
  const [batch, steps, inputs] = x.shape;
  const [outputs] = weight.shape;
  const pairs = Math.ceil(steps / 2);
  // One step of zeros in front, then all steps, two in a row: the first of each row are x₀ and then x₂, the second x₁ and x₃.
  const rows = reshape(pad(x, 1, 1, 2 * pairs + 1 - steps), [batch, pairs + 1, 2 * inputs]);
  const [x0, x2, x1, x3] = [0, inputs].flatMap((start) => {
    const column = slice(rows, 2, start, start + inputs);
    return [slice(column, 1, 0, pairs), slice(column, 1, 1, pairs + 1)];
  });
  const byPlace = transpose(weight, [2, 0, 1]);
  const [w0, w1, w2] = [0, 1, 2].map((place) => reshape(slice(byPlace, 0, place, place + 1), [outputs, inputs]));
  const sum = add(w0, w2);
  const p1 = linear(subtract(x0, x2), w0);
  const p2 = linear(add(x1, x2), multiply(add(sum, w1), 0.5));
  const p3 = linear(subtract(x2, x1), multiply(subtract(sum, w1), 0.5));
  const p4 = linear(subtract(x1, x3), w2);
  const y = concat([add(add(p1, p2), p3), subtract(subtract(p2, p3), p4)], 2); // [B, pairs, 2 O]
  return slice(reshape(y, [batch, 2 * pairs, outputs]), 1, 0, steps);
}

/** Each channel by itself: weight [I, 1, kernel]. */
export function channelByChannel(x: Tensor, weight: Tensor, stride: number): Tensor {
  const [channels, , kernel] = weight.shape;
  const weights = transpose(reshape(weight, [channels, kernel])); // [kernel, I]
  return taps(x, kernel, stride)
    .map((tap, place) => multiply(tap, slice(weights, 0, place, place + 1)))
    .reduce(add);
}

// ---- below: internals ----

/** For each place in the window, what stands there of x: kernel times [B, ⌈T / stride⌉, I]. */
function taps(x: Tensor, kernel: number, stride: number): Tensor[] {
  const reach = (kernel - 1) / 2;
  const count = Math.ceil(x.shape[1] / stride);
  const wide = pad(x, 1, reach, reach);
  return Array.from({ length: kernel }, (_, place) => slice(wide, 1, place, place + (count - 1) * stride + 1, stride));
}
