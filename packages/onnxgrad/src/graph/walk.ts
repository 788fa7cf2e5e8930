import type { Node, Tensor } from './tensor.ts';

/** The nodes that tensors lead back to, in order of execution; `stop` nodes and what is only behind them left out. */
export function nodesBehind(
  tensors: Iterable<Tensor>,
  stop: (node: Node) => boolean = () => false,
  inputsOf: (node: Node) => readonly Tensor[] = ({ inputs }) => inputs,
): Node[] {
  const found = new Set<Node>();
  const open: Node[] = [];
  const visit = ({ node }: Tensor) => {
    if (found.has(node) || stop(node)) return;
    found.add(node);
    open.push(node);
  };
  for (const tensor of tensors) visit(tensor);
  for (let node = open.pop(); node; node = open.pop()) inputsOf(node).forEach(visit);
  return [...found].sort((a, b) => a.id - b.id);
}
