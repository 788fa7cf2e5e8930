import { UsageError, UserError } from '../../errors.ts';
import type { Dataset } from '../dataset.ts';
import { anvil } from './anvil.ts';
import { boris } from './boris.ts';
import { borisEvents } from './borisEvents.ts';
import { csv, tsv } from './csv.ts';
import { cvat } from './cvat.ts';
import { datavyu } from './datavyu.ts';
import { decodeText } from './decodeText.ts';
import { eaf } from './eaf.ts';
import type { AnyFormat, ReadContext, ReadResult, WriteOptions } from './format.ts';
import { json } from './json.ts';
import { labelStudio } from './labelStudio.ts';
import { mma52 } from './mma52.ts';
import { opentad } from './opentad.ts';
import { partsOf } from './parts.ts';
import { textgrid } from './textgrid.ts';
import { thumos } from './thumos.ts';
import { via } from './via.ts';

export { parseTaxonomy } from '../../taxonomy/taxonomyFile.ts';
export { isZip, unzip, zip } from '../zip.ts';
export type {
  AnnotationFormat,
  AnyFormat,
  BinaryFormat,
  FormatName,
  Loss,
  Part,
  ReadContext,
  ReadResult,
  WriteOptions,
} from './format.ts';
export { oneClipEach } from './format.ts';
export { joinFiles, partsOf } from './parts.ts';

/** Every format, in the order in which unknown content is tried. */
export const formats: readonly AnyFormat[] = [
  datavyu,
  eaf,
  anvil,
  textgrid,
  cvat,
  boris,
  via,
  json,
  labelStudio,
  opentad,
  mma52,
  borisEvents,
  csv,
  tsv,
  thumos,
];

/** @throws UsageError that lists the names. */
export function formatNamed(name: string): AnyFormat {
  const found = formats.find((format) => format.name === name.trim().toLowerCase());
  if (found) return found;
  throw new UsageError(`There is no format "${name}"; there are ${formats.map((format) => format.name).join(', ')}.`);
}

/** The format of a content, by itself and the ending of its file's name. @throws UserError where none fits. */
export function formatOf(content: string | Uint8Array, fileName: string): AnyFormat {
  const found =
    typeof content === 'string'
      ? formats.find((format) => !format.binary && format.recognises(content, fileName))
      : formats.find((format) => format.binary && format.recognises(content, fileName));
  if (found) return found;
  if (typeof content !== 'string') {
    const older = formats.find(
      (format) => !format.binary && format.olderEncoding && format.recognises(olderText(content), fileName),
    );
    return older ?? formatOf(decodeText(content, fileName), fileName);
  }
  const known = formats.map((format) => `${format.title} (${format.fileEnding})`).join(', ');
  throw new UserError('unknown-format', `${fileName} is in no known annotation format. Known: ${known}.`);
}

/** Reads a file's content in whichever format it is, or in the given one. */
export function readAnnotations(
  content: string | Uint8Array,
  context: ReadContext,
  format: AnyFormat = formatOf(content, context.source),
): ReadResult {
  if (format.binary) {
    if (typeof content !== 'string') return format.read(content, context);
    throw new UserError('bad-annotations', `${context.source} is text, and ${format.title} files are not`);
  }
  if (typeof content === 'string') return format.read(content, context);
  return format.read(
    format.olderEncoding ? decodeAny(content, context.source) : decodeText(content, context.source),
    context,
  );
}

/** A file to be written: its name with its ending, and what is in it. */
export interface AnnotationFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/**
 * The files that say a data set in a format: one, called `name`, or one for each of its `partsOf`, called
 * as these are. No two names are alike, also where case does not count.
 */
export function writeAnnotations(
  dataset: Dataset,
  format: AnyFormat,
  name: string,
  options: WriteOptions = {},
): AnnotationFile[] {
  return partsOf(dataset, format, name).map((part) => ({
    name: `${part.name}${format.fileEnding}`,
    content: format.write(part.dataset, options),
  }));
}

// ---- below: internals ----

const olderText = (bytes: Uint8Array) => new TextDecoder('windows-1252').decode(bytes);

function decodeAny(bytes: Uint8Array, source: string): string {
  try {
    return decodeText(bytes, source);
  } catch {
    return olderText(bytes);
  }
}
