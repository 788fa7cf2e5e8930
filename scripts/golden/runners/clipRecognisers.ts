import { crossEntropy, type Tensor } from 'onnxgrad';
import { Initializer, loadState, type Mode } from 'onnxgrad/nn';
import { C3d } from '../../../packages/microaction/src/models/recognition/c3d.ts';
import { I3d } from '../../../packages/microaction/src/models/recognition/i3d.ts';
import type { Recogniser } from '../../../packages/microaction/src/models/recognition/recogniser.ts';
import { SlowFast } from '../../../packages/microaction/src/models/recognition/slowFast.ts';
import type { Fields } from '../fields.ts';
import type { GoldenCase } from '../goldenCase.ts';
import { inBothModes } from './bothModes.ts';
import { gradientsOf, inputsOf } from './evaluate.ts';
import { names, type Results, type Runner, tensorIn } from './runner.ts';

/** Eight convolutions over time and space. */
export const c3d: Runner = {
  recognises: (json) => names(json, 'what', /^C3D\b/),
  run: (golden) =>
    judged(golden, (hyper) => {
      const [first, second, third, fourth, hidden] = hyper.numbers('widths');
      const sizes = { frames: hyper.number('clip_len'), pixels: hyper.number('size') };
      const widths = [first, second, third, fourth, fourth];
      const model = new C3d({ kind: 'c3d', ...sizes, ...common(hyper), widths, hidden }, new Initializer(null));
      return { model, places: (x, mode) => ({ feat: model.backbone.apply(x, mode) }) };
    }),
};

/** The inflated residual network. */
export const i3d: Runner = {
  recognises: (json) => names(json, 'what', /^I3D\b/),
  run: (golden) =>
    judged(golden, (hyper) => {
      const inflated = golden.json.fields('backbone_cfg').raw('inflate') as readonly (readonly number[])[];
      const options = {
        kind: 'i3d',
        ...common(hyper),
        frames: framesOf(golden),
        width: hyper.number('base_channels'),
        depths: hyper.numbers('stage_blocks'),
        inflated: inflated.map((stage) => stage.map((flag) => flag === 1)),
      } as const;
      const model = new I3d(options, new Initializer(null));
      return { model, places: (x, mode) => ({ feat: model.places(x, mode) }) };
    }),
};

/** The two pathways and their connections. */
export const slowFast: Runner = {
  recognises: (json) => names(json, 'what', /^SlowFast\b/),
  run: (golden) =>
    judged(golden, (hyper) => {
      const options = {
        kind: 'slowfast',
        ...common(hyper),
        frames: framesOf(golden),
        width: hyper.number('base_channels_slow'),
        fastWidth: hyper.number('base_channels_fast'),
        depths: hyper.numbers('stage_blocks'),
        ratio: hyper.number('speed_ratio'),
      } as const;
      const model = new SlowFast(options, new Initializer(null));
      return {
        model,
        places: (x, mode) => {
          const { slow, fast } = model.backbone.apply(x, mode);
          return { feat0: slow, feat1: fast };
        },
      };
    }),
};

// ---- below: internals ----

interface Subject {
  readonly model: Recogniser;
  /** What the backbone makes, as the case names it. */
  readonly places: (x: Tensor, mode: Mode) => Readonly<Record<string, Tensor>>;
}

/** Cases give clips that are normalised already, and drop nothing. */
const common = (hyper: Fields) => ({
  classes: hyper.number('num_classes'),
  dropout: 0,
  normalisation: { mean: [0, 0, 0], deviation: [1, 1, 1] },
});

const framesOf = ({ inputs }: GoldenCase): number => tensorIn(inputs, 'x').shape[2];

const judged = (golden: GoldenCase, make: (hyper: Fields) => Subject): Promise<Results> =>
  inBothModes(golden, (part, mode) => {
    const { model, places } = make(golden.json.fields('hyper'));
    loadState(model, golden.weights);
    const inputs = inputsOf(golden);
    const x = tensorIn(inputs, 'x');
    const { logits } = model.recognise(x, mode);
    const loss = crossEntropy(logits, tensorIn(inputs, 'labels'));
    const { loss: loss_cls, ...gradients } = gradientsOf(part, loss, model, { x });
    return { model, tensors: { cls_score: logits, loss_cls, ...places(x, mode), ...gradients } };
  });
