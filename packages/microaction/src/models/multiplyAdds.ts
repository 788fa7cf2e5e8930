import { sizeOf, type Tensor } from 'onnxgrad';

/**
 * How often a computation multiplies two numbers and adds the product to a sum: in convolutions, products of matrices
 * and attention, which is what the literature calls the FLOPs of a network. All else is left out.
 */
export function multiplyAdds(outputs: readonly Tensor[]): number {
  const met = new Set<Node>();
  const open = outputs.map(({ node }) => node);
  let total = 0;
  for (let node = open.pop(); node; node = open.pop()) {
    if (met.has(node)) continue;
    met.add(node);
    total += (counts.get(node.operation.name) ?? none)(node);
    for (const input of node.inputs) open.push(input.node);
  }
  return total;
}

// ---- below: internals ----

type Node = Tensor['node'];

const none = () => 0;

/** By the operation's name. Where several numbers are summed, each result has as many products. */
const counts: ReadonlyMap<string, (node: Node) => number> = new Map([
  ['convolution', ({ inputs: [, weight], outputs: [y] }) => sizeOf(y.shape) * sizeOf(weight.shape.slice(1))],
  ['convolutionTransposed', ({ inputs: [y, weight] }) => sizeOf(y.shape) * sizeOf(weight.shape.slice(1))],
  ['linear', ({ inputs: [, weight], outputs: [y] }) => sizeOf(y.shape) * weight.shape[1]],
  ['matmul', ({ inputs: [a], outputs: [y], attributes }) => sizeOf(y.shape) * innerOf(a, attributes)],
  ['attention', ({ inputs: [q, k, v] }) => k.shape[1] * (sizeOf(q.shape) + q.shape[1] * q.shape[0] * v.shape[2])],
]);

const innerOf = ({ shape }: Tensor, attributes: unknown): number =>
  shape[shape.length - ((attributes as { transposeA: boolean }).transposeA ? 2 : 1)];
