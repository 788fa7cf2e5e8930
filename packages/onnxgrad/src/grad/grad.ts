import { GraphError } from '../errors.ts';
import type { NoGradient } from '../graph/operation.ts';
import { full, requireDType, requireFloat, requireShape } from '../graph/shapes.ts';
import type { Node, Tensor } from '../graph/tensor.ts';
import { shown } from '../graph/tensorData.ts';
import { nodesBehind } from '../graph/walk.ts';
import { add } from '../ops/elementwise.ts';
import { Recomputation } from './recomputation.ts';

/**
 * Gradients of `loss` with respect to tensors, as tensors themselves: they can be computed, combined and
 * differentiated again. Zeros where the loss does not depend on a tensor.
 *
 * @param loss - one number; or any shape, with `cotangent` of the same shape: then gradients of Σ loss · cotangent
 */
export function grad(loss: Tensor, wrt: readonly Tensor[], cotangent?: Tensor): Tensor[] {
  const found = gradientsOf(loss, wrt, cotangent);
  return wrt.map((tensor) => found.get(tensor) ?? full(tensor.shape, 0, tensor.dtype));
}

/** As `grad`, but only of tensors that the loss depends on. */
export function gradientsOf(loss: Tensor, wrt: readonly Tensor[], cotangent?: Tensor): Map<Tensor, Tensor> {
  requireFloat('grad', 'loss', loss);
  for (const [position, tensor] of wrt.entries()) requireFloat('grad', `tensor ${position}`, tensor);
  if (cotangent) {
    requireShape('grad', 'cotangent', cotangent, loss.shape);
    requireDType('grad', 'cotangent', cotangent, loss.dtype);
  } else if (loss.shape.length > 0) {
    throw new GraphError(`grad: loss has shape ${shown(loss.shape)}; expected one number: sum it, or give a cotangent`);
  }
  const wanted = new Set(wrt);
  const forward = nodesBehind([loss]);
  const depends = dependents(forward, wanted);
  const recomputation = new Recomputation(forward, loss);
  const gradients = new Map<Tensor, Tensor>();
  const give = (tensor: Tensor, gradient: Tensor) => {
    const before = gradients.get(tensor);
    gradients.set(tensor, before ? add(before, gradient) : gradient);
  };
  if (depends.has(loss)) give(loss, cotangent ?? full([], 1, loss.dtype));

  for (const node of forward.reverse()) {
    recomputation.enter(node, gradients);
    const [y, ...byProducts] = node.outputs;
    for (const tensor of byProducts) {
      if (gradients.has(tensor))
        throw new GraphError(`grad: ${node.operation.name} gives no gradient to its output ${tensor.index}`);
    }
    const dy = gradients.get(y);
    const { gradient: rule } = node.operation;
    if (!dy || isNone(rule) || !node.inputs.some((x) => depends.has(x))) continue;
    const seen = recomputation.seen(node, dy);
    for (const [position, dx] of rule(dy, seen).entries()) {
      const x = node.inputs[position];
      if (!dx || !depends.has(x)) continue;
      requireShape(`grad of ${node.operation.name}`, `gradient of input ${position}`, dx, x.shape);
      give(x, dx);
      recomputation.gave(node, x, dx);
    }
    if (!wanted.has(y)) gradients.delete(y);
  }
  return new Map(wrt.flatMap((tensor) => (gradients.has(tensor) ? [[tensor, gradients.get(tensor) as Tensor]] : [])));
}

// ---- below: internals ----

const isNone = (rule: object): rule is NoGradient => 'none' in rule;

/** The tensors among `nodes` through which a gradient can reach what is wanted. */
function dependents(nodes: readonly Node[], wanted: ReadonlySet<Tensor>): Set<Tensor> {
  const depends = new Set<Tensor>(wanted);
  for (const { inputs, outputs, operation } of nodes) {
    if (isNone(operation.gradient)) continue;
    if (inputs.some((tensor) => depends.has(tensor))) for (const tensor of outputs) depends.add(tensor);
  }
  return depends;
}
