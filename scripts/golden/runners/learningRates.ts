import { warmupCosine } from 'onnxgrad/optim';
import type { Fields } from '../fields.ts';
import { names, type Runner } from './runner.ts';

/** OpenTAD's learning rates, warm-up and cosine, step by step. */
export const learningRates: Runner = {
  recognises: (json) => names(json, 'model', /^learning-rate schedule/),
  run: async ({ json }) => {
    const config = json.fields('config');
    return { computed: new Map(config.names.map((name) => [name, rates(config.fields(name))])) };
  },
};

// ---- below: internals ----

function rates(config: Fields) {
  const stepsPerEpoch = config.number('iters_per_epoch');
  const totalSteps = config.number('max_epoch') * stepsPerEpoch;
  const rate = warmupCosine({
    warmupSteps: config.number('warmup_epoch') * stepsPerEpoch,
    totalSteps,
    startLearningRate: config.number('warmup_start_lr', 0),
    minLearningRate: config.number('eta_min', 0),
  });
  const base = config.number('lr');
  return {
    dtype: 'float64',
    shape: [totalSteps],
    data: Float64Array.from({ length: totalSteps }, (_, step) => rate(step, base)),
  } as const;
}
