import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Clip, Dataset } from '../dataset.ts';

export type FormatName =
  | 'json'
  | 'csv'
  | 'tsv'
  | 'mma52'
  | 'eaf'
  | 'boris'
  | 'boris-events'
  | 'opentad'
  | 'via'
  | 'cvat'
  | 'label-studio'
  | 'datavyu'
  | 'thumos'
  | 'textgrid'
  | 'anvil';

export interface ReadContext {
  /** Names the document in messages; the name of its file gives an id to a clip that has none. */
  readonly source: string;
  /** What labels mean, unless the document brings its own taxonomy. */
  readonly taxonomy: Taxonomy;
  /** Frames per second of documents that count frames without saying how fast. */
  readonly frameRate?: number;
}

export interface ReadResult {
  readonly dataset: Dataset;
  /** What could not be kept or had to be guessed, one sentence each. */
  readonly warnings: string[];
}

export interface WriteOptions {
  /** Name of the detector, where the format has a place for it. */
  readonly model?: string;
  /** Frames per second of clips that do not say, in formats that count frames. */
  readonly frameRate?: number;
  /** Absolute path of the folder the document goes to, so that it can name its video both ways. */
  readonly folder?: string;
  readonly author?: string;
  /** ISO 8601 moment of writing. Absent: a fixed one, so that the same data gives the same bytes. */
  readonly date?: string;
  /** OpenTAD only. Absent: predictions when any instance has a score. */
  readonly layout?: 'truth' | 'predictions';
}

/** What of a data set a format has no place for. */
export type Loss = keyof Omit<Clip, 'id' | 'instances' | 'foreign'> | 'score' | 'reason' | 'clips without instances';

/** A part of a data set that goes to a file of its own; `name` is that file's, without ending. */
export interface Part {
  readonly name: string;
  readonly dataset: Dataset;
}

interface FormatOf<Content> {
  readonly name: FormatName;
  /** For people. */
  readonly title: string;
  /** With its dot. */
  readonly fileEnding: string;
  /** `write` then takes data sets of one clip; see `oneClipEach`. */
  readonly oneClipPerFile: boolean;
  /** `write` then throws. */
  readonly readOnly?: true;
  /** Where files are divided otherwise than by clip and their names mean something; `write` then takes one part. */
  parts?(dataset: Dataset): Part[];
  /** How exactly times are kept; absent: as they are. */
  readonly timeStep?: 'millisecond' | 'frame';
  readonly loses: readonly Loss[];
  /** @throws UserError `bad-annotations`, naming all that is wrong. */
  read(content: Content, context: ReadContext): ReadResult;
  /** @throws UserError where the data set cannot be said in this format. */
  write(dataset: Dataset, options?: WriteOptions): Content;
  /** Whether a content looks like this format; the file's name may decide between likes. */
  recognises(content: Content, fileName: string): boolean;
}

/** A format that is text, as nearly all are. */
export interface AnnotationFormat extends FormatOf<string> {
  readonly binary?: false;
  /** What files that are not Unicode may be encoded in; absent: they are refused. */
  readonly olderEncoding?: 'windows-1252';
}

/** A format whose files are no text. */
export interface BinaryFormat extends FormatOf<Uint8Array> {
  readonly binary: true;
}

export type AnyFormat = AnnotationFormat | BinaryFormat;

/** One data set for each clip, for the formats that hold one clip a file. */
export function oneClipEach(dataset: Dataset): Dataset[] {
  return dataset.clips.map((clip) => ({ ...dataset, clips: [clip] }));
}

/** A text without its byte order mark. */
export const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text);

/** `videos/interview.mp4` gives `interview`; either slash. */
export function baseName(path: string): string {
  const name = path.replace(/^.*[\\/]/, '');
  return name.replace(/(?<=.)\.[^.]*$/, '');
}
