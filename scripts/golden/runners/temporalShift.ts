import { mean, type Tensor, temporalShift } from 'onnxgrad';
import { Initializer, loadState } from 'onnxgrad/nn';
import {
  Bottleneck,
  ShiftedConvolution,
  SqueezeExcitation,
  unusedWeights,
} from '../../../packages/microaction/src/models/backbones/index.ts';
import type { GoldenCase } from '../goldenCase.ts';
import { inBothModes } from './bothModes.ts';
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
  run: (golden) =>
    inBothModes(golden, (part, mode) => {
      const model = bottleneckOf(golden);
      const { x, proj } = given(golden);
      const out = model.apply(x, mode);
      return { model, tensors: { out, ...gradientsOf(part, weighed(out, proj), model, { x }) } };
    }),
};

// ---- below: internals ----

function given(golden: GoldenCase): { x: Tensor; proj: Tensor } {
  const inputs = inputsOf(golden);
  return { x: tensorIn(inputs, 'x'), proj: tensorIn(inputs, 'proj') };
}

function bottleneckOf({ json, weights }: GoldenCase): Bottleneck {
  const hyper = json.fields('hyper');
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
  loadState(model, weights, { allowUnexpected: unusedWeights });
  return model;
}
