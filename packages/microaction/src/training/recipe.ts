import { z } from 'zod';
import { UserError } from '../errors.ts';
import { shown } from '../problems.ts';
import { type CommonRecipe, commonContradictions, recipeVersion } from './commonRecipe.ts';
import {
  type DetectionRecipe,
  type DetectionRecipeSource,
  detectionContradictions,
  detectionShape,
  withDetectionNames,
} from './detection/detectionRecipe.ts';
import { knownKeys, nearestName, put } from './recipeKeys.ts';
import {
  type RecognitionRecipe,
  type RecognitionRecipeSource,
  recognitionContradictions,
  recognitionShape,
} from './recognition/recognitionRecipe.ts';

export type { CommonRecipe } from './commonRecipe.ts';
export type { DetectionRecipe, DetectionRecipeSource } from './detection/detectionRecipe.ts';
export type { RecognitionRecipe, RecognitionRecipeSource } from './recognition/recognitionRecipe.ts';

/** How a model is made, trained and judged, as plain data: stored with its weights, and enough to use them. */
export type Recipe = DetectionRecipe | RecognitionRecipe;
/** A recipe as it is written down: what has a usual value may be left out. */
export type RecipeSource = DetectionRecipeSource | RecognitionRecipeSource;
/** What is learnt. */
export type Task = Recipe['task'];
export type RecipeOf<T extends Task> = Extract<Recipe, { task: T }>;

/**
 * A recipe, checked and whole, from plain data.
 *
 * @param source - names the data in messages
 * @throws UserError `bad-recipe` naming every key that is wrong, unknown or missing
 */
export function parseRecipe<const S = unknown>(
  data: S,
  source: string,
): S extends { readonly task: infer T extends Task } ? RecipeOf<T> : Recipe;
export function parseRecipe(data: unknown, source: string): Recipe {
  const { kind, data: named } = prepared(data, source);
  const parsed = kind.shape.safeParse(named);
  const problems = parsed.success ? kind.contradictions(parsed.data) : issuesOf(parsed.error, named, kind.keys);
  if (problems.length === 1) throw new UserError('bad-recipe', `${source}: ${problems[0]}`);
  if (problems.length > 1) {
    throw new UserError('bad-recipe', `${source} has ${problems.length} problems:\n  ${problems.join('\n  ')}`);
  }
  return parsed.data as Recipe;
}

/**
 * Plain data with some keys set anew, `training.epochs=3`: what follows `=` is JSON, or else taken as text.
 *
 * @throws UserError `bad-recipe` for what is no assignment, and for a key that no recipe of its task has, with the nearest
 */
export function withSettings(data: unknown, settings: readonly string[], source: string): unknown {
  let changed = structuredClone(prepared(data, source).data);
  for (const setting of settings) {
    const [, key, text] = /^([^=]+)=(.*)$/s.exec(setting) ?? [];
    if (key === undefined) {
      throw new UserError('bad-recipe', `--set ${setting}: expected key.path=value, such as training.epochs=30`);
    }
    const path = key.trim();
    const { keys } = prepared(changed, source).kind;
    if (!keys.has(path)) throw new UserError('bad-recipe', `--set ${setting}: ${unknownKey(path, keys)}`);
    changed = prepared(put(changed, path.split('.'), parsedValue(text)), `--set ${setting}`).data;
  }
  return changed;
}

/** The keys that differ between two recipes, with both values. */
export function differences(one: unknown, other: unknown, path = ''): string[] {
  if (isPlain(one) && isPlain(other)) {
    const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
    return [...keys].flatMap((key) => differences(one[key], other[key], path === '' ? key : `${path}.${key}`));
  }
  return JSON.stringify(one) === JSON.stringify(other) ? [] : [`${path}: ${shown(one)} and ${shown(other)}`];
}

/**
 * A recipe that must be of one task.
 *
 * @param source - names it in messages
 * @throws UserError `wrong-task`, saying what models of the other are for
 */
export function requireTask<T extends Task>(recipe: Recipe, task: T, source: string): RecipeOf<T> {
  if (recipe.task === task) return recipe as RecipeOf<T>;
  const does = (of: Task) => tasks[of].does;
  throw new UserError(
    'wrong-task',
    `${source}: ${recipe.name} ${does(recipe.task)}; expected a model that ${does(task)}`,
  );
}

// ---- below: internals ----

/** What is particular to the recipes of a task. */
interface RecipeKind {
  readonly does: string;
  readonly shape: z.ZodType;
  readonly keys: ReadonlySet<string>;
  /** Writes out what is named. */
  readonly withNames: (data: Record<string, unknown>, source: string) => unknown;
  readonly contradictions: (recipe: unknown) => string[];
}

const tasks: Readonly<Record<Task, RecipeKind>> = {
  detection: kindOf('finds several actions in a video', detectionShape, detectionContradictions, withDetectionNames),
  recognition: kindOf('tells which one action a clip shows', recognitionShape, recognitionContradictions),
};

function kindOf<R extends CommonRecipe>(
  does: string,
  shape: z.ZodType<R>,
  contradictions: (recipe: R) => string[],
  withNames: RecipeKind['withNames'] = (data) => data,
): RecipeKind {
  return {
    does,
    shape,
    withNames,
    keys: new Set(knownKeys(z.toJSONSchema(shape, { io: 'input' }))),
    contradictions: (recipe) => [...contradictions(recipe as R), ...commonContradictions(recipe as R)],
  };
}

/** Data in the form that recipes have now, with what is named written out, and the kind that it is of. */
function prepared(given: unknown, source: string): { readonly kind: RecipeKind; readonly data: unknown } {
  const data = migrated(given, source);
  const { task } = isPlain(data) ? data : {};
  if (typeof task !== 'string' || !Object.hasOwn(tasks, task)) {
    const expected = Object.keys(tasks).map(shown).join(' or ');
    throw new UserError('bad-recipe', `${source}: task: found ${shown(task)}, expected ${expected}`);
  }
  const kind = tasks[task as Task];
  return { kind, data: kind.withNames(data as Record<string, unknown>, source) };
}

/**
 * A recipe of an earlier form as one of this form. There is no earlier one yet: when keys change their meaning, count
 * `recipeVersion` up and rewrite here what was written before.
 */
function migrated(data: unknown, source: string): unknown {
  const version = isPlain(data) ? data.version : undefined;
  if (typeof version !== 'number' || version <= recipeVersion) return data;
  throw new UserError(
    'bad-recipe',
    `${source}: found version ${version}, which this microaction does not know yet, expected at most ${recipeVersion}; update microaction`,
  );
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsedValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function unknownKey(path: string, keys: ReadonlySet<string>): string {
  if (keys.has(path)) return `there is no key ${path} with this kind: it belongs to another; leave it out`;
  return `there is no key ${path} in a recipe; did you mean ${nearestName(path, keys)}?`;
}

function issuesOf(error: z.ZodError, data: unknown, keys: ReadonlySet<string>): string[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key].join('.'), keys));
    const found = path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], data);
    const expected = issue.message.replace(/^(Invalid|Too)[^:]*: /, '').replace(/, received .*$/, '');
    return [`${path.join('.') || 'the recipe'}: found ${shown(found)}, ${expected}`];
  });
}
