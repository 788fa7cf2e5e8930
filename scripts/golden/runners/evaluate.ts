import { cast, compile, grad, type Input, input, multiply, sum, type Tensor } from 'onnxgrad';
import { stateOf } from 'onnxgrad/nn';
import type { Tensors } from '../compare.ts';
import type { GoldenCase } from '../goldenCase.ts';

/** The inputs of a case as inputs of a program. */
export const inputsOf = ({ inputs }: GoldenCase): Map<string, Input> =>
  new Map(Array.from(inputs, ([name, { shape, dtype }]) => [name, input(name, shape, dtype)]));

/** Computes those of `tensors` that the case has outputs of, and moves running statistics as training does. */
export async function evaluate(
  { inputs, outputs }: GoldenCase,
  tensors: Readonly<Record<string, Tensor>>,
): Promise<Tensors> {
  const wanted = Object.fromEntries(Object.entries(tensors).filter(([name]) => outputs.has(name)));
  if (Object.keys(wanted).length === 0) return new Map();
  await using program = await compile(wanted, { updateBuffers: true });
  const feeds = Object.fromEntries([...inputs].filter(([name]) => program.inputs.has(name)));
  return new Map(Object.entries(await program.run(feeds)));
}

/**
 * `loss`, and its gradients as cases call them: `grad.NAME` of each weight, and `grad_input.NAME` or `grad.NAME` of what
 * is given; those alone that the case has.
 */
export function gradientsOf(
  { outputs }: GoldenCase,
  loss: Tensor,
  model: object,
  given: Readonly<Record<string, Tensor>>,
): Record<string, Tensor> {
  const all = [
    ...Array.from(stateOf(model), ([name, tensor]) => [`grad.${name}`, tensor] as const),
    ...Object.entries(given).map(([name, tensor]) => [`grad_input.${name}`, tensor] as const),
    ...Object.entries(given).map(([name, tensor]) => [`grad.${name}`, tensor] as const),
  ].filter(([name]) => outputs.has(name));
  const gradients = grad(
    loss,
    all.map(([, tensor]) => tensor),
  );
  return { loss, ...Object.fromEntries(all.map(([name], i) => [name, gradients[i]])) };
}

/** Σ y · cotangent, the loss of cases that have no other; in double precision, since such sums cancel. */
export const weighed = (y: Tensor, cotangent: Tensor): Tensor =>
  sum(multiply(cast(y, 'float64'), cast(cotangent, 'float64')));
