import type { Tensor } from '../graph/tensor.ts';
import { isFloat, numbersOf, shown } from '../graph/tensorData.ts';
import { nodesBehind } from '../graph/walk.ts';
import { multiply } from '../ops/elementwise.ts';
import { sum } from '../ops/reduce.ts';
import { type CompileOptions, compile } from './program.ts';
import type { Feeds } from './session.ts';

/**
 * Which value behind `outputs` is the first, in order of computation, that holds something that is not a finite number:
 * its operation, path and shape. Computes everything once more, on the same device and in the same precision, and keeps
 * nothing but one number a value; for finding faults, not for speed.
 */
export async function firstNotFinite(
  outputs: Readonly<Record<string, Tensor>>,
  feeds: Feeds,
  options: CompileOptions = {},
): Promise<string> {
  const values = nodesBehind(Object.values(outputs)).flatMap((node) =>
    node.outputs.filter(({ dtype }) => isFloat(dtype)),
  );
  // Zero times anything finite sums to zero.
  const sums = Object.fromEntries(values.map((tensor, i) => [`value ${i}`, sum(multiply(tensor, 0))]));
  await using program = await compile(sums, { ...options, updateBuffers: false, optimize: false });
  const results = await program.run(
    Object.fromEntries(Object.entries(feeds).filter(([name]) => program.inputs.has(name))),
  );
  const found = values.find((_, i) => numbersOf(results[`value ${i}`])[0] !== 0);
  return found ? described(found) : 'none, when computed once more';
}

function described({ node, shape }: Tensor): string {
  const what = 'name' in node.outputs[0] ? `${node.operation.name} ${node.outputs[0].name}` : node.operation.name;
  return `${node.path ? `${node.path}/` : ''}${what} ${shown(shape)}`;
}
