import { UserError } from '../../errors.ts';
import type { Problems } from '../../problems.ts';
import type { Action, Taxonomy } from '../../taxonomy/taxonomy.ts';

/** The action of a name, code, variant or id, where an id may be written as text. */
export function findAction(label: string | number, taxonomy: Taxonomy): Action | undefined {
  const found = taxonomy.find(label);
  if (found || typeof label === 'number' || !/^\s*\d+\s*$/.test(label)) return found;
  return taxonomy.find(Number(label));
}

/** As `findAction`; a label that means none is a problem, told with the likeliest meant. */
export function requireAction(
  label: string | number,
  taxonomy: Taxonomy,
  problems: Problems,
  where: string,
): Action | undefined {
  const action = findAction(label, taxonomy);
  if (!action) problems.add(where, whyUnknown(label, taxonomy));
  return action;
}

/** Why a label means no action, with the likeliest meant. */
export function whyUnknown(label: string | number, taxonomy: Taxonomy): string {
  try {
    return `"${taxonomy.get(label).name}" is known`;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
