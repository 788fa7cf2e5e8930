/**
 * Trains a small model for 1,000 steps and prints the resident memory on the way: it should not grow.
 *
 *   node benchmarks/onnxgrad/leak.ts [STEPS]
 */
import { compileTraining, crossEntropy, input } from 'onnxgrad';
import { Initializer, Mlp, parametersOf } from 'onnxgrad/nn';
import { AdamW } from 'onnxgrad/optim';

const steps = Number(process.argv[2] ?? 1000);
const model = new Mlp({ inputs: 256, hidden: 1024, outputs: 16 }, new Initializer(1));
const parameters = parametersOf(model);
const optimizer = new AdamW(parameters, { learningRate: 1e-3 });
const loss = crossEntropy(model.apply(input('x', [64, 256])), input('labels', [64], 'int64'));
await using program = await compileTraining(loss, { threads: 2 });

const residentMegabytes: number[] = [];
for (let step = 1; step <= steps; step++) {
  const x = Float32Array.from({ length: 64 * 256 }, (_, i) => Math.sin(i * step));
  const labels = Array.from({ length: 64 }, (_, i) => (i * step) % 16);
  const { gradients } = await program.run({ x, labels });
  optimizer.step(gradients);
  if (step % (steps / 10) === 0) residentMegabytes.push(process.memoryUsage.rss() / 2 ** 20);
}
console.log(
  `resident memory every ${steps / 10} steps: ${residentMegabytes.map((size) => size.toFixed(0)).join(' ')} MB`,
);
const [first] = residentMegabytes;
const last = residentMegabytes[residentMegabytes.length - 1];
console.log(`after ${steps} steps ${(last / first).toFixed(3)} of that after ${steps / 10}`);
