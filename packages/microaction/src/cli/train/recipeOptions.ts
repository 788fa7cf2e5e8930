import { join } from 'node:path';
import { parseJson } from '../../annotation/formats/json.ts';
import { UsageError, UserError } from '../../errors.ts';
import { readText } from '../../files/readText.ts';
import type { Recipe } from '../../training/recipe.ts';

export interface RecipeOptions {
  /** Of a built-in recipe, or a file. */
  readonly recipe?: string;
  /** `key.path=value` */
  readonly set: readonly string[];
}

/** The recipe that options name, with its settings. @throws UserError `bad-recipe`, `no-such-file` ... */
export async function readRecipe(
  { recipe: name, set }: RecipeOptions & { readonly recipe: string },
  builtIn: Readonly<Record<string, unknown>>,
): Promise<Recipe> {
  const { parseRecipe, withSettings } = await recipes();
  if (Object.hasOwn(builtIn, name)) return parseRecipe(withSettings(builtIn[name], set, name), name);
  const text = await readText(name).catch((error) => {
    if (!(error instanceof UserError) || error.code !== 'no-such-file' || name.includes('.')) throw error;
    const known = Object.keys(builtIn).join(', ');
    throw new UsageError(`There is no recipe "${name}"; known: ${known}; or name a JSON file.`);
  });
  return parseRecipe(withSettings(parseJson(text, name), set, name), name);
}

/** Where a run keeps the recipe that it was begun with. */
export const recipePath = (run: string): string => join(run, 'recipe.json');

/**
 * The recipe of a run that is gone on with. What else is asked for must be the same.
 *
 * @throws UserError `no-checkpoint` where there is no run; UsageError naming each key that differs
 */
export async function recipeOfRun(
  run: string,
  { recipe: name, set }: RecipeOptions,
  builtIn: Readonly<Record<string, unknown>>,
): Promise<Recipe> {
  const path = recipePath(run);
  const text = await readText(path).catch((error) => {
    if (!(error instanceof UserError) || error.code !== 'no-such-file') throw error;
    throw new UserError('no-checkpoint', `${run}: there is no run to go on with; start without --resume`);
  });
  const { differences, parseRecipe, withSettings } = await recipes();
  const begun = parseRecipe(parseJson(text, path), path);
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
