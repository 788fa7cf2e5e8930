import { join } from 'node:path';
import { parseJson } from '../../annotation/formats/json.ts';
import { UsageError, UserError } from '../../errors.ts';
import { readText } from '../../files/readText.ts';
import type { RecipeOf, Task } from '../../training/recipe.ts';

export interface RecipeOptions {
  /** Of a built-in recipe, or a file. */
  readonly recipe?: string;
  /** `key.path=value` */
  readonly set: readonly string[];
}

/** The built-in recipes of a task, by name. */
export interface BuiltInRecipes<T extends Task> {
  readonly task: T;
  readonly recipes: Readonly<Record<string, unknown>>;
}

/** The recipe that options name, with its settings. @throws UserError `bad-recipe`, `wrong-task`, `no-such-file` ... */
export async function readRecipe<T extends Task>(
  { recipe: name, set }: RecipeOptions & { readonly recipe: string },
  { task, recipes: builtIn }: BuiltInRecipes<T>,
): Promise<RecipeOf<T>> {
  const { parseRecipe, requireTask, withSettings } = await recipes();
  const parsed = (data: unknown) => requireTask(parseRecipe(withSettings(data, set, name), name), task, name);
  if (Object.hasOwn(builtIn, name)) return parsed(builtIn[name]);
  const text = await readText(name).catch((error) => {
    if (!(error instanceof UserError) || error.code !== 'no-such-file' || name.includes('.')) throw error;
    const known = Object.keys(builtIn).join(', ');
    throw new UsageError(`There is no recipe "${name}"; known: ${known}; or name a JSON file.`);
  });
  return parsed(parseJson(text, name));
}

/** Where a run keeps the recipe that it was begun with. */
export const recipePath = (run: string): string => join(run, 'recipe.json');

/**
 * The recipe of a run that is gone on with. What else is asked for must be the same.
 *
 * @throws UserError `no-checkpoint` where there is no run; UsageError naming each key that differs
 */
export async function recipeOfRun<T extends Task>(
  run: string,
  { recipe: name, set }: RecipeOptions,
  builtIn: BuiltInRecipes<T>,
): Promise<RecipeOf<T>> {
  const path = recipePath(run);
  const text = await readText(path).catch((error) => {
    if (!(error instanceof UserError) || error.code !== 'no-such-file') throw error;
    throw new UserError('no-checkpoint', `${run}: there is no run to go on with; start without --resume`);
  });
  const { differences, parseRecipe, requireTask, withSettings } = await recipes();
  const begun = requireTask(parseRecipe(parseJson(text, path), path), builtIn.task, path);
  if (name === undefined && set.length === 0) return begun;
  const asked =
    name === undefined
      ? parseRecipe(withSettings(begun, set, path), path)
      : await readRecipe({ recipe: name, set }, builtIn);
  const differing = differences({ ...begun, taxonomy: null }, { ...asked, taxonomy: null });
  if (differing.length === 0) return begun;
  throw new UsageError(
    `${run} was begun with another recipe; leave out --recipe and --set, or begin anew in another folder:\n  ${differing.join('\n  ')}`,
  );
}

// ---- below: internals ----

/** Heavy: they know all models. */
const recipes = () => import('../../training/recipe.ts');
