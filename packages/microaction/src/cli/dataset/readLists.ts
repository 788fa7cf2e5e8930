import { open } from 'node:fs/promises';
import type { NamedList } from '../../annotation/dataset/recognitionLists.ts';
import { UsageError } from '../../errors.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { stem } from '../inputs.ts';
import { readTaxonomy } from '../readTaxonomy.ts';
import type { Session } from '../session.ts';

/**
 * The paths as lists of clips of one action each, `train_list_videos.txt` of MA-52 and its like; undefined where they
 * are annotations.
 *
 * @throws UsageError where some are lists and some are not
 */
export async function readLists(
  session: Session,
  paths: readonly string[],
  options: { readonly taxonomy?: string },
): Promise<{ lists: NamedList[]; taxonomy: Taxonomy } | undefined> {
  const listed = await Promise.all(paths.map(looksLikeList));
  if (!listed.includes(true)) return undefined;
  const other = paths[listed.indexOf(false)];
  if (other !== undefined) {
    throw new UsageError(`${paths[listed.indexOf(true)]} is a list of clips, and ${other} is not; name one kind.`);
  }
  const [taxonomy, { readText }, { readMa52List }] = await Promise.all([
    readTaxonomy(options.taxonomy),
    import('../../files/readText.ts'),
    import('../../annotation/formats/ma52List.ts'),
  ]);
  const lists: NamedList[] = [];
  for (const source of paths) {
    const { list, warnings } = readMa52List(await readText(source, session), { source, taxonomy });
    for (const warning of warnings) session.note(warning);
    lists.push({ subset: stem(source).replace(/_list(_videos)?$/, ''), list });
  }
  return { lists, taxonomy };
}

// ---- below: internals ----

async function looksLikeList(path: string): Promise<boolean> {
  if (!/\.txt$/i.test(path)) return false;
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(1024) });
    return /^\uFEFF?\s*\S[^\r\n]*\.\w{2,5}[ \t]+\d+\s*(\r|\n|$)/.test(buffer.toString('utf8', 0, bytesRead));
  } catch {
    return false; // the reader says what is wrong
  }
}
