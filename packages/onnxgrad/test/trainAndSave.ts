/**
 * Trains a small network on made numbers and saves all that training needs to go on.
 *
 *   node trainAndSave.ts [--from CHECKPOINT] --to STEP --save CHECKPOINT
 */
import { parseArgs } from 'node:util';
import { compileTraining, crossEntropy, dropout, input, mean, type TensorData, transpose } from 'onnxgrad';
import {
  BatchNorm,
  Convolution,
  Initializer,
  Linear,
  loadState,
  parametersOf,
  saveState,
  TransformerBlock,
  training,
} from 'onnxgrad/nn';
import { AdamW, clipByGlobalNorm, Ema, schedule } from 'onnxgrad/optim';
import { openWeights, saveWeights } from 'onnxgrad/weights/node';

const { values } = parseArgs({
  options: { from: { type: 'string' }, to: { type: 'string' }, save: { type: 'string' } },
});

const init = new Initializer(7);
const model = {
  conv: new Convolution({ inputs: 3, outputs: 16, kernel: [3], padding: 1 }, init),
  norm: new BatchNorm({ channels: 16 }, init),
  block: new TransformerBlock({ features: 16, heads: 2, dropPath: 0.2 }, init),
  head: new Linear({ inputs: 16, outputs: 4 }, init),
};
const parameters = parametersOf(model);
const optimizer = new AdamW(parameters, { learningRate: 3e-3, weightDecay: 0.05 });
const ema = new Ema(parameters, { decay: 0.9 });
const learningRate = schedule({ kind: 'warmupCosine', warmupSteps: 4, totalSteps: 12 });

const [x, labels] = [input('x', [8, 3, 20]), input('labels', [8], 'int64')];
const features = transpose(model.norm.apply(model.conv.apply(x), training), [0, 2, 1]);
const seen = dropout(mean(model.block.apply(features, training), 1), 0.3, { training: true, stream: 'head' });
await using program = await compileTraining(crossEntropy(model.head.apply(seen), labels), { threads: 2 });

if (values.from) {
  await using file = await openWeights(values.from);
  const saved = new Map(await file.readAll());
  program.runs = Number((saved.get('training.runs') as TensorData<'int64'>).data[0]);
  const part = (prefix: string) =>
    new Map(
      [...saved].flatMap(([name, tensor]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), tensor] as const] : [],
      ),
    );
  loadState(model, part('model.'));
  optimizer.load(part('optimizer.'));
  ema.load(part('ema.'));
}
for (let step = program.runs; step < Number(values.to); step++) {
  const batch = (salt: number, length: number) =>
    Array.from({ length }, (_, i) => Math.sin(salt + step * 31.7 + i * 1.3));
  const { gradients } = await program.run({
    x: batch(1, 480),
    labels: batch(2, 8).map((value) => Math.floor(2 + 1.99 * value)),
  });
  clipByGlobalNorm(gradients, 1);
  optimizer.step(gradients, { learningRate: (base) => learningRate(step, base) });
  ema.update();
}
const tensors = new Map<string, TensorData>([
  ...[...saveState(model)].map(([name, tensor]) => [`model.${name}`, tensor] as const),
  ...[...optimizer.state()].map(([name, tensor]) => [`optimizer.${name}`, tensor] as const),
  ...[...ema.state()].map(([name, tensor]) => [`ema.${name}`, tensor] as const),
  ['training.runs', { dtype: 'int64', shape: [1], data: BigInt64Array.of(BigInt(program.runs)) }],
]);
await saveWeights(values.save as string, tensors);
