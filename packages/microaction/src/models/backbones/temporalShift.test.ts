import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile, input, type Tensor } from 'onnxgrad';
import { Initializer, stateOf } from 'onnxgrad/nn';
import { describe, expect, it } from 'vitest';
import { checkCase } from '../../../../../scripts/golden/checkCase.ts';
import { isGradient } from '../../../../../scripts/golden/tolerance.ts';
import { Bottleneck, ShiftedConvolution } from './index.ts';

const golden = new URL('../../../../../../shared/golden/recognition/', import.meta.url);
const blocks = ['manet', 'tsm'].flatMap((kind) => [`bottleneck_${kind}_down`, `bottleneck_${kind}_identity`]);

describe.skipIf(!existsSync(golden))(
  'the blocks of MANet beside the official code (skipped without shared/golden)',
  () => {
    it.each(['se_block', 'se_temporal_shift', ...blocks])('%s: forward to 1e-5, gradients to 1e-4', async (name) => {
      const [{ status, reason, comparisons }] = await checkCase(fileURLToPath(new URL(name, golden)));
      expect({ status, reason }).toEqual({ status: 'pass', reason: undefined });
      expect(comparisons.length).toBeGreaterThan(5);
      for (const { tensor, relative } of comparisons) {
        expect(relative, tensor).toBeLessThanOrEqual(isGradient(tensor) ? 1e-4 : 1e-5);
      }
    });
  },
);

describe('ShiftedConvolution', () => {
  it('takes some channels from the frame after and as many from the one before, within a clip', async () => {
    const layer = new ShiftedConvolution({ inputs: 4, outputs: 4, segments: 3, foldDivisor: 4 }, new Initializer(1));
    for (let i = 0; i < 16; i++) layer.net.weight.data[i] = i % 5 === 0 ? 1 : 0; // as it is
    // Two clips of three frames, one pixel: number f in every channel of frame f.
    const frames = Float32Array.from({ length: 24 }, (_, i) => 1 + Math.floor(i / 4));
    const y = await run((x) => layer.apply(x), [6, 4, 1, 1], frames);
    expect(y.filter((_, i) => i % 4 === 0)).toEqual([2, 3, 0, 5, 6, 0]);
    expect(y.filter((_, i) => i % 4 === 1)).toEqual([0, 1, 2, 0, 4, 5]);
    expect(y.filter((_, i) => i % 4 > 1)).toEqual([1, 2, 3, 4, 5, 6].flatMap((frame) => [frame, frame]));
  });
});

describe('Bottleneck', () => {
  it.each([
    ['of the same shape', { inputs: 8, planes: 2 }, [4, 8, 6, 5], false],
    ['that widens', { inputs: 4, planes: 2 }, [4, 8, 6, 5], true],
    ['that halves', { inputs: 8, planes: 2, stride: 2 }, [4, 8, 3, 3], true],
  ])('%s convolves the residual only where it must', (_, options, shape, isConvolved) => {
    const block = new Bottleneck(options, new Initializer(null));
    expect(block.apply(input('x', [4, options.inputs, 6, 5])).shape).toEqual(shape);
    expect(stateOf(block).has('downsample.conv.weight')).toBe(isConvolved);
    expect([...stateOf(block).keys()].slice(0, 2)).toEqual(['conv1.conv.weight', 'conv1.bn.weight']);
  });
});

async function run(build: (x: Tensor) => Tensor, shape: readonly number[], values: Float32Array): Promise<number[]> {
  await using program = await compile({ y: build(input('x', shape)) }, { threads: 1 });
  return Array.from((await program.run({ x: values })).y.data as Float32Array);
}
