import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSafetensors } from '../weights/safetensors.ts';
import { AdamW } from './adamW.ts';
import { clipByGlobalNorm } from './clipping.ts';
import { type GroupRule, groupParameters, type ParameterGroup } from './groups.ts';
import { expectNear } from './optimTesting.ts';
import { schedule } from './schedules.ts';
import type { Trainable } from './trainable.ts';

const golden = new URL('../../../../../shared/golden/', import.meta.url);

interface OfficialGroup {
  readonly lr: number;
  readonly weight_decay: number;
  readonly params: readonly string[];
}

function open(folder: string) {
  const read = (file: string) => readFileSync(new URL(`${folder}/${file}`, golden));
  const tensors = (file: string) => readSafetensors(new Uint8Array(read(`${file}.safetensors`))).tensors;
  const floats = (file: string, name: string) => tensors(file).get(name)!.data as Float32Array;
  return { config: JSON.parse(read('case.json').toString()), tensors, floats };
}

function trainable(folder: string, groups: readonly OfficialGroup[]): Trainable[] {
  const weights = open(folder).tensors('weights');
  return groups
    .flatMap(({ params }) => params)
    .map((name) => {
      const { shape, data } = weights.get(name)!;
      return { name, shape, data: data as Float32Array };
    });
}

/** Name, learning rate and decay of every parameter, in the order of names. */
const ours = (groups: readonly ParameterGroup[]) =>
  groups
    .flatMap(({ parameters, learningRate, weightDecay }) =>
      parameters.map(({ name }) => ({ name, learningRate: learningRate.toPrecision(12), weightDecay })),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
const theirs = (groups: readonly OfficialGroup[]) =>
  groups
    .flatMap(({ lr, weight_decay, params }) =>
      params.map((name) => ({ name, learningRate: lr.toPrecision(12), weightDecay: weight_decay })),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));

describe.skipIf(!existsSync(golden))('official recipes (skipped without shared/golden)', () => {
  it("MANet: two rules for the last linear layer, one for norms and one for the heads' biases", () => {
    const folder = 'recognition/manet_optimizer';
    const { param_groups, hyper } = open(folder).config;
    const rules: GroupRule[] = [
      { match: 'cls_head.fc_emb_t.weight', learningRateScale: 5 },
      { match: 'cls_head.fc_emb_t.bias', learningRateScale: 10, weightDecay: 0 },
      { name: 'norms', match: /\.bn\./, weightDecay: 0 },
      { name: 'biases', match: /\.bias$/, learningRateScale: 2, weightDecay: 0 },
    ];
    const defaults = { learningRate: hyper.lr, weightDecay: hyper.weight_decay, momentum: hyper.momentum };
    const groups = groupParameters(trainable(folder, param_groups), rules, defaults);
    expect(ours(groups)).toEqual(theirs(param_groups));
  });

  it('AdaTAD: groups, norm, learning rates and first AdamW step', () => {
    const folder = 'detection/adatad_e2e';
    const { config, tensors, floats } = open(folder);
    const { groups, schedule: rates, clip_grad_norm } = config.optimiser;
    const parameters = trainable(folder, groups);
    const optimizer = new AdamW(parameters, {
      learningRate: 1e-4,
      weightDecay: 0.05,
      groups: [
        { match: /\.adapter\./, learningRate: 4e-4 },
        { name: 'no decay', match: /(bias|scale|(norm|norms\.\d|ln\d)\.weight)$/, weightDecay: 0 },
      ],
    });
    expect(ours(optimizer.groups)).toEqual(theirs(groups));

    const outputs = tensors('outputs');
    const gradients = new Map(parameters.map(({ name }) => [name, outputs.get(`grad.${name}`)!.data as Float32Array]));
    const norm = clipByGlobalNorm(gradients, clip_grad_norm);
    expectNear([norm], floats('outputs', 'step0.grad_norm'), 1e-7);

    const rate = schedule({ kind: 'warmupCosine', warmupSteps: rates.warmup_iters, totalSteps: rates.max_iters });
    const inForce = [0, 1, 2].flatMap((step) => groups.map(({ lr }: OfficialGroup) => rate(step, lr)));
    expectNear(inForce, floats('outputs', 'lrs'), 1e-10);

    // The warm-up begins at zero: the first step fills the moments and leaves the weights.
    optimizer.step(gradients, { learningRate: (base) => rate(0, base) });
    expect(parameters).toEqual(trainable(folder, groups));
    const [name, gradient] = [...gradients][0];
    const mean = optimizer.state().get(`adamW.exp_avg.${name}`)!.data;
    expectNear(
      mean as Float32Array,
      gradient.map((g) => g * 0.1),
      1e-9,
    );
  });
});
