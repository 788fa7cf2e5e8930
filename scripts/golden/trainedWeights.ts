import { numbersOf, type TensorData } from 'onnxgrad';
import { AdamW } from 'onnxgrad/optim';
import { openTorch, StoredTensor } from 'onnxgrad/weights';
import { fileSource } from 'onnxgrad/weights/node';
import type { Tensors } from './compare.ts';

/**
 * The weights that a checkpoint must hold which was saved in the middle of training: those of the case after one step
 * of AdamW along the case's gradients, as its optimizer says. Undefined where it was not.
 *
 * @throws Error where it was saved after more than one step: the case has no gradients of the others
 */
export async function trainedWeights(path: string, weights: Tensors, outputs: Tensors): Promise<Tensors | undefined> {
  const source = await fileSource(path);
  try {
    const optimizer = entry((await openTorch(source)).root, 'optimizer');
    const state = entry(optimizer, 'state');
    if (!(state instanceof Map) || state.size === 0) return undefined;
    const [first] = [...state.values()].map((parameter) => entry(parameter, 'step'));
    const steps = first instanceof StoredTensor ? numbersOf(await first.read())[0] : Number(first);
    if (steps !== 1)
      throw new Error(`it was saved after ${steps} steps of training; the case has the gradients of one`);
    const [group] = entry(optimizer, 'param_groups') as unknown[];
    return stepped(weights, outputs, {
      learningRate: Number(entry(group, 'lr')),
      betas: (entry(group, 'betas') as unknown[]).map(Number) as [number, number],
      epsilon: Number(entry(group, 'eps')),
      weightDecay: Number(entry(group, 'weight_decay')),
    });
  } finally {
    await source.close?.();
  }
}

// ---- below: internals ----

const entry = (value: unknown, key: string): unknown => (value instanceof Map ? value.get(key) : undefined);

function stepped(weights: Tensors, outputs: Tensors, options: ConstructorParameters<typeof AdamW>[1]): Tensors {
  const trained = new Map<string, TensorData<'float32'>>();
  const gradients = new Map<string, Float32Array>();
  for (const [name, tensor] of weights) {
    const gradient = outputs.get(`grad.${name}`);
    if (!gradient) continue;
    trained.set(name, { ...tensor, dtype: 'float32', data: Float32Array.from(numbersOf(tensor)) });
    gradients.set(name, Float32Array.from(numbersOf(gradient)));
  }
  new AdamW(
    Array.from(trained, ([name, { shape, data }]) => ({ name, shape, data })),
    options,
  ).step(gradients);
  return new Map([...weights, ...trained]);
}
