import { compile, compileTraining, crossEntropy, input, softmax, type Tensor } from 'onnxgrad';
import { parametersOf, training } from 'onnxgrad/nn';
import { AdamW, warmupCosine } from 'onnxgrad/optim';
import type { MotionClassifier } from './model.ts';
import { frames, type Motions, makeMotions, randomNumbers } from './movements.ts';

export interface TrainOptions {
  readonly steps: number;
  /** What the tracks to learn from depend on. */
  readonly seed?: number;
  /** Where it runs: the processor unless told (`cpu` in Node, `wasm` in a browser). */
  readonly device?: 'cpu' | 'cuda' | 'wasm' | 'webgpu';
  readonly threads?: number;
}

export interface Progress {
  /** Counts from 1. */
  readonly step: number;
  /** Of this step's batch, in nats; ln 5 ≈ 1.61 is guessing. */
  readonly loss: number;
  /** What the model says of the tracks held out, every ten steps and at the end: [tracks, movements], rows sum to 1. */
  readonly shares?: Float32Array;
}

/** Tracks that a step learns from. */
export const batchSize = 64;

/** Trains a model in place, on new tracks at each step. To stop early leave the loop: the engine's memory is freed. */
export async function* train(
  model: MotionClassifier,
  heldOut: Motions,
  { steps, seed = 1, ...engine }: TrainOptions,
): AsyncGenerator<Progress> {
  const parameters = parametersOf(model);
  await using learner = await compileTraining(lossOf(model), { parameters, ...engine });
  await using judge = await compile({ shares: sharesOf(model, heldOut.labels.length) }, engine);

  const optimizer = new AdamW(parameters, { learningRate: 0.01 });
  const rate = warmupCosine({ warmupSteps: 10, totalSteps: Math.max(steps, 11) });
  const random = randomNumbers(seed);
  for (let step = 1; step <= steps; step++) {
    const { tracks, labels } = makeMotions(batchSize, random);
    const { loss, gradients } = await learner.run({ tracks, labels });
    optimizer.step(gradients, { learningRate: (base) => rate(step, base) });
    const isLookedAt = step % 10 === 0 || step === steps;
    const judged = isLookedAt ? await judge.run({ tracks: heldOut.tracks }) : null;
    yield { step, loss, ...(judged && { shares: judged.shares.data as Float32Array }) };
  }
}

/** How little the model expects the labels of a batch: the logarithm of the share that it gives to each, negated. */
export function lossOf(model: MotionClassifier): Tensor {
  const tracks = input('tracks', [batchSize, 2, frames]);
  const labels = input('labels', [batchSize], 'int64');
  return crossEntropy(model.apply(tracks, training), labels);
}

/** How sure the model is of each movement, for so many tracks: [count, movements], rows sum to 1. */
export function sharesOf(model: MotionClassifier, count: number): Tensor {
  return softmax(model.apply(input('tracks', [count, 2, frames])));
}
