import { UserError } from '../../errors.ts';
import { Problems, shown } from '../../problems.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { RecognitionClip, RecognitionList } from '../recognitionList.ts';
import { type ReadContext, withoutMark } from './format.ts';

/**
 * Reads the lists of MA-52 (`train_list_videos.txt` ...): a line `name.mp4 label` for each clip, the label being
 * the id of its action. Any line ends, the last one may be missing; a name may hold blanks.
 *
 * @throws UserError `bad-annotations` with all lines that are wrong
 */
export function readMa52List(
  text: string,
  { source, taxonomy }: Pick<ReadContext, 'source' | 'taxonomy'>,
): { list: RecognitionList; warnings: string[] } {
  const problems = new Problems(source);
  const clips: RecognitionClip[] = [];
  const lineOf = new Map<string, number>();
  for (const [index, content] of withoutMark(text)
    .split(/\r\n|\r|\n/)
    .entries()) {
    const trimmed = content.trim();
    if (trimmed === '') continue;
    const line = index + 1;
    const blank = Math.max(trimmed.lastIndexOf(' '), trimmed.lastIndexOf('\t'));
    if (blank < 0) {
      problems.add(`line ${line}`, `found ${shown(trimmed)}, expected a name, a blank and a label`);
      continue;
    }
    const file = trimmed.slice(0, blank).trimEnd();
    const label = trimmed.slice(blank + 1);
    const action = /^\d+$/.test(label) ? taxonomy.find(Number(label)) : undefined;
    if (!action) {
      problems.add(`line ${line}, label`, `found ${shown(label)}, expected an id of the taxonomy ${taxonomy.name}`);
    }
    const before = lineOf.get(file);
    if (before !== undefined) problems.add(`line ${line}`, `${shown(file)} is on line ${before} too`);
    lineOf.set(file, line);
    if (action) clips.push({ file, action: action.name });
  }
  problems.throwIfAny();
  if (clips.length === 0) throw new UserError('bad-annotations', `${source} names no clip; expected "name.mp4 label"`);
  return { list: { clips }, warnings: warningsOf(clips, taxonomy, source) };
}

/** The names in such a list, whose labels may be hidden (0 for all), unknown or missing. */
export function namesInMa52List(text: string): string[] {
  const lines = withoutMark(text)
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim());
  return lines.filter(Boolean).map((line) => line.replace(/[ \t]+\d+$/, ''));
}

/** One line for each clip, in their order. @throws UserError `bad-annotations` where a clip cannot be said so */
export function writeMa52List(list: RecognitionList, taxonomy: Taxonomy): string {
  const problems = new Problems('The list');
  const seen = new Set<string>();
  const lines = list.clips.map(({ file, action }) => {
    if (file === '' || file !== file.trim() || /[\r\n]/.test(file)) {
      problems.add(shown(file), 'expected a name on one line, without blanks at its ends');
    }
    if (seen.has(file)) problems.add(shown(file), 'it occurs twice');
    seen.add(file);
    const known = taxonomy.find(action);
    if (!known) problems.add(shown(file), `found the action ${shown(action)}, which ${taxonomy.name} does not have`);
    return `${file} ${known?.id}\n`;
  });
  problems.throwIfAny();
  return lines.join('');
}

// ---- below: internals ----

function warningsOf(clips: readonly RecognitionClip[], taxonomy: Taxonomy, source: string): string[] {
  const warnings: string[] = [];
  const first = taxonomy.actions[0]?.name;
  if (clips.length > 1 && clips.every(({ action }) => action === first)) {
    warnings.push(`${source}: every label is the first one, as in test lists that hide their labels.`);
  }
  const twins = clips.length - new Set(clips.map(({ file }) => file.toLowerCase())).size;
  if (twins > 0) {
    warnings.push(
      `${source}: ${twins} names differ from another in case only; on a disk that ignores case one video replaces the other.`,
    );
  }
  return warnings;
}
