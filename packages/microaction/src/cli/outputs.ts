import { stat } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import type { Clip } from '../annotation/dataset.ts';
import type { FormatName } from '../annotation/formats/format.ts';
import { UserError } from '../errors.ts';
import { writeAtomically } from '../files/writeAtomically.ts';
import type { Detection } from '../inference/detection.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';

export interface OutputRequest {
  readonly formats: readonly FormatName[];
  /** Whether to write the page. */
  readonly report: boolean;
  /** Where files go; made when the first is written. */
  readonly folder: string;
  readonly overwrite: boolean;
  readonly taxonomy: Taxonomy;
}

/** The files that are written of each video. */
export class Outputs {
  readonly #request: OutputRequest;
  readonly #kinds: readonly OutputKind[];

  private constructor(request: OutputRequest, kinds: readonly OutputKind[]) {
    this.#request = request;
    this.#kinds = kinds;
  }

  static async load(request: OutputRequest): Promise<Outputs> {
    const kinds = request.formats.map((name) => formatKind(name, request));
    return new Outputs(request, await Promise.all(request.report ? [...kinds, pageKind(request)] : kinds));
  }

  /** @throws UserError `exists` unless everything of this name may be written. */
  async check(name: string): Promise<void> {
    if (this.#request.overwrite) return;
    for (const path of this.#pathsOf(name)) {
      if (!(await stat(path).catch(() => undefined))) continue;
      const advice = 'add --overwrite to replace it, or name another folder with --out';
      throw new UserError('exists', `${path}: already there; ${advice}`);
    }
  }

  /** Writes all of one video. Returns the paths. */
  async write(name: string, file: string, detection: Detection, signal: AbortSignal): Promise<readonly string[]> {
    const paths = this.#pathsOf(name);
    for (const [i, { content }] of this.#kinds.entries()) {
      await writeAtomically(paths[i], content({ name, file, detection, path: paths[i] }), { signal });
    }
    return paths;
  }

  #pathsOf(name: string): string[] {
    return this.#kinds.map(({ ending }) => join(this.#request.folder, name + ending));
  }
}

/** What was found, as a clip of a data set. `file` is the video's path as the document is to say it. */
export function clipOf(id: string, file: string, { info, instances }: Detection): Clip {
  return {
    id,
    file,
    durationSeconds: info.durationSeconds,
    frameRate: info.frameRate,
    widthPixels: info.widthPixels,
    heightPixels: info.heightPixels,
    instances: instances.map(({ action, start, end, score, reason }) => ({ action, start, end, score, reason })),
  };
}

// ---- below: internals ----

interface OutputKind {
  readonly ending: string;
  content(video: {
    readonly name: string;
    readonly file: string;
    readonly detection: Detection;
    /** Of the file to be written. */
    readonly path: string;
  }): string | Uint8Array;
}

async function formatKind(formatName: FormatName, { folder, taxonomy }: OutputRequest): Promise<OutputKind> {
  const { formatNamed, formats } = await import('../annotation/formats/index.ts');
  const format = formatNamed(formatName);
  const shared = formats.filter(({ fileEnding }) => fileEnding === format.fileEnding).length > 1;
  return {
    // Several formats are tables or JSON: `.opentad.json` stands beside `.json`.
    ending: shared && format.fileEnding !== `.${formatName}` ? `.${formatName}${format.fileEnding}` : format.fileEnding,
    content({ name, file, detection }) {
      const clip = clipOf(name, pathFrom(folder, file), detection);
      const date = new Date().toISOString();
      return format.write({ taxonomy, clips: [clip] }, { model: detection.model, folder: resolve(folder), date });
    },
  };
}

async function pageKind({ taxonomy }: OutputRequest): Promise<OutputKind> {
  const [{ reportPage }, { relativeUrl }] = await Promise.all([
    import('../report/reportPage.ts'),
    import('../report/relativeUrl.ts'),
  ]);
  return {
    ending: '.html',
    content: ({ file, detection, path }) =>
      reportPage({ detection, videoUrl: relativeUrl(path, file), title: basename(file) }, { taxonomy }),
  };
}

/** The path of a file as a document in the folder says it. */
const pathFrom = (folder: string, file: string) => relative(resolve(folder), resolve(file)).split(sep).join('/');
