import { abs, add, clamp, divide, maximum, minimum, multiply, slice, square, subtract, type Tensor } from 'onnxgrad';

/**
 * Temporal IoU less the squared distance of the centres over the squared length of what spans both: DIoU (Zheng et al.
 * 2020, arXiv 1911.08287) in one dimension. a, b: [B, P, 2], starts and ends → [B, P, 1], −1 to 1.
 */
export function distanceIou(a: Tensor, b: Tensor): Tensor {
  const [startA, endA] = bounds(a);
  const [startB, endB] = bounds(b);
  const shared = clamp(subtract(minimum(endA, endB), maximum(startA, startB)), 0);
  const union = subtract(add(subtract(endA, startA), subtract(endB, startB)), shared);
  const span = subtract(maximum(endA, endB), minimum(startA, startB));
  const apart = abs(multiply(subtract(add(startA, endA), add(startB, endB)), 0.5));
  return subtract(divide(shared, clamp(union, least)), divide(square(apart), clamp(square(span), least)));
}

// ---- below: internals ----

/** What is divided by is no smaller. */
const least = 1e-7;

const bounds = (segments: Tensor): [Tensor, Tensor] => [slice(segments, 2, 0, 1), slice(segments, 2, 1, 2)];
