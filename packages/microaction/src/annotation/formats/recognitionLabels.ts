import { UserError } from '../../errors.ts';
import { Problems, shown } from '../../problems.ts';
import type { RecognitionList } from '../recognitionList.ts';
import { type ReadContext, withoutMark } from './format.ts';
import { parseJson } from './json.ts';
import { findAction } from './labels.ts';
import { readMa52List } from './ma52List.ts';

/**
 * Reads the labels of clips that show one action each: a list of MA-52, or JSON `{ "videos": [...], "labels": [...] }`
 * with ids or names of actions.
 *
 * @throws UserError `bad-annotations` with all that is wrong
 */
export function readRecognitionLabels(
  text: string,
  context: Pick<ReadContext, 'source' | 'taxonomy'>,
): { list: RecognitionList; warnings: string[] } {
  if (!/^\s*[[{]/.test(withoutMark(text))) return readMa52List(text, context);
  const { source, taxonomy } = context;
  const { videos, labels } = (parseJson(text, source) ?? {}) as { videos?: unknown; labels?: unknown };
  if (!Array.isArray(videos) || !Array.isArray(labels) || videos.length !== labels.length || videos.length === 0) {
    const counts = [videos, labels].map((list) => (Array.isArray(list) ? list.length : 'no'));
    throw new UserError(
      'bad-annotations',
      `${source}: found ${counts[0]} videos and ${counts[1]} labels, expected { "videos": [...], "labels": [...] }, as many of each`,
    );
  }
  const problems = new Problems(source);
  const seen = new Set<unknown>();
  const clips = videos.map((file, i) => {
    const label: unknown = labels[i];
    const action = typeof label === 'number' || typeof label === 'string' ? findAction(label, taxonomy) : undefined;
    if (typeof file !== 'string' || file === '') problems.add(`videos[${i}]`, `found ${shown(file)}, expected a name`);
    if (seen.has(file)) problems.add(`videos[${i}]`, `${shown(file)} occurs twice`);
    seen.add(file);
    if (!action) problems.add(`labels[${i}]`, `found ${shown(label)}, expected an action of ${taxonomy.name}`);
    return { file: String(file), action: action?.name ?? '' };
  });
  problems.throwIfAny();
  return { list: { clips }, warnings: [] };
}
