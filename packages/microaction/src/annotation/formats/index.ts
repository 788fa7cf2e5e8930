import { UsageError, UserError } from '../../errors.ts';
import { boris } from './boris.ts';
import { borisEvents } from './borisEvents.ts';
import { csv, tsv } from './csv.ts';
import { eaf } from './eaf.ts';
import type { AnnotationFormat, ReadContext, ReadResult } from './format.ts';
import { json } from './json.ts';
import { mma52 } from './mma52.ts';
import { opentad } from './opentad.ts';

export type { AnnotationFormat, FormatName, Loss, ReadContext, ReadResult, WriteOptions } from './format.ts';
export { oneClipEach } from './format.ts';

/** Every format, in the order in which an unknown text is tried. */
export const formats: readonly AnnotationFormat[] = [eaf, boris, json, opentad, mma52, borisEvents, csv, tsv];

/** @throws UsageError that lists the names. */
export function formatNamed(name: string): AnnotationFormat {
  const found = formats.find((format) => format.name === name.trim().toLowerCase());
  if (found) return found;
  throw new UsageError(`There is no format "${name}"; there are ${formats.map((format) => format.name).join(', ')}.`);
}

/** The format of a text, by its content and the ending of its file's name. @throws UserError where none fits. */
export function formatOf(text: string, fileName: string): AnnotationFormat {
  const found = formats.find((format) => format.recognises(text, fileName));
  if (found) return found;
  const known = formats.map((format) => `${format.title} (${format.fileEnding})`).join(', ');
  throw new UserError('unknown-format', `${fileName} is in no known annotation format. Known: ${known}.`);
}

/** Reads a text in whichever format it is. */
export function readAnnotations(text: string, context: ReadContext): ReadResult {
  return formatOf(text, context.source).read(text, context);
}
