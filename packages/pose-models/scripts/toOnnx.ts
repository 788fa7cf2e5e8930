import type { OnnxModel, OnnxNode, OnnxTensor, TensorData } from 'onnxgrad/onnx';
import type { TfGraph, TfNode } from './tfjsGraph.ts';

/** What to take from a graph. */
export interface Cut {
  readonly name: string;
  readonly doc: string;
  /** The node whose value becomes the input: [batch, channels, height, width]. */
  readonly input: { readonly name: string; readonly node: string; readonly shape: Shape };
  /** Name of each output and the node it comes from. What none of them needs is left out. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Channels, height, width. */
export type Shape = readonly [channels: number, height: number, width: number];

/**
 * A convolutional TensorFlow graph as an ONNX graph. All values turn from [batch, height, width, channels] to
 * [batch, channels, height, width], with any batch size; padding is worked out and folded into the
 * convolutions; weights stay float16 and are cast where they are used (a runtime folds that when it loads).
 */
export function toOnnx(graph: TfGraph, cut: Cut): OnnxModel {
  const nodes: OnnxNode[] = [];
  const initializers = new Map<string, OnnxTensor>();
  const values = new Map<string, Value>();
  values.set(cut.input.node, { name: cut.input.name, shape: cut.input.shape });

  const builder: Builder = {
    value: (name) => valueFrom(name),
    weight: (name) => {
      const weight = graph.weights.get(resolve(name));
      if (!weight) throw new Error(`${cut.name}: ${name} is not a weight.`);
      return weight;
    },
    constant({ dtype, shape, data }) {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      const key = `${dtype} ${shape} ${Buffer.from(bytes).toString('base64')}`;
      let tensor = initializers.get(key);
      if (!tensor) initializers.set(key, (tensor = { name: `c${initializers.size}`, dtype, shape, data }));
      return tensor.name;
    },
    half(shape, data) {
      const bits = new Uint16Array(data.buffer, data.byteOffset, data.length);
      const raw = builder.constant({ dtype: 'float16', shape, data: bits });
      const name = `${raw}_f32`;
      if (!nodes.some((node) => node.outputs[0] === name)) {
        nodes.push({ type: 'Cast', inputs: [raw], outputs: [name], attributes: { to: 1 } });
      }
      return name;
    },
    emit(op, inputs, shape, attributes) {
      const name = `v${nodes.length}`;
      nodes.push({ type: op, inputs, outputs: [name], attributes });
      return { name, shape };
    },
  };

  function resolve(name: string): string {
    const node = graph.nodes.get(name.replace(/:0$/, ''));
    if (!node) throw new Error(`${cut.name}: no node ${name}.`);
    return node.op === 'Identity' ? resolve(node.inputs[0]) : node.name;
  }

  function valueFrom(name: string): Value {
    const key = resolve(name);
    let value = values.get(key);
    if (!value) {
      const node = graph.nodes.get(key)!;
      const rule = rules[node.op];
      if (!rule) throw new Error(`${cut.name}: no rule for ${node.op} (${key}).`);
      values.set(key, (value = rule(builder, node)));
    }
    return value;
  }

  const outputs = Object.entries(cut.outputs).map(([name, node]) => {
    const value = valueFrom(node);
    nodes.push({ type: 'Identity', inputs: [value.name], outputs: [name] });
    return { name, dtype: 'float32' as const, shape: ['batch', ...value.shape] };
  });
  return {
    opset: 18,
    producer: 'microaction pose-models',
    name: cut.name,
    description: cut.doc,
    nodes,
    initializers: [...initializers.values()],
    inputs: [{ name: cut.input.name, dtype: 'float32', shape: ['batch', ...cut.input.shape] }],
    outputs,
  };
}

/** A value of the ONNX graph; `padding` is zeros that the next convolution adds: top, left, bottom, right. */
interface Value {
  readonly name: string;
  readonly shape: Shape;
  readonly padding?: Sides;
}
type Sides = readonly [top: number, left: number, bottom: number, right: number];

interface Builder {
  value(name: string): Value;
  weight(name: string): ReturnType<TfGraph['weights']['get']> & {};
  constant(tensor: TensorData): string;
  /** A float16 constant, cast to float32. */
  half(shape: readonly number[], data: Float16Array): string;
  emit(op: string, inputs: readonly string[], shape: Shape, attributes?: OnnxNode['attributes']): Value;
}

type Rule = (builder: Builder, node: TfNode) => Value;

const rules: Readonly<Record<string, Rule>> = {
  Conv2D: convolution(false),
  _FusedConv2D: convolution(false),
  DepthwiseConv2dNative: convolution(true),
  FusedDepthwiseConv2dNative: convolution(true),
  Relu: (b, node) => activation(b, 'Relu', b.value(node.inputs[0])),
  Relu6: (b, node) => activation(b, 'Relu6', b.value(node.inputs[0])),
  Sigmoid: (b, node) => activation(b, 'Sigmoid', b.value(node.inputs[0])),
  AddV2(b, node) {
    const [left, right] = node.inputs.map((name) => unpadded(b.value(name), node));
    return b.emit('Add', [left.name, right.name], left.shape);
  },
  Pad(b, node) {
    const value = unpadded(b.value(node.inputs[0]), node);
    const [batch0, batch1, top, bottom, left, right, channels0, channels1] = b.weight(node.inputs[1]).data;
    if (batch0 || batch1 || channels0 || channels1) throw new Error(`${node.name}: pads more than height and width.`);
    return { ...value, padding: [top, left, bottom, right] };
  },
  MaxPool(b, node) {
    const value = unpadded(b.value(node.inputs[0]), node);
    const kernel = integers(node, 'ksize').slice(1, 3);
    const strides = integers(node, 'strides').slice(1, 3);
    const pads = paddingOf(node, value.shape, kernel, strides);
    return b.emit('MaxPool', [value.name], slide(value.shape[0], value.shape, kernel, strides, pads), {
      kernel_shape: kernel,
      strides,
      pads,
    });
  },
  ResizeBilinear(b, node) {
    if (!node.attributes.half_pixel_centers?.b) throw new Error(`${node.name}: expected half_pixel_centers.`);
    const value = unpadded(b.value(node.inputs[0]), node);
    const [channels, height, width] = value.shape;
    const [newHeight, newWidth] = b.weight(node.inputs[1]).data;
    const scales = b.constant({
      dtype: 'float32',
      shape: [4],
      data: Float32Array.of(1, 1, newHeight / height, newWidth / width),
    });
    return b.emit('Resize', [value.name, '', scales], [channels, newHeight, newWidth], {
      mode: 'linear',
      coordinate_transformation_mode: 'half_pixel',
    });
  },
  DepthToSpace(b, node) {
    const value = unpadded(b.value(node.inputs[0]), node);
    const block = Number(node.attributes.block_size.i);
    const [channels, height, width] = value.shape;
    return b.emit('DepthToSpace', [value.name], [channels / block ** 2, height * block, width * block], {
      blocksize: block,
      mode: 'DCR',
    });
  },
};

function convolution(depthwise: boolean): Rule {
  return (b, node) => {
    const value = b.value(node.inputs[0]);
    const weight = b.weight(node.inputs[1]);
    if (weight.type !== 'float16') throw new Error(`${node.name}: expected float16 weights.`);
    if (integers(node, 'dilations').some((step) => step !== 1)) throw new Error(`${node.name}: dilated.`);
    const [height, width, inputs, multiple] = weight.shape;
    if (depthwise && multiple !== 1) throw new Error(`${node.name}: expected one filter a channel.`);
    const outputs = depthwise ? inputs : multiple;

    // [height, width, inputs, outputs] -> [outputs, inputs, height, width]; depthwise [channels, 1, height, width]
    const data = new Float16Array(weight.data.length);
    const rows = weight.data.length / outputs;
    for (let output = 0, to = 0; output < outputs; output++) {
      for (let input = 0; input < (depthwise ? 1 : inputs); input++) {
        for (let cell = 0; cell < height * width; cell++, to++) {
          data[to] = weight.data[(depthwise ? cell : cell * inputs + input) * outputs + output];
        }
      }
    }
    if (data.length !== rows * outputs) throw new Error(`${node.name}: odd number of weights.`);
    const shape = [outputs, depthwise ? 1 : inputs, height, width];

    const fused = (node.attributes.fused_ops?.list?.s ?? []).map(decode);
    const operands = [value.name, b.half(shape, data)];
    if (fused[0] === 'BiasAdd') {
      const bias = b.weight(node.inputs[2]);
      if (bias.type !== 'float16') throw new Error(`${node.name}: expected a float16 bias.`);
      operands.push(b.half(bias.shape, bias.data));
    }
    const strides = integers(node, 'strides').slice(1, 3);
    const pads = value.padding ?? paddingOf(node, value.shape, [height, width], strides);
    const result = b.emit('Conv', operands, slide(outputs, value.shape, [height, width], strides, pads), {
      kernel_shape: [height, width],
      strides,
      pads,
      group: depthwise ? outputs : 1,
    });
    const last = fused.at(-1);
    return last && last !== 'BiasAdd' ? activation(b, last, result) : result;
  };
}

function activation(b: Builder, name: string, value: Value): Value {
  if (name === 'Relu' || name === 'Sigmoid') return b.emit(name, [value.name], value.shape);
  if (name !== 'Relu6') throw new Error(`No rule for the activation ${name}.`);
  const [low, high] = [0, 6].map((bound) => b.constant({ dtype: 'float32', shape: [], data: Float32Array.of(bound) }));
  return b.emit('Clip', [value.name, low, high], value.shape);
}

/** TensorFlow pads so that the output has ceil(size / stride) cells; an odd cell goes to the end. */
function paddingOf(node: TfNode, [, height, width]: Shape, kernel: readonly number[], strides: readonly number[]) {
  if (decode(node.attributes.padding.s!) === 'VALID') return [0, 0, 0, 0] as const;
  const [rows, columns] = [height, width].map((size, axis) =>
    Math.max(0, (Math.ceil(size / strides[axis]) - 1) * strides[axis] + kernel[axis] - size),
  );
  return [rows >> 1, columns >> 1, rows - (rows >> 1), columns - (columns >> 1)] as const;
}

/** Shape after a window has slid over a value. */
function slide(
  channels: number,
  [, height, width]: Shape,
  kernel: readonly number[],
  strides: readonly number[],
  [top, left, bottom, right]: Sides,
): Shape {
  return [
    channels,
    Math.floor((height + top + bottom - kernel[0]) / strides[0]) + 1,
    Math.floor((width + left + right - kernel[1]) / strides[1]) + 1,
  ];
}

function unpadded(value: Value, node: TfNode): Value {
  if (value.padding) throw new Error(`${node.name}: its input is padded, and it is no convolution.`);
  return value;
}

function integers(node: TfNode, attribute: string): number[] {
  return (node.attributes[attribute]?.list?.i ?? []).map(Number);
}

function decode(base64: string): string {
  return Buffer.from(base64, 'base64').toString('latin1');
}
