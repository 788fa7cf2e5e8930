/**
 * MANet at its official size, 8 frames of 224 × 224 pixels: the forward pass of one clip, and the training step of one
 * and of two (both losses, gradients of all weights, norms by the batch, clipping, SGD with momentum), beside PyTorch where a
 * Python that has it is found (`PYTHON`, else `python3`).
 *
 *   node benchmarks/recognition/manet.ts [--threads 2] [--repeats 6] [--rounds 2]
 */
import { add, compile, compileTraining, constant, input, multiply } from 'onnxgrad';
import { freeze, Initializer, parametersOf, training } from 'onnxgrad/nn';
import { clipByGlobalNorm, Sgd } from 'onnxgrad/optim';
import { classificationLoss, embeddingLoss } from '../../packages/microaction/src/models/heads/index.ts';
import { FrameRecogniser, substituteLabelVectors } from '../../packages/microaction/src/models/recognition/index.ts';
import { seededRandom } from '../../packages/microaction/src/random.ts';
import { microActions52 } from '../../packages/microaction/src/taxonomy/microActions52.ts';
import { tsmGroups } from '../../packages/microaction/src/training/recognition/tsmGroups.ts';
import { compareWithPyTorch, threads } from '../comparison.ts';

const [frames, sizePixels] = [8, 224];
const labels = microActions52.actions.map(({ name }) => name);

console.log(`MANet, ${frames} frames of ${sizePixels} pixels, ${threads} threads`);
const jobs = { forward: await forward(), 'step of 1': await step(1), 'step of 2': await step(2) };
await compareWithPyTorch(jobs, new URL('manet.py', import.meta.url));

// ---- below: internals ----

async function forward() {
  const model = newModel();
  freeze(model); // as whatever uses a trained model does: weights become part of the program, norms part of convolutions
  const { logits } = model.recognise(clipInput(1));
  const program = await compile({ logits }, { threads });
  const clips = pictures(1);
  return () => program.run({ clips });
}

async function step(batch: number) {
  const model = newModel();
  const { logits, embedding } = model.recognise(clipInput(batch), training);
  if (!embedding) throw new Error('MANet has no embedding');
  const targets = input('targets', [batch, labels.length]);
  const vectors = substituteLabelVectors(labels);
  const meaning = embeddingLoss(embedding, targets, constant(vectors.data as Float32Array, { shape: vectors.shape }));
  const loss = add(classificationLoss(logits, targets), multiply(meaning, 50));
  const program = await compileTraining(loss, { threads });
  const sgd = { learningRate: 0.00125, momentum: 0.9, weightDecay: 1e-4, groups: tsmGroups(model) };
  const optimizer = new Sgd(parametersOf(model), sgd);
  const feeds = {
    clips: pictures(batch),
    targets: Float32Array.from({ length: batch * labels.length }, (_, i) => (i % labels.length === 3 ? 1 : 0)),
  };
  return async () => {
    const { gradients } = await program.run(feeds);
    clipByGlobalNorm(gradients, 20);
    optimizer.step(gradients);
  };
}

function newModel(): FrameRecogniser {
  return new FrameRecogniser({ kind: 'manet', classes: labels.length }, new Initializer(1));
}

function clipInput(batch: number) {
  return input('clips', [batch, 3, frames, sizePixels, sizePixels], 'uint8');
}

function pictures(batch: number): Uint8Array {
  const random = seededRandom(1);
  return Uint8Array.from({ length: batch * 3 * frames * sizePixels ** 2 }, () => random() * 256);
}
