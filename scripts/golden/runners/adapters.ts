import { Initializer, loadState } from 'onnxgrad/nn';
import { makeAdapter } from '../../../packages/microaction/src/models/adapters/index.ts';
import { adapterOptions } from './adapterOptions.ts';
import { evaluate, gradientsOf, inputsOf, weighed } from './evaluate.ts';
import { names, type Runner, tensorIn } from './runner.ts';

/** One adapter by itself: tokens in, tokens out. */
export const adapters: Runner = {
  recognises: (json) => names(json, 'model', /\badapter alone$/) && names(json, 'adapter', /./),
  run: async (golden) => {
    const { json, weights, inputs } = golden;
    const options = adapterOptions(json, weights);
    if (!options) throw new Error('case.json names no adapter');
    const config = json.fields('config');
    const adapter = makeAdapter(options, config.number('embed_dims'), new Initializer(null));
    loadState(adapter, weights);
    const [rows, columns, steps] = [config.number('h'), config.number('w'), config.number('temporal_size')];
    const [clips, tokens] = tensorIn(inputs, 'x').shape;
    const videos = (clips * tokens) / (steps * rows * columns);
    const given = inputsOf(golden);
    const x = tensorIn(given, 'x');
    const y = adapter.apply(x, { videos, steps, rows, columns });
    const loss = weighed(y, tensorIn(given, 'cotangent'));
    return { computed: await evaluate(golden, { y, ...gradientsOf(golden, loss, adapter, { x }) }) };
  },
};
