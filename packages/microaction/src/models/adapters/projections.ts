import { add, linear, multiply, type Tensor } from 'onnxgrad';
import { type Initializer, Linear, zeros } from 'onnxgrad/nn';

/** The width of tokens and the smaller one inside an adapter. */
export interface Widths {
  readonly width: number;
  readonly hidden: number;
}

/** From tokens into an adapter. */
export const downProjection = ({ width, hidden }: Widths, init: Initializer): Linear =>
  new Linear({ inputs: width, outputs: hidden, initial: { kind: 'truncatedNormal', std: 0.02 } }, init);

/** Back out of it; all zero, so that a new adapter changes nothing. */
export const upProjection = ({ width, hidden }: Widths, init: Initializer): Linear =>
  new Linear({ inputs: hidden, outputs: width, initial: zeros }, init);

/**
 * tokens + scale · up(x). The scale goes into the weights, which are smaller than the tokens.
 *
 * @param scale - [1], or [inputs of up] to scale each of them, with `bias` the scale of the bias
 */
export function addProjected(tokens: Tensor, x: Tensor, up: Linear, scale: Tensor, bias: Tensor = scale): Tensor {
  return add(tokens, linear(x, multiply(up.weight, scale), up.bias && multiply(up.bias, bias)));
}
