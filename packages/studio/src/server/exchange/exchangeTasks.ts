import { Taxonomy, type TaxonomyData } from 'microaction';
import { type AnnotationFile, formatNamed, type WriteOptions, writeAnnotations, zip } from 'microaction/formats';
import { fromPlain, type PlainDataset } from '../results/plainDataset.ts';
import { type ReadImport, readImport } from './readImport.ts';

/** Codings of one source, to be written in a format. */
export interface WritePart {
  /** The archive's folder for its files; null for none. */
  readonly folder: string | null;
  /** Of a file that holds all clips, without ending. */
  readonly name: string;
  readonly data: PlainDataset;
  readonly options: WriteOptions;
}

export interface WriteTask {
  readonly format: string;
  readonly parts: readonly WritePart[];
  /** Other files for the archive. */
  readonly extras: readonly AnnotationFile[];
  /** Of an archive, where it is several files. */
  readonly archiveName: string;
}

export interface ReadTask {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly taxonomy: TaxonomyData;
  readonly format?: string;
}

/** What takes too long for the thread that answers requests. */
export type ExchangeTasks = {
  /** One file: the only one, or an archive. */
  write(task: WriteTask): AnnotationFile;
  read(task: ReadTask): ReadImport;
};

export const exchangeTasks: ExchangeTasks = {
  write({ format: formatName, parts, extras, archiveName }) {
    const format = formatNamed(formatName);
    const written = parts.flatMap(({ folder, name, data, options }) => {
      const files = writeAnnotations(fromPlain(data), format, name, options);
      return folder === null ? files : files.map((file) => ({ ...file, name: `${folder}/${file.name}` }));
    });
    const files = [...written, ...extras];
    if (files.length === 1) return files[0];
    return { name: archiveName, content: zip(new Map(files.map(({ name, content }) => [name, bytesOf(content)]))) };
  },

  read: ({ bytes, name, taxonomy, format }) => readImport(bytes, name, new Taxonomy(taxonomy), format),
};

// ---- below: internals ----

const bytesOf = (content: string | Uint8Array) =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;
