import { numbersOf, type TensorData } from 'onnxgrad';

/** Whether names are those that Hugging Face's transformers give a VideoMAE. */
export const isHuggingFaceVideoMae = (names: Iterable<string>): boolean =>
  [...names].some((name) => /(^|\.)encoder\.layer\.\d+\.attention\.attention\./.test(name));

/**
 * Weights of VideoMAE as Hugging Face's transformers name them, by the names of VideoMAE itself: queries, keys and values
 * become one product, and what belongs to the decoder or to nothing here is left out.
 */
export function fromHuggingFace(tensors: ReadonlyMap<string, TensorData>): Map<string, TensorData> {
  const renamed = new Map<string, TensorData>();
  for (const [name, tensor] of tensors) {
    const own = name.replace(/^videomae\./, '');
    if (/^(decoder|encoder_to_decoder|mask_token|layernorm|embeddings\.position)/.test(own)) continue;
    const query = /^encoder\.layer\.(\d+)\.attention\.attention\.query\.weight$/.exec(own);
    if (query) {
      const rows = ['query', 'key', 'value'].map((part) => tensors.get(name.replace('query', part)) ?? tensor);
      renamed.set(`blocks.${query[1]}.attn.qkv.weight`, joinedRows(rows));
    } else if (!/\.attention\.attention\.(key|value)\.weight$/.test(own)) {
      renamed.set(
        names.reduce((text, [from, to]) => text.replace(from, to), own),
        tensor,
      );
    }
  }
  return renamed;
}

// ---- below: internals ----

const names: readonly (readonly [RegExp, string])[] = [
  [/^embeddings\.patch_embeddings\.projection\./, 'patch_embed.proj.'],
  [/^encoder\.layer\.(\d+)\./, 'blocks.$1.'],
  [/\.attention\.attention\.(q_bias|v_bias)$/, '.attn.$1'],
  [/\.attention\.output\.dense\./, '.attn.proj.'],
  [/\.layernorm_before\./, '.norm1.'],
  [/\.layernorm_after\./, '.norm2.'],
  [/\.intermediate\.dense\./, '.mlp.fc1.'],
  [/(blocks\.\d+)\.output\.dense\./, '$1.mlp.fc2.'],
  [/^classifier\./, 'head.'],
];

/** Matrices of equally many columns, one below the other. */
function joinedRows(parts: readonly TensorData[]): TensorData {
  const arrays = parts.map(numbersOf);
  const data = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    data.set(array, at);
    at += array.length;
  }
  const rows = parts.reduce((sum, { shape }) => sum + shape[0], 0);
  return { dtype: 'float32', shape: [rows, ...parts[0].shape.slice(1)], data };
}
