import { WeightsError } from '../errors.ts';
import { type Shape, shown } from '../graph/tensorData.ts';
import { closestNames } from '../optim/similarNames.ts';

export interface MatchOptions {
  /** The model's name of a tensor by the file's name; undefined passes the tensor over. */
  readonly rename?: (name: string) => string | undefined;
  /** Names of the model that the file need not hold: all, or those that match. */
  readonly allowMissing?: boolean | RegExp;
  /** Names of the file, renamed, that the model need not want: all, or those that match. */
  readonly allowUnexpected?: boolean | RegExp;
}

export interface Match {
  /** The file's name of a tensor by the model's, in the model's order. */
  readonly names: Map<string, string>;
  /** What was allowed to be missing, and is. */
  readonly missing: readonly string[];
  /** What was allowed to be there besides, and is; by the model's name. */
  readonly unexpected: readonly string[];
}

/**
 * Compares what a model wants with what a file holds, by names and shapes, before a number is copied: half-loaded
 * weights train beautifully and mean nothing.
 *
 * @param wanted - shapes by the model's names
 * @param found - entries of a file
 * @throws WeightsError `mismatch`, which lists every tensor that is missing, unexpected, twice or of another shape
 */
export function matchWeights(
  wanted: ReadonlyMap<string, Shape>,
  found: ReadonlyMap<string, { readonly shape: Shape }>,
  options: MatchOptions = {},
): Match {
  const { rename = (name) => name, allowMissing = false, allowUnexpected = false } = options;
  const problems: string[] = [];
  const names = new Map<string, string>();
  for (const inFile of found.keys()) {
    const name = rename(inFile);
    if (name === undefined) continue;
    const other = names.get(name);
    if (other !== undefined) problems.push(`twice      ${name}: ${other} and ${inFile} both became it`);
    names.set(name, inFile);
  }
  const missing = [...wanted.keys()].filter((name) => !names.has(name));
  const unexpected = [...names.keys()].filter((name) => !wanted.has(name));
  const notAllowed = {
    missing: missing.filter((name) => !allows(allowMissing, name)),
    unexpected: unexpected.filter((name) => !allows(allowUnexpected, name)),
  };
  problems.push(...notAllowed.missing.map((name) => `missing    ${name} ${shown(wanted.get(name) as Shape)}`));
  const hint = prefixHint(notAllowed.missing, notAllowed.unexpected);
  const closest = hint ? new Map() : closestNames(notAllowed.unexpected, notAllowed.missing);
  for (const name of notAllowed.unexpected) {
    const like = closest.has(name) ? `, closest to ${closest.get(name)}` : '';
    problems.push(`unexpected ${name} ${shown(shapeIn(found, names, name))}${like}`);
  }
  for (const [name, shape] of wanted) {
    const actual = names.has(name) ? shapeIn(found, names, name) : shape;
    if (String(actual) !== String(shape))
      problems.push(`shape      ${name}: expected ${shown(shape)}, got ${shown(actual)}`);
  }
  if (problems.length > 0) {
    throw new WeightsError('mismatch', `these weights do not fit:\n  ${problems.join('\n  ')}${hint}`);
  }
  const pairs = [...wanted.keys()].filter((name) => names.has(name)).map((name) => [name, names.get(name)] as const);
  return { names: new Map(pairs as [string, string][]), missing, unexpected };
}

// ---- below: internals ----

const allows = (rule: boolean | RegExp, name: string) => (typeof rule === 'boolean' ? rule : name.search(rule) >= 0);

const shapeIn = (found: ReadonlyMap<string, { readonly shape: Shape }>, names: Map<string, string>, name: string) =>
  (found.get(names.get(name) as string) as { readonly shape: Shape }).shape;

/** Where one prefix more or less would make every missing name fit, says so. */
function prefixHint(missing: readonly string[], unexpected: readonly string[]): string {
  const [first] = missing;
  if (first === undefined) return '';
  const has = new Set(unexpected);
  const longer = unexpected.find((name) => name.endsWith(`.${first}`));
  const prefix = longer?.slice(0, -first.length);
  if (prefix && missing.every((name) => has.has(prefix + name))) {
    return `\n  The file's names begin with "${prefix}": take it off with "rename", or read with "prefix".`;
  }
  const shorter = unexpected.find((name) => first.endsWith(`.${name}`));
  const lacking = shorter && first.slice(0, -shorter.length);
  if (lacking && missing.every((name) => name.startsWith(lacking) && has.has(name.slice(lacking.length)))) {
    return `\n  The model's names begin with "${lacking}" and the file's do not: put it before them with "rename".`;
  }
  return '';
}
