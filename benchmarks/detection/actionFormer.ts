/**
 * ActionFormer as AdaTAD has it (384 features in, 52 classes, 3 convolutions, 6 levels, attention to all steps) on windows
 * of 768 steps, batch 2: the forward pass and the training step (assignment, gradients, clipping, AdamW), beside PyTorch
 * where a Python that has it is found (`PYTHON`, else `python3`).
 *
 *   node benchmarks/detection/actionFormer.ts [--threads 2] [--repeats 6] [--rounds 2]
 */
import { compile, compileTraining, input } from 'onnxgrad';
import { countParameters, Initializer, parametersOf, training } from 'onnxgrad/nn';
import { AdamW, clipByGlobalNorm } from 'onnxgrad/optim';
import { ActionFormer } from '../../packages/microaction/src/models/detection/index.ts';
import type { Truth } from '../../packages/microaction/src/models/heads/index.ts';
import { seededRandom } from '../../packages/microaction/src/random.ts';
import { compareWithPyTorch, threads } from '../comparison.ts';

const [batch, steps, inputs, classes] = [2, 768, 384, 52];

const random = seededRandom(1);
const features = Float32Array.from({ length: batch * inputs * steps }, () => random() * 2 - 1);
const mask = new Float32Array(batch * steps).fill(1).fill(0, steps + 600);
const windows = Array.from({ length: batch }, (): Truth => {
  const starts = Float32Array.from({ length: 20 }, () => random() * 500);
  return {
    starts,
    ends: starts.map((start) => start + 2 + random() * 60),
    classes: new Int32Array(20).map((_, i) => i),
  };
});

const model = new ActionFormer(
  { inputs, classes, convolutions: 3, stemBlocks: 0, window: null, maxSteps: steps },
  new Initializer(1),
);
console.log(`${countParameters(model).total} parameters, ${batch} x ${steps} steps, ${threads} threads`);
await compareWithPyTorch(await programs(), new URL('actionFormer.py', import.meta.url));

// ---- below: internals ----

async function programs() {
  const [x, valid] = [input('features', [batch, inputs, steps]), input('mask', [batch, steps])];
  const proposing = await compile({ ...model.propose(x, valid) }, { threads });
  const losses = model.losses(x, valid, model.targetInputs(batch, steps), training);
  const outputs = { normaliser: losses.normaliser };
  const program = await compileTraining(losses.total, { outputs, threads });
  const optimizer = new AdamW(parametersOf(model), { learningRate: 1e-4 });
  return {
    forward: () => proposing.run({ features, mask }),
    training: async () => {
      const { gradients, outputs } = await program.run({ features, mask, ...model.assign(windows, steps) });
      model.remember(outputs.normaliser);
      clipByGlobalNorm(gradients, 1);
      optimizer.step(gradients);
    },
  };
}
