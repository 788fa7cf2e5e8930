import { parametersOf, stateOf } from 'onnxgrad/nn';
import type { GroupRule } from 'onnxgrad/optim';

/**
 * How TSM and MANet train the parts of a model differently (TSMOptimizerConstructor of mmaction2, with `fc_lr5`): biases at
 * twice the rate and without decay, norms without decay, the weight of the last linear layer at five times the rate,
 * its bias at ten times and without decay. The last linear layer of MANet is not its classifier but `fc_emb_t`. Where
 * it is a hierarchical classifier, both of its layers count as the last.
 */
export function tsmGroups(model: object): GroupRule[] {
  const state = stateOf(model);
  const parameters = parametersOf(model);
  const linear = parameters.filter(({ name, shape }) => shape.length === 2 && name.endsWith('.weight')).map(layerOf);
  const last = linear.findLast((layer) => !layer.endsWith('.fc_part'));
  const isLast = (layer: string) => layer === last || layer === last?.replace(/fc_cls$/, 'fc_part');
  const groupOf = (parameter: Named): keyof typeof rules => {
    const layer = layerOf(parameter);
    if (state.has(`${layer}.running_mean`)) return 'norms';
    const isBias = parameter.name.endsWith('.bias');
    if (isLast(layer)) return isBias ? 'bias of the last linear layer' : 'weight of the last linear layer';
    return isBias ? 'biases' : 'weights';
  };
  const members = Map.groupBy(parameters, groupOf);
  return Array.from(members, ([name, own]) => {
    const names = new Set(own.map((parameter) => parameter.name));
    return { name, match: (parameter: Named) => names.has(parameter.name), ...rules[name] };
  });
}

// ---- below: internals ----

type Named = { readonly name: string };

/** Beside the rate and the decay that all have in common. */
const rules = {
  weights: {},
  biases: { learningRateScale: 2, weightDecay: 0 },
  norms: { weightDecay: 0 },
  'weight of the last linear layer': { learningRateScale: 5 },
  'bias of the last linear layer': { learningRateScale: 10, weightDecay: 0 },
} as const satisfies Record<string, Partial<GroupRule>>;

const layerOf = ({ name }: Named): string => name.slice(0, name.lastIndexOf('.'));
