import { WeightsError } from '../errors.ts';
import { NumpyArray } from './numpyClasses.ts';
import { PythonObject, type PythonValue } from './pythonValues.ts';
import { StoredTensor } from './storedTensor.ts';

export interface StateDictOptions {
  /** Which weights where a checkpoint holds both: those trained (the default), or their moving average. */
  readonly prefer?: 'weights' | 'ema';
  /** Where the weights are, as keys joined by dots: `generator.net`. Absent: they are looked for. */
  readonly at?: string;
  /** Keeps only names that begin so, without it: `backbone.` */
  readonly prefix?: string;
}

/** The weights of a model, found in a checkpoint. */
export interface StateDict {
  readonly tensors: Map<string, StoredTensor>;
  /** Keys joined by dots; empty where the checkpoint is nothing else. */
  readonly path: string;
  readonly kind: 'weights' | 'ema' | 'other';
  /** What all names began with and was taken off: `module.` */
  readonly stripped: string;
  /** What was found, in words. */
  readonly layout: string;
}

/**
 * Finds a model's weights in what was saved, however deep: on top, or under `state_dict`, `model`, `module` and the
 * like, or under `state_dict_ema`, `model_ema` and the like. Prefixes that parallel training and compilation put
 * before all names (`module.`, `_orig_mod.`) are taken off.
 *
 * @param root - of a checkpoint
 * @param name - of the file, for messages
 * @throws WeightsError `no-weights` where there are none, or several and none stands out; both list what there is
 */
export function stateDictOf(root: PythonValue, options: StateDictOptions = {}, name = 'the checkpoint'): StateDict {
  const candidates = findCandidates(root);
  const chosen = choose(candidates, options, name);
  const { tensors: inside, stripped } = unwrapped(chosen.tensors);
  const tensors = options.prefix === undefined ? inside : below(options.prefix, inside, name);
  const others = listed(candidates.filter((one) => one !== chosen));
  const layout = [
    chosen.path === ''
      ? 'weights on top'
      : `${chosen.kind === 'ema' ? 'averaged weights' : 'weights'} under ${chosen.path}`,
    ...(stripped ? [`names without "${stripped}"`] : []),
    ...(options.prefix ? [`those below "${options.prefix}"`] : []),
    ...(others ? [`also there: ${others}`] : []),
  ].join('; ');
  return { tensors, path: chosen.path, kind: chosen.kind, stripped, layout };
}

// ---- below: internals ----

interface Candidate {
  readonly path: string;
  readonly kind: StateDict['kind'];
  readonly tensors: Map<string, StoredTensor>;
  /** The lower the likelier. */
  readonly rank: number;
}

/** Keys that weights are kept under, the likelier first. */
const weightKeys = [
  ...['state_dict', 'model_state_dict', 'model_state', 'model', 'module', 'net', 'network', 'params', 'weights'],
];
const emaKeys = [
  ...['state_dict_ema', 'ema_state_dict', 'model_ema', 'ema_model', 'ema', 'params_ema', 'model_ema_state_dict'],
];
/** What is trained with, and holds tensors that are no weights. */
const passedOver = /^(optim|lr_sched|scheduler|scaler|amp|loss_scaler|grad_scaler|message_hub|rng|random)/;
const wrappers = ['module.', '_orig_mod.'];
const deepest = 3;

function findCandidates(root: PythonValue): Candidate[] {
  const found: Candidate[] = [];
  const seen = new Set<unknown>();
  const visit = (value: unknown, keys: readonly string[]): void => {
    const entries = value instanceof PythonObject ? value.entries : value;
    if (!(entries instanceof Map) || seen.has(entries)) return;
    seen.add(entries);
    const tensors = tensorsIn(entries);
    if (tensors.size > 0) found.push({ path: keys.join('.'), tensors, ...judged(keys, tensors.size / entries.size) });
    if (keys.length === deepest) return;
    for (const [key, one] of entries) if (typeof key === 'string' && !passedOver.test(key)) visit(one, [...keys, key]);
  };
  visit(root, []);
  return found;
}

/** Arrays of NumPy count where there is little else: among settings they are no weights. */
function tensorsIn(entries: ReadonlyMap<unknown, unknown>): Map<string, StoredTensor> {
  const tensors = new Map<string, StoredTensor>();
  const withArrays = new Map<string, StoredTensor>();
  for (const [key, value] of entries) {
    if (typeof key !== 'string') continue;
    if (value instanceof StoredTensor) tensors.set(key, value);
    const tensor = value instanceof NumpyArray ? value.tensor : value;
    if (tensor instanceof StoredTensor) withArrays.set(key, tensor);
  }
  return withArrays.size >= entries.size / 2 ? withArrays : tensors;
}

function judged(keys: readonly string[], shareOfTensors: number): Pick<Candidate, 'kind' | 'rank'> {
  if (keys.length === 0) return { kind: shareOfTensors > 0.5 ? 'weights' : 'other', rank: weightKeys.length };
  const ema = keys.map((key) => emaKeys.indexOf(key)).filter((rank) => rank >= 0);
  if (ema.length > 0) return { kind: 'ema', rank: ema[0] };
  const ranks = keys.map((key) => weightKeys.indexOf(key));
  return { kind: ranks.includes(-1) ? 'other' : 'weights', rank: ranks[0] };
}

function choose(
  candidates: readonly Candidate[],
  { at, prefer = 'weights' }: StateDictOptions,
  name: string,
): Candidate {
  const fail = (what: string): never => {
    const advice =
      candidates.length > 0 ? `it holds ${listed(candidates)}; name one with "at"` : 'is it a checkpoint of a model?';
    throw new WeightsError('no-weights', `${name}: ${what}; ${advice}`);
  };
  if (at !== undefined)
    return candidates.find(({ path }) => path === at) ?? fail(`found no tensors under ${JSON.stringify(at)}`);
  const ofKind = (kind: Candidate['kind']) =>
    candidates.filter((one) => one.kind === kind).sort((a, b) => a.rank - b.rank);
  const [best] = [...ofKind(prefer), ...ofKind(prefer === 'ema' ? 'weights' : 'ema')];
  if (best) return best;
  const rest = ofKind('other');
  if (rest.length === 0) fail('found no tensors by name');
  return rest.length === 1 ? rest[0] : fail('found several sets of tensors, and cannot tell which are the weights');
}

const mostListed = 8;

function listed(candidates: readonly Candidate[]): string {
  const shown = candidates.slice(0, mostListed).map(described);
  return [...shown, ...(candidates.length > mostListed ? [`${candidates.length - mostListed} more`] : [])].join(', ');
}

const described = ({ path, tensors }: Candidate) =>
  `${path || 'on top'} (${tensors.size} ${tensors.size === 1 ? 'tensor' : 'tensors'})`;

function unwrapped(tensors: Map<string, StoredTensor>): { tensors: Map<string, StoredTensor>; stripped: string } {
  let stripped = '';
  const names = [...tensors.keys()];
  for (let more = true; more; ) {
    const wrapper = wrappers.find((prefix) => names.every((name) => name.startsWith(stripped + prefix)));
    more = wrapper !== undefined;
    stripped += wrapper ?? '';
  }
  return { tensors: new Map([...tensors].map(([name, tensor]) => [name.slice(stripped.length), tensor])), stripped };
}

function below(prefix: string, tensors: Map<string, StoredTensor>, name: string): Map<string, StoredTensor> {
  const kept = [...tensors].filter(([key]) => key.startsWith(prefix) && key.length > prefix.length);
  if (kept.length > 0) return new Map(kept.map(([key, tensor]) => [key.slice(prefix.length), tensor]));
  const beginnings = [...new Set([...tensors.keys()].map((key) => key.slice(0, key.indexOf('.') + 1)))].slice(0, 5);
  const found = `no name begins with ${JSON.stringify(prefix)}; names begin with ${beginnings.map((one) => JSON.stringify(one)).join(', ')}`;
  throw new WeightsError('no-weights', `${name}: ${found}`);
}
