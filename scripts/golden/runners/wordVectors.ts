import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { numbersOf, type TensorData } from 'onnxgrad';
import { readNpy } from 'onnxgrad/weights';
import { names, type Runner } from './runner.ts';

/** A matrix of word vectors as NumPy wrote it, beside its copy as safetensors and the lengths of its rows. */
export const wordVectors: Runner = {
  recognises: (json) => names(json, 'source', /\.npy$/) && json.has('row_norms'),
  run: async ({ folder, json, inputs }) => {
    const file = readdirSync(folder).find((name) => name.endsWith('.npy'));
    if (!file) throw new Error('the folder lacks its .npy file');
    const vectors = readNpy(readFileSync(join(folder, file)), file);
    return {
      computed: new Map([
        ['word_vectors', vectors],
        ['row_norms', rowNorms(vectors)],
      ]),
      expected: new Map([...inputs, ['row_norms', list(json.numbers('row_norms'))]]),
      tolerance: json.raw('tolerance') ?? '1e-6 relative',
    };
  },
};

// ---- below: internals ----

function rowNorms(matrix: TensorData): TensorData {
  const [rows, columns] = matrix.shape;
  const values = numbersOf(matrix);
  return list(
    Array.from({ length: rows }, (_, row) => Math.hypot(...values.subarray(row * columns, (row + 1) * columns))),
  );
}

const list = (values: readonly number[]): TensorData => ({
  dtype: 'float64',
  shape: [values.length],
  data: Float64Array.from(values),
});
