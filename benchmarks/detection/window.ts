/**
 * VideoMAE-S on pictures of 160 pixels: the forward pass of one window of 16 frames, and the training step of adapters (TIA
 * and DSTA; gradients, clipping, AdamW) on a window of 96 frames, with all that the reverse pass needs kept, and with blocks
 * computed once more for it (as the official recipe and ours do, to save memory), beside PyTorch where a Python that has it is found
 * (`PYTHON`, else `python3`).
 *
 *   node benchmarks/detection/window.ts [--threads 2] [--repeats 6] [--rounds 2]
 */
import { compile, compileTraining, input, mean, multiply } from 'onnxgrad';
import { Initializer, parametersOf } from 'onnxgrad/nn';
import { AdamW, clipByGlobalNorm } from 'onnxgrad/optim';
import { type AdapterOptions, dstaReadings } from '../../packages/microaction/src/models/adapters/index.ts';
import { VideoMae, videoFeatures, videoMaeSizes } from '../../packages/microaction/src/models/backbones/index.ts';
import { seededRandom } from '../../packages/microaction/src/random.ts';
import { compareWithPyTorch, threads } from '../comparison.ts';

const sizePixels = 160;

const tia = { kind: 'tia' } as const;
const dsta = { kind: 'dsta', ...dstaReadings.wide } as const;
console.log(`VideoMAE-S, pictures of ${sizePixels} pixels, ${threads} threads`);
const jobs = {
  forward: await forward(16),
  tia: await adapterStep(96, tia),
  'tia recomputed': await adapterStep(96, tia, true),
  dsta: await adapterStep(96, dsta),
  'dsta recomputed': await adapterStep(96, dsta, true),
};
await compareWithPyTorch(jobs, new URL('window.py', import.meta.url));

// ---- below: internals ----

async function forward(frames: number) {
  const backbone = new VideoMae(videoMaeSizes.small, new Initializer(1));
  const window = pictures(frames);
  const program = await compile({ features: videoFeatures(backbone, frameInput(frames)) }, { threads });
  return () => program.run({ frames: window });
}

async function adapterStep(frames: number, adapter: AdapterOptions, rematerialise = false) {
  const backbone = new VideoMae({ ...videoMaeSizes.small, adapter }, new Initializer(1));
  backbone.freezeAllButAdapters();
  const parameters = parametersOf(backbone);
  const features = videoFeatures(backbone, frameInput(frames), { training: true, rematerialise });
  const program = await compileTraining(mean(multiply(features, features)), { threads });
  const optimizer = new AdamW(parameters, { learningRate: 1e-4 });
  const window = pictures(frames);
  return async () => {
    const { gradients } = await program.run({ frames: window });
    clipByGlobalNorm(gradients, 1);
    optimizer.step(gradients);
  };
}

function frameInput(frames: number) {
  return input('frames', [1, 3, frames, sizePixels, sizePixels], 'uint8');
}

function pictures(frames: number): Uint8Array {
  const random = seededRandom(1);
  return Uint8Array.from({ length: 3 * frames * sizePixels ** 2 }, () => random() * 256);
}
