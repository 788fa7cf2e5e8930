/** What tests ask a page to do, by name: bundled, loaded as the page's script. */
import { compile, input, multiply, RuntimeError } from 'onnxgrad';
import { MotionClassifier } from '../../examples/classifier/model.ts';
import { makeMotions, randomNumbers } from '../../examples/classifier/movements.ts';
import { type TrainOptions, train } from '../../examples/classifier/train.ts';
import { accuracy } from '../../examples/classifier/verdicts.ts';
import { firstSteps } from './firstSteps.ts';

export const inPage = {
  firstSteps,

  /** Trains from the start to the end. Gives all losses, and the part of 200 tracks held out that are told right. */
  async learn(options: TrainOptions): Promise<{ losses: number[]; accuracy: number }> {
    const heldOut = makeMotions(200, randomNumbers(2));
    const losses: number[] = [];
    let told = Number.NaN;
    for await (const { loss, shares } of train(new MotionClassifier(1), heldOut, options)) {
      losses.push(loss);
      if (shares) told = accuracy(shares, heldOut);
    }
    return { losses, accuracy: told };
  },

  /** The error of compiling for a device. */
  async refusal(device: TrainOptions['device']): Promise<{ code: string; message: string } | null> {
    try {
      await using _ = await compile({ y: multiply(input('x', [1]), 2) }, { device });
      return null;
    } catch (error) {
      return error instanceof RuntimeError ? { code: error.code, message: error.message } : Promise.reject(error);
    }
  },

  /** What a program says that was disposed twice and is run again. */
  async runDisposed(): Promise<{ before: number[]; after: string }> {
    const program = await compile({ y: multiply(input('x', [2]), 2) });
    const { y } = await program.run({ x: [1, 2] });
    await program.dispose();
    await program.dispose();
    const after = await program.run({ x: [1, 2] }).then(
      () => 'ran',
      (error: Error) => error.message,
    );
    return { before: [...(y.data as Float32Array)], after };
  },
};

Object.assign(globalThis, { inPage });
