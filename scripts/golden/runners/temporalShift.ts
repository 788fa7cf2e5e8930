import { mean, type Tensor, type TensorData, temporalShift } from 'onnxgrad';
import { Initializer, inference, loadState, type Mode, saveState, training } from 'onnxgrad/nn';
import {
  Bottleneck,
  ShiftedConvolution,
  SqueezeExcitation,
  unusedWeights,
} from '../../../packages/microaction/src/models/backbones/index.ts';
import type { Tensors } from '../compare.ts';
import type { GoldenCase } from '../goldenCase.ts';
import { evaluate, gradientsOf, inputsOf, weighed } from './evaluate.ts';
import { names, type Runner, tensorIn } from './runner.ts';

/** The gate of MANet by itself. */
export const excitation: Runner = {
  recognises: (json) => names(json, 'what', /^squeeze-and-excitation alone/i),
  run: async (golden) => {
    const hyper = golden.json.fields('hyper');
    const options = { channels: hyper.number('channels'), reduction: hyper.number('reduction', 4) };
    const model = { fcce: new SqueezeExcitation(options, new Initializer(null)) };
    loadState(model, golden.weights);
    const { x, proj } = given(golden);
    const out = model.fcce.apply(x);
    const tensors = { gate: model.fcce.gate(x), out, ...gradientsOf(golden, weighed(out, proj), model, { x }) };
    return { computed: await evaluate(golden, tensors) };
  },
};

/** The temporal shift with its gate and the convolution it wraps. */
export const shiftedConvolution: Runner = {
  recognises: (json) => names(json, 'what', /TemporalShift wrapper/),
  run: async (golden) => {
    const hyper = golden.json.fields('hyper');
    const options = {
      inputs: hyper.number('in_channels'),
      outputs: hyper.number('out_channels'),
      segments: hyper.number('num_segments'),
      foldDivisor: hyper.number('shift_div', 8),
      excitation: golden.weights.has('fcce.0.weight'),
    };
    const model = new ShiftedConvolution(options, new Initializer(null));
    loadState(model, golden.weights, { allowUnexpected: unusedWeights });
    const { x, proj } = given(golden);
    const out = model.apply(x);
    const gated = model.fcce ? model.fcce.apply(x) : x;
    const tensors: Record<string, Tensor> = {
      pooled: mean(x, [2, 3]),
      ...(model.fcce && { gate: model.fcce.gate(x) }),
      after_se: gated,
      after_shift: temporalShift(gated, model.shift),
      shift_only: temporalShift(x, model.shift),
      out,
      ...gradientsOf(golden, weighed(out, proj), model, { x }),
    };
    return { computed: await evaluate(golden, tensors) };
  },
};

/** A residual block with the temporal shift in front, in evaluation and in training. */
export const bottleneck: Runner = {
  recognises: (json) => names(json, 'what', /^Bottleneck\b.*temporal shift/),
  run: async (golden) => {
    const modes = { eval: inference, train: training };
    const computed = new Map<string, TensorData>();
    for (const [prefix, mode] of Object.entries(modes)) {
      for (const [name, tensor] of await inMode(golden, prefix, mode)) computed.set(`${prefix}.${name}`, tensor);
    }
    // How many batches were seen is in checkpoints for others; nothing here counts or reads it.
    const expected = new Map([...golden.outputs].filter(([name]) => !name.endsWith('.num_batches_tracked')));
    return { computed, expected };
  },
};

// ---- below: internals ----

function given(golden: GoldenCase): { x: Tensor; proj: Tensor } {
  const inputs = inputsOf(golden);
  return { x: tensorIn(inputs, 'x'), proj: tensorIn(inputs, 'proj') };
}

/** What the block computes in a mode, and what its running statistics are then, without the name of the mode. */
async function inMode(golden: GoldenCase, prefix: string, mode: Mode): Promise<Tensors> {
  const hyper = golden.json.fields('hyper');
  const options = {
    inputs: hyper.number('inplanes'),
    planes: hyper.number('planes'),
    stride: hyper.number('stride', 1),
    downsample: hyper.flag('downsample'),
    shift: {
      segments: hyper.number('num_segments'),
      foldDivisor: hyper.number('shift_div', 8),
      excitation: hyper.flag('se', false),
    },
  };
  const model = new Bottleneck(options, new Initializer(null));
  loadState(model, golden.weights, { allowUnexpected: unusedWeights });
  const outputs = new Map(
    [...golden.outputs].flatMap(([name, tensor]) =>
      name.startsWith(`${prefix}.`) ? [[name.slice(prefix.length + 1), tensor] as const] : [],
    ),
  );
  const part = { ...golden, outputs };
  const { x, proj } = given(golden);
  const out = model.apply(x, mode);
  const computed = await evaluate(part, { out, ...gradientsOf(part, weighed(out, proj), model, { x }) });
  const after = Array.from(saveState(model), ([name, tensor]) => [`after.${name}`, tensor] as const);
  return new Map([...computed, ...after.filter(([name]) => outputs.has(name))]);
}
