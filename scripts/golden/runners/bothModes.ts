import type { Tensor, TensorData } from 'onnxgrad';
import { inference, type Mode, saveState, training } from 'onnxgrad/nn';
import type { GoldenCase } from '../goldenCase.ts';
import { evaluate } from './evaluate.ts';
import type { Results } from './runner.ts';

/** What a case is computed by in one mode: a model with the case's weights, and tensors by the names of the outputs. */
export interface Subject {
  readonly model: object;
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/**
 * Runs a case whose outputs are of evaluation (`eval.NAME`) and of training (`train.NAME`), and what the running statistics are
 * after one pass (`train.after.NAME`).
 *
 * @param make - called for each mode with the outputs of that mode, by NAME
 */
export async function inBothModes(
  golden: GoldenCase,
  make: (part: GoldenCase, mode: Mode) => Subject,
): Promise<Results> {
  const computed = new Map<string, TensorData>();
  for (const [prefix, mode] of Object.entries({ eval: inference, train: training })) {
    const outputs = new Map(
      [...golden.outputs].flatMap(([name, tensor]) =>
        name.startsWith(`${prefix}.`) ? [[name.slice(prefix.length + 1), tensor] as const] : [],
      ),
    );
    const part = { ...golden, outputs };
    const { model, tensors } = make(part, mode);
    for (const [name, tensor] of await evaluate(part, tensors)) computed.set(`${prefix}.${name}`, tensor);
    for (const [name, tensor] of saveState(model)) computed.set(`${prefix}.after.${name}`, tensor);
  }
  // How many batches were seen is in checkpoints for others; nothing here counts or reads it.
  const expected = new Map([...golden.outputs].filter(([name]) => !name.endsWith('.num_batches_tracked')));
  return { computed, expected };
}
