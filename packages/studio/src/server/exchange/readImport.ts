import { gunzipSync } from 'node:zlib';
import { type Clip, compareInstances, type Instance, type Taxonomy, UserError } from 'microaction';
import {
  type AnyFormat,
  formatNamed,
  formatOf,
  isZip,
  joinFiles,
  type ReadResult,
  readAnnotations,
  unzip,
} from 'microaction/formats';
import { baseName } from './videoNames.ts';

export interface ReadImport {
  /** Name of the format that it is in. */
  readonly format: string;
  /** Whose predictions they are: named in the file or, where it is not, after it. */
  readonly model: string;
  readonly warnings: string[];
  /** Actions under their names in the project. */
  readonly clips: readonly Clip[];
}

/**
 * Reads an uploaded file of annotations in any known format, also compressed (`.gz`), or an archive of files of one
 * format (`.zip`): what an export of a format with a file a video is.
 *
 * @param name - of the file on the person's machine: tells the format where the content does not
 * @param format - name of the format; absent: told from the content
 * @throws UserError `unknown-format`, `bad-annotations`, `bad-zip`, `unknown-action` and what else the format says is
 * wrong
 */
export function readImport(bytes: Uint8Array, name: string, taxonomy: Taxonomy, format?: string): ReadImport {
  const isPacked = /\.gz$/i.test(name);
  const source = isPacked ? name.slice(0, -3) : name;
  const content = isPacked ? unpacked(bytes, name) : bytes;
  const given = format === undefined ? undefined : formatNamed(format);
  const isArchive = isZip(content) && !given?.binary && /\.zip$/i.test(source);
  const read = isArchive ? readArchive(content, source, taxonomy, given) : readOne(content, source, taxonomy, given);
  const { dataset, warnings } = read.result;
  const { model } = (dataset.foreign?.document ?? {}) as { readonly model?: unknown };
  return {
    format: read.format.name,
    model: (typeof model === 'string' && model.trim().slice(0, 120)) || baseName(source),
    warnings: [...warnings],
    clips: dataset.clips.map((clip) => inScheme(clip, taxonomy, name)),
  };
}

// ---- below: internals ----

const mostUnpackedBytes = 256 * 2 ** 20;
const mostFiles = 10_000;

interface ReadFile {
  readonly source: string;
  readonly format: AnyFormat;
  readonly result: ReadResult;
}

function readOne(content: Uint8Array, source: string, taxonomy: Taxonomy, given: AnyFormat | undefined): ReadFile {
  const format = given ?? formatOf(content, source);
  return { source, format, result: readAnnotations(content, { source, taxonomy }, format) };
}

/** The files of an archive as one. What our own exports add to annotations, and what systems leave behind, is passed over. */
function readArchive(bytes: Uint8Array, name: string, taxonomy: Taxonomy, given: AnyFormat | undefined): ReadFile {
  const all = [...unzip(bytes, name, { files: mostFiles, bytes: mostUnpackedBytes })];
  const files = all
    .filter(([path]) => !isAside(path))
    .map(([path, content]) => ({ source: `${name}/${path}`, content }));
  if (files.length === 0) {
    throw new UserError(
      'unknown-format',
      `${name} holds no file of annotations. Nothing was imported: is it the right archive?`,
    );
  }
  const format = given ?? formatOf(files[0].content, files[0].source);
  const read = files.map(({ source, content }) => {
    const own = given ?? formatOf(content, source);
    if (own === format) return readOne(content, source, taxonomy, format);
    const message = `${source} is ${own.title}, but ${files[0].source} is ${format.title}. Nothing was imported: keep files of one format in an archive.`;
    throw new UserError('bad-annotations', message);
  });
  return { source: name, format, result: joinFiles(read) };
}

const isAside = (path: string) =>
  /(^|\/)(\.|__MACOSX\/)/.test(path) || /^(codebook\.(html|md|csv)|decisions\.csv)$/.test(path);

function unpacked(bytes: Uint8Array, name: string): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: mostUnpackedBytes });
  } catch {
    const message = `${name} is no gzip file, or unpacks to more than 256 MiB. Nothing was imported: unpack it and send what is in it.`;
    throw new UserError('bad-annotations', message);
  }
}

/** A file may bring a scheme of its own; what counts is whether its actions are in the project's. */
function inScheme(clip: Clip, taxonomy: Taxonomy, name: string): Clip {
  const instances = clip.instances.map((instance): Instance => {
    const action = taxonomy.find(instance.action);
    if (action) return { ...instance, action: action.name };
    const message = `${name}, video ${clip.id}: found the action "${instance.action}", which is not in the coding scheme ${taxonomy.name} of this project. Nothing was imported.`;
    throw new UserError('unknown-action', message);
  });
  return { ...clip, instances: instances.sort(compareInstances) };
}
