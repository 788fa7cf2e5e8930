import fc from 'fast-check';
import { compile, input } from 'onnxgrad';
import { Initializer } from 'onnxgrad/nn';
import { describe, expect, it } from 'vitest';
import { TimeConvolution } from './timeConvolution.ts';

const wave = (length: number, step: number) => Float32Array.from({ length }, (_, i) => Math.sin(1 + i * step));

describe('TimeConvolution', () => {
  it('sums what each window reads, as conv1d does, whatever the kernel, the stride and the length', async () => {
    const shape = fc.record({
      steps: fc.integer({ min: 1, max: 9 }),
      kernel: fc.constantFrom(1, 3, 5),
      stride: fc.constantFrom(1, 2, 3),
      depthwise: fc.boolean(),
    });
    const property = fc.asyncProperty(shape, async ({ steps, kernel, stride, depthwise }) => {
      const [batch, inputs, outputs] = [2, 3, depthwise ? 3 : 4];
      const layer = new TimeConvolution({ inputs, outputs, kernel, stride, depthwise }, new Initializer(1));
      const bias = layer.bias!.data;
      bias.set(wave(outputs, 0.3));
      const x = wave(batch * steps * inputs, 0.7);
      await using program = await compile({ y: layer.apply(input('x', [batch, steps, inputs])) }, { threads: 1 });
      const { y } = await program.run({ x });
      const count = Math.ceil(steps / stride);
      expect(y.shape).toEqual([batch, count, outputs]);
      for (const [at, value] of (y.data as Float32Array).entries()) {
        const [b, i, o] = [Math.floor(at / outputs / count), Math.floor(at / outputs) % count, at % outputs];
        let sum = bias[o];
        for (let k = 0; k < kernel; k++) {
          const t = i * stride + k - (kernel - 1) / 2;
          if (t < 0 || t >= steps) continue;
          for (let c = 0; c < inputs; c++) {
            const weight = depthwise ? (c === o ? o * kernel + k : -1) : (o * inputs + c) * kernel + k;
            if (weight >= 0) sum += layer.weight.data[weight] * x[(b * steps + t) * inputs + c];
          }
        }
        expect(value).toBeCloseTo(sum, 5);
      }
    });
    await fc.assert(property, { seed: 3, numRuns: 25 });
  });

  it('refuses what has no middle, and depthwise convolutions that change the number of channels', () => {
    const init = new Initializer(null);
    expect(() => new TimeConvolution({ inputs: 2, outputs: 2, kernel: 4 }, init)).toThrow(
      'TimeConvolution: kernel is 4; expected an odd number from 1 up',
    );
    expect(() => new TimeConvolution({ inputs: 2, outputs: 4, depthwise: true }, init)).toThrow('from 2 to 4 channels');
  });
});
