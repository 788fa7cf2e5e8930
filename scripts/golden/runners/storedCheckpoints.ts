import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TensorData } from 'onnxgrad';
import { readSafetensors } from 'onnxgrad/weights';
import { readCheckpoint } from '../checkpoints.ts';
import type { Runner } from './runner.ts';

/** Checkpoints by themselves, which hold the weights of another case, the first all of them and the others some. */
export const storedCheckpoints: Runner = {
  recognises: (json) => Array.isArray(json.raw('files')) && json.has('n_tensors'),
  run: async ({ folder, json }) => {
    const path = /\S*weights\.safetensors/.exec(json.text('what'))?.[0];
    if (!path) throw new Error('case.json: what names no weights.safetensors to compare with');
    if (!existsSync(join(folder, path))) throw new Error(`${path}, which the checkpoints repeat, is missing`);
    const weights = readSafetensors(readFileSync(join(folder, path)), path).tensors;
    const [computed, expected] = [new Map<string, TensorData>(), new Map<string, TensorData>()];
    for (const [position, file] of json.texts('files').entries()) {
      const results = await readCheckpoint(
        folder,
        file,
        { weights, outputs: new Map() },
        { mayLack: position === 0 ? undefined : /./ },
      );
      for (const [name, tensor] of results.computed) computed.set(`${file}: ${name}`, tensor);
      for (const [name, tensor] of results.expected ?? []) expected.set(`${file}: ${name}`, tensor);
      const count = results.computed.size;
      if (position === 0 && count !== json.number('n_tensors')) {
        throw new Error(`${file} holds ${count} tensors; case.json says ${json.number('n_tensors')}`);
      }
    }
    return { computed, expected, tolerance: 'exact' };
  },
};
