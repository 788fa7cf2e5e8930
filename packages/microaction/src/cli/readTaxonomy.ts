import { readText } from '../files/readText.ts';
import { microActions52 } from '../taxonomy/microActions52.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';

/** The taxonomy that `--taxonomy` names; without it the 52 micro-actions. */
export async function readTaxonomy(path: string | undefined): Promise<Taxonomy> {
  if (path === undefined) return microActions52;
  const text = await readText(path);
  const [{ parseTaxonomy }, { parseJson }] = await Promise.all([
    import('../taxonomy/taxonomyFile.ts'),
    import('../annotation/formats/json.ts'),
  ]);
  return parseTaxonomy(parseJson(text, path), path);
}
