import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeGroups, type GroupRule, groupParameters } from './groups.ts';
import type { Weights } from './trainable.ts';

const parameter = (name: string, elements = 1): Weights => ({
  name,
  shape: [elements],
  data: new Float32Array(elements),
});
const model = [
  parameter('backbone.conv1.weight', 9),
  parameter('backbone.conv1.bias', 3),
  parameter('backbones.weight', 2),
  parameter('head.weight', 12),
  parameter('head.bias', 4),
];
const defaults = { learningRate: 1e-3, weightDecay: 0.05 };

describe('groupParameters', () => {
  it('gives each parameter to the first rule that matches it, the rest to a last default group', () => {
    const groups = groupParameters(
      model,
      [
        { name: 'no decay', match: /bias$/g, weightDecay: 0 },
        { match: 'backbone', learningRateScale: 0.1 },
        { match: ({ data }) => data.length === 12, learningRate: 0.5, learningRateScale: 2 },
      ],
      defaults,
    );
    expect(describeGroups(groups)).toEqual([
      { name: 'no decay', tensors: 2, elements: 7, learningRate: 1e-3, weightDecay: 0 },
      { name: 'backbone', tensors: 1, elements: 9, learningRate: 1e-4, weightDecay: 0.05 },
      { name: 'match', tensors: 1, elements: 12, learningRate: 1, weightDecay: 0.05 },
      { name: 'default', tensors: 1, elements: 2, learningRate: 1e-3, weightDecay: 0.05 },
    ]);
    expect(groups[0].parameters.map(({ name }) => name)).toEqual(['backbone.conv1.bias', 'head.bias']);
  });

  it('makes no default group when nothing is left for it', () => {
    const groups = groupParameters(model, [{ match: /./ }], { ...defaults, momentum: 0.9 });
    expect(describeGroups(groups)).toEqual([
      { name: '/./', tensors: 5, elements: 30, learningRate: 1e-3, weightDecay: 0.05, momentum: 0.9 },
    ]);
  });

  it('partitions the trainable parameters, whatever the rules', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[ab]{1,3}(\.[ab]{1,2})?$/), { minLength: 1, maxLength: 12 });
    const rules = fc.array(
      fc.constantFrom<GroupRule>({ match: 'a' }, { match: /b$/ }, { match: ({ name }) => name > 'b' }),
    );
    fc.assert(
      fc.property(names, rules, (names, rules) => {
        const all = names.map((name) => parameter(name));
        let groups: ReturnType<typeof groupParameters>;
        try {
          groups = groupParameters(all, rules, defaults);
        } catch (error) {
          expect((error as Error).message).toMatch(/matches none|nothing is left/);
          return;
        }
        const members = groups.flatMap(({ parameters }) => parameters);
        expect(members).toHaveLength(all.length);
        expect(new Set(members)).toEqual(new Set(all));
        expect(groups.every(({ parameters }) => parameters.length > 0)).toBe(true);
      }),
      { seed: 52 },
    );
  });

  it('searches each name from its start, also with a global regular expression', () => {
    const groups = groupParameters(model, [{ match: /head/g }], defaults);
    expect(groups[0].parameters.map(({ name }) => name)).toEqual(['head.weight', 'head.bias']);
  });

  it('passes over frozen parameters', () => {
    const groups = groupParameters([...model, { ...parameter('frozen.bias'), trainable: false }], [], defaults);
    expect(groups[0].parameters).toEqual(model);
    const onlyFrozen = [{ ...parameter('head.bias'), trainable: false }];
    expect(() => groupParameters(onlyFrozen, [], defaults)).toThrow('no parameters to train');
  });

  it('names a rule that matches nothing, and the names it may have meant', () => {
    const group = (match: GroupRule['match'], name?: string) => () =>
      groupParameters(model, [{ match, name }], defaults);
    expect(group(/backbone\.conv2\.weight$/)).toThrow(
      "group '/backbone\\.conv2\\.weight$/' matches none of the 5 trainable parameters; the most similar names are: " +
        'backbone.conv1.weight, ',
    );
    expect(group('heads.bias')).toThrow(/'heads\.bias' matches none .* are: head\.bias, /);
    expect(group(() => false, 'adapters')).toThrow("group 'adapters' matches none");
  });

  it('names a rule whose parameters earlier rules have taken', () => {
    const rules = [{ match: 'head' }, { match: /^head.bias$/ }];
    expect(() => groupParameters(model, rules, defaults)).toThrow(
      "nothing is left for group '/^head.bias$/': earlier groups take all 1 parameters that it matches (head.bias, ...)",
    );
  });

  it('refuses twins, misfits, float16 and senseless numbers', () => {
    const [first] = model;
    const grouping =
      (parameters: Weights[], rules: GroupRule[] = []) =>
      () =>
        groupParameters(parameters, rules, defaults);
    expect(grouping([])).toThrow('no parameters');
    expect(grouping([first, parameter(first.name)])).toThrow("two parameters are named 'backbone.conv1.weight'");
    expect(grouping([first, { ...first, name: 'tied' }])).toThrow("'tied' and 'backbone.conv1.weight' share one array");
    expect(grouping([{ ...first, shape: [2, 2] }])).toThrow('of shape [2, 2] needs 4 elements, its data has 9');
    expect(grouping([{ ...first, data: new Uint16Array(9) }])).toThrow("'backbone.conv1.weight' is float16");
    expect(grouping(model, [{ match: 'head', weightDecay: -1 }])).toThrow("weightDecay of group 'head' is -1");
  });
});
