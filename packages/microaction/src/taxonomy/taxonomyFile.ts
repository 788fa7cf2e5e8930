import { z } from 'zod';
import { Problems } from '../problems.ts';
import { type Action, Taxonomy } from './taxonomy.ts';

// Names go into file formats of one line a field, so they hold no line break and no blank at either end.
const label = z.string().regex(/^[^\p{Cc}\p{Cs}\s](?:[^\p{Cc}\p{Cs}\u2028\u2029]*[^\p{Cc}\p{Cs}\s])?$/u, {
  error: 'expected a name without line breaks, and without a blank at its start or end',
});

/** The content of the file that `--taxonomy` takes. */
export const taxonomySchema = z.strictObject({
  name: label.describe('Name of the taxonomy.'),
  bodyParts: z
    .array(z.strictObject({ code: label.describe('Short and unique.'), name: label }))
    .min(1)
    .describe('The groups that actions belong to.'),
  actions: z
    .array(
      z.strictObject({
        id: z.int().min(0).describe('Position in the official label list, from 0.'),
        code: label.describe('Code in the annotation manual, unique.'),
        name: label.describe('Canonical name, unique.'),
        description: z.string().default('').describe('What an observer must see.'),
        bodyPart: label.describe('Code of the body part.'),
        aliases: z.array(label).optional().describe('Other names it is known by.'),
      }),
    )
    .min(1),
});

/**
 * A taxonomy from the parsed content of its JSON file.
 *
 * @param source - names the file in messages
 * @throws UserError `bad-annotations` with all that is wrong
 */
export function parseTaxonomy(json: unknown, source: string): Taxonomy {
  const problems = new Problems(source);
  const parsed = taxonomySchema.safeParse(json);
  if (!parsed.success) {
    problems.addIssues(parsed.error, json);
    problems.throwIfAny();
    throw parsed.error;
  }
  const { bodyParts, actions } = parsed.data;
  noteRepeats(problems, 'bodyParts', 'code', bodyParts);
  noteRepeats(problems, 'bodyParts', 'name', bodyParts);
  noteRepeats(problems, 'actions', 'id', actions);
  const parts = new Set(bodyParts.map((part) => part.code));
  actions.forEach(({ bodyPart }, i) => {
    if (!parts.has(bodyPart)) problems.add(`actions[${i}].bodyPart`, `there is no body part "${bodyPart}"`);
  });
  const taxonomy = new Taxonomy(parsed.data);
  const unsayable = taxonomy.find('');
  if (unsayable) problems.add('actions', `"${unsayable.name}" (id ${unsayable.id}) has a label without a word in it`);
  if (problems.count === 0) for (const [i, action] of actions.entries()) noteAmbiguity(problems, taxonomy, action, i);
  problems.throwIfAny();
  return taxonomy;
}

// ---- below: internals ----

function noteRepeats<T>(problems: Problems, list: string, field: keyof T & string, items: readonly T[]): void {
  const first = new Map<unknown, number>();
  items.forEach((item, i) => {
    const earlier = first.get(item[field]);
    if (earlier === undefined) first.set(item[field], i);
    else problems.add(`${list}[${i}].${field}`, `"${item[field]}" is already that of ${list}[${earlier}]`);
  });
}

/** Every name, code and alias must lead back to its own action, in the forgiving way that labels are read. */
function noteAmbiguity(problems: Problems, taxonomy: Taxonomy, action: Action, i: number): void {
  const labels = { name: [action.name], code: [action.code], aliases: action.aliases ?? [] };
  for (const [field, texts] of Object.entries(labels)) {
    for (const text of texts) {
      const found = taxonomy.find(text);
      if (found?.id === action.id) continue;
      problems.add(`actions[${i}].${field}`, `"${text}" also means "${found?.name}" of id ${found?.id}; keep one`);
    }
  }
}
