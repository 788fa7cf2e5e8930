import { GraphError } from '../errors.ts';
import { shown, sizeOf } from '../graph/tensorData.ts';
import { similarNames } from './similarNames.ts';
import type { Trainable, Weights } from './trainable.ts';

/** Which parameters a group takes and how they are trained; what is left out is as in the defaults. */
export interface GroupRule {
  /** For logs and messages; otherwise the pattern itself. */
  readonly name?: string;
  /**
   * A regular expression searched for in the name; a string that is the whole name or leading parts of it
   * (`backbone` takes `backbone.conv1.weight`, not `backbones.weight`); or a predicate.
   */
  readonly match: RegExp | string | ((parameter: Trainable) => boolean);
  readonly learningRate?: number;
  /** Multiplies the learning rate, this rule's or the default. */
  readonly learningRateScale?: number;
  readonly weightDecay?: number;
  /** Only for optimisers that have one (SGD). */
  readonly momentum?: number;
}

/** How a set of parameters is trained. `learningRate` is the base rate, before any schedule. */
export interface ParameterGroup {
  readonly name: string;
  readonly parameters: readonly Trainable[];
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly momentum?: number;
}

export type GroupDefaults = Pick<ParameterGroup, 'learningRate' | 'weightDecay' | 'momentum'>;

/** A row of a log; plain JSON. */
export interface GroupSummary extends GroupDefaults {
  readonly name: string;
  readonly tensors: number;
  readonly elements: number;
}

/**
 * Every trainable parameter in exactly one group: that of the first rule that matches it, or a last one named
 * `default`, which is left out when empty.
 *
 * @throws GraphError for a rule that is left with nothing, a name or an array that occurs twice, float16 weights, data
 *   that does not fit its shape, and rates or decays that are negative or not finite.
 */
export function groupParameters(
  parameters: Iterable<Weights>,
  rules: readonly GroupRule[],
  defaults: GroupDefaults,
): ParameterGroup[] {
  const all = [...parameters].filter(({ trainable }) => trainable !== false);
  checkParameters(all);
  const members = rules.map((): Trainable[] => []);
  const rest: Trainable[] = [];
  for (const parameter of all) (members[rules.findIndex((rule) => matches(rule, parameter))] ?? rest).push(parameter);

  const groups = rules.map((rule, i): ParameterGroup => {
    const name = nameOf(rule, i);
    if (members[i].length === 0) refuse(nothingLeft(name, rule, all));
    return checked({
      name,
      parameters: members[i],
      learningRate: (rule.learningRate ?? defaults.learningRate) * (rule.learningRateScale ?? 1),
      weightDecay: rule.weightDecay ?? defaults.weightDecay,
      momentum: rule.momentum ?? defaults.momentum,
    });
  });
  if (rest.length > 0 || rules.length === 0) groups.push(checked({ name: 'default', parameters: rest, ...defaults }));
  return groups;
}

/** What each group holds and how it is trained, in order; `console.table` shows it well. */
export function describeGroups(groups: readonly ParameterGroup[]): GroupSummary[] {
  return groups.map(({ name, parameters, learningRate, weightDecay, momentum }) => ({
    name,
    tensors: parameters.length,
    elements: parameters.reduce((sum, { data }) => sum + data.length, 0),
    learningRate,
    weightDecay,
    ...(momentum === undefined ? {} : { momentum }),
  }));
}

// Below: not for the outside.

function matches({ match }: GroupRule, parameter: Trainable): boolean {
  if (typeof match === 'function') return match(parameter);
  if (typeof match === 'string') return parameter.name === match || parameter.name.startsWith(`${match}.`);
  return parameter.name.search(match) >= 0; // unlike test(), not led astray by the flag g
}

const nameOf = ({ name, match }: GroupRule, index: number): string =>
  name ?? (typeof match === 'function' ? match.name || `group ${index}` : String(match));

function nothingLeft(name: string, rule: GroupRule, all: readonly Trainable[]): string {
  const taken = all.filter((parameter) => matches(rule, parameter));
  if (taken.length > 0) {
    return (
      `nothing is left for group '${name}': earlier groups take all ${taken.length} parameters that ` +
      `it matches (${taken[0].name}, ...). The first match wins; put the narrower group first.`
    );
  }
  const wanted = typeof rule.match === 'function' ? name : String(rule.match);
  const similar = similarNames(
    wanted,
    all.map((parameter) => parameter.name),
  );
  return (
    `group '${name}' matches none of the ${all.length} trainable parameters; ` +
    `the most similar names are: ${similar.join(', ')}. Mend its match or remove the group.`
  );
}

function checkParameters(parameters: readonly Weights[]): asserts parameters is readonly Trainable[] {
  if (parameters.length === 0) refuse('there are no parameters to train.');
  const names = new Set<string>();
  const arrays = new Map<unknown, string>();
  for (const { name, shape, data } of parameters) {
    const twin = arrays.get(data);
    if (names.has(name)) refuse(`two parameters are named '${name}'; each needs its own name.`);
    if (twin !== undefined) refuse(`'${name}' and '${twin}' share one array; pass it once.`);
    if (data instanceof Uint16Array) {
      refuse(`'${name}' is float16, where small updates vanish; keep it in float32 and cast it in the graph.`);
    }
    if (data.length !== sizeOf(shape)) {
      refuse(`'${name}' of shape ${shown(shape)} needs ${sizeOf(shape)} elements, its data has ${data.length}.`);
    }
    names.add(name);
    arrays.set(data, name);
  }
}

function refuse(why: string): never {
  throw new GraphError(`groupParameters: ${why}`);
}

function checked(group: ParameterGroup): ParameterGroup {
  for (const key of ['learningRate', 'weightDecay', 'momentum'] as const) {
    const value = group[key];
    if (value === undefined || (value >= 0 && value < Number.POSITIVE_INFINITY)) continue;
    refuse(`${key} of group '${group.name}' is ${value}; expected a finite number >= 0.`);
  }
  return group;
}
