import { compileTraining } from 'onnxgrad';
import { parametersOf } from 'onnxgrad/nn';
import { Sgd } from 'onnxgrad/optim';
import { MotionClassifier } from '../../examples/classifier/model.ts';
import { makeMotions, randomNumbers } from '../../examples/classifier/movements.ts';
import { batchSize, lossOf, type TrainOptions } from '../../examples/classifier/train.ts';

export interface FirstSteps {
  readonly losses: readonly number[];
  /** Of the first step, by parameter. */
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

/** The first steps of training the example's model, by plain gradient descent, so that devices can be compared. */
export async function firstSteps({ steps, ...engine }: TrainOptions): Promise<FirstSteps> {
  const model = new MotionClassifier(7);
  const parameters = parametersOf(model);
  await using program = await compileTraining(lossOf(model), { parameters, ...engine });
  const optimizer = new Sgd(parameters, { learningRate: 0.1 });
  const random = randomNumbers(7);
  const losses: number[] = [];
  let first: FirstSteps['gradients'] | undefined;
  for (let step = 0; step < steps; step++) {
    const { loss, gradients } = await program.run({ ...makeMotions(batchSize, random) });
    first ??= Object.fromEntries(Array.from(gradients, ([name, values]) => [name, [...values]]));
    losses.push(loss);
    optimizer.step(gradients);
  }
  return { losses, gradients: first ?? {} };
}
