import { type OnnxNode, type OnnxTensor, onnxBytes } from '../../packages/onnxgrad/src/runtime/onnxFile.ts';

export interface VitSize {
  readonly batch: number;
  readonly tokens: number;
  readonly width: number;
  readonly heads: number;
  readonly depth: number;
}

/** The forward pass as one would write it for ONNX Runtime by hand: its fused attention, GELU and layer norm. */
export function handWritten(
  { batch, tokens, width, heads, depth }: VitSize,
  random: (length: number, size: number) => Float32Array,
): Uint8Array {
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const weight = (shape: readonly number[], data: Float32Array) => {
    const name = `w${initializers.length}`;
    initializers.push({ name, dtype: 'float32', shape, data });
    return name;
  };
  const node = (type: string, inputs: string[], attributes: OnnxNode['attributes'] = {}, domain = '', outputs = 1) => {
    const names = Array.from({ length: outputs }, (_, i) => `n${nodes.length}.${i}`);
    nodes.push({ type, inputs, outputs: names, attributes, domain });
    return names;
  };
  const affine = (x: string, inputs: number, outputs: number) => {
    const [product] = node('MatMul', [x, weight([inputs, outputs], random(inputs * outputs, 1 / Math.sqrt(inputs)))]);
    return node('Add', [product, weight([outputs], random(outputs, 0.02))])[0];
  };
  const norm = (x: string) =>
    node(
      'LayerNormalization',
      [x, weight([width], new Float32Array(width).fill(1)), weight([width], new Float32Array(width))],
      { axis: -1, epsilon: { float: 1e-6 } },
    )[0];
  let x = 'x';
  for (let i = 0; i < depth; i++) {
    const qkv = node('Split', [affine(norm(x), width, 3 * width)], { axis: 2, num_outputs: 3 }, '', 3);
    const [mixed] = node('MultiHeadAttention', qkv, { num_heads: heads }, 'com.microsoft');
    [x] = node('Add', [x, affine(mixed, width, width)]);
    const [inner] = node('Gelu', [affine(norm(x), width, 4 * width)]);
    [x] = node('Add', [x, affine(inner, 4 * width, width)]);
  }
  nodes.push({ type: 'Identity', inputs: [x], outputs: ['y'] });
  const shape = [batch, tokens, width];
  return onnxBytes({
    opset: 20,
    domains: { 'com.microsoft': 1 },
    producer: 'by hand',
    name: 'ViT',
    nodes,
    initializers,
    inputs: [{ name: 'x', dtype: 'float32', shape }],
    outputs: [{ name: 'y', dtype: 'float32', shape }],
  });
}
