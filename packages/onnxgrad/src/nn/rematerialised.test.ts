import { expect, it } from 'vitest';
import { grad } from '../grad/grad.ts';
import { input, type Tensor } from '../graph/tensor.ts';
import { nodesBehind } from '../graph/walk.ts';
import { sum } from '../ops/reduce.ts';
import { Initializer, parametersOf, TransformerBlock } from './index.ts';

it('computes a rematerialised transformer block once more, but not its attention', () => {
  const init = new Initializer(1);
  const blocks = [1, 2].map(() => new TransformerBlock({ features: 8, heads: 2 }, init));
  const counted = (rematerialise: boolean) => {
    let y: Tensor = input('x', [2, 5, 8]);
    for (const block of blocks) y = block.apply(y, { training: true, rematerialise });
    const loss = sum(y);
    const nodes = nodesBehind([loss, ...grad(loss, parametersOf(blocks))]);
    return (name: string) => nodes.filter(({ operation }) => operation.name === name).length;
  };
  const [kept, again] = [counted(false), counted(true)];
  expect([kept('attention'), again('attention')]).toEqual([2, 2]);
  expect([kept('gelu'), again('gelu')]).toEqual([2, 4]);
});
