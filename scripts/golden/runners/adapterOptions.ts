import { type AdapterOptions, dstaReadings } from '../../../packages/microaction/src/models/adapters/index.ts';
import type { Tensors } from '../compare.ts';
import type { Fields } from '../fields.ts';

/** The adapter that a case names under `adapter`, as `config.adapter_config` says; undefined where it names none. */
export function adapterOptions(json: Fields, weights: Tensors): AdapterOptions | undefined {
  if (!json.has('adapter')) return undefined;
  const name = json.text('adapter');
  const config = json.fields('config');
  // Of a whole transformer, the other ratio is that of its own MLPs.
  const hiddenRatio = config.number(config.has('depth') ? 'adapter_mlp_ratio' : 'mlp_ratio', 1 / 4);
  if (name === 'standard') return { kind: 'standard', hiddenRatio };
  if (name === 'tia') return { kind: 'tia', hiddenRatio, kernelSteps: kernelOf(weights) };
  if (name.startsWith('dsta')) return { kind: 'dsta', hiddenRatio, ...reading(name, config) };
  throw new Error(`case.json: adapter is ${JSON.stringify(name)}; expected standard, tia or dsta…`);
}

/** Cases do not say the kernel of TIA: OpenTAD has no option for it. Its weights have. */
export function kernelOf(weights: Tensors): number | undefined {
  for (const [name, { shape }] of weights) if (/(^|\.)dwconv\.weight$/.test(name)) return shape[2];
  return undefined;
}

// ---- below: internals ----

function reading(name: string, config: Fields) {
  if (config.has('adapter_config')) {
    const options = config.fields('adapter_config');
    return {
      sharedDown: options.flag('shared_down'),
      spatial: {
        kernel: options.number('s_kernel'),
        depthwise: options.flag('s_depthwise'),
        pointwise: options.flag('s_pointwise'),
      },
      temporal: { kernel: options.number('t_kernel'), pointwise: options.flag('t_pointwise') },
    };
  }
  const readings = { dsta_eq3: dstaReadings.equation3, dsta_table4: dstaReadings.table4, dsta_wide: dstaReadings.wide };
  if (name in readings) return readings[name as keyof typeof readings];
  throw new Error(`case.json: config lacks adapter_config, and ${JSON.stringify(name)} is no reading that is known`);
}
