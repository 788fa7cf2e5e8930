import type { Dataset } from 'microaction';
import { type AnnotationFile, formatNamed, type WriteOptions, writeAnnotations } from 'microaction/formats';
import type { ProjectScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { datasetOf, noteLooks, ofSource, readableCodings, type SourcedCoding } from '../results/sources.ts';
import { codebookOf } from './codebook.ts';
import { codebookHtml } from './codebookText.ts';
import { decisionsTable } from './decisionsTable.ts';
import { safeFileName } from './fileResponse.ts';
import { clipNames } from './videoNames.ts';

export interface ExportOptions {
  /** Name of a format. */
  readonly format: string;
  /** `final`, `coder:ACCOUNT`, `model:NAME`, or `all`: everybody's, each in a folder. */
  readonly source: string;
  /** One video only. */
  readonly video?: string;
  /** Adds the codebook. */
  readonly codebook: boolean;
}

/**
 * Codings as files in a format that others read; only what the asker may read. With `all`, also who decided what.
 *
 * @returns one or more files; names may hold a folder and are all different
 * @throws UsageError for a format that is none; UserError `no-such-source`, and what the format says where it cannot
 * hold the codings
 */
export async function exportAnnotations(
  studio: StudioContext,
  scope: ProjectScope,
  options: ExportOptions,
): Promise<AnnotationFile[]> {
  const format = formatNamed(options.format);
  const readable = readableCodings(studio, scope, options.video);
  const isAll = options.source === 'all';
  const chosen = isAll ? readable : ofSource(readable, options.source);
  const nameOf = clipNames(readable.map(({ video }) => video));
  noteLooks(studio, scope, chosen);
  const folders = new Set<string>();
  const files = [...Map.groupBy(chosen, ({ source }) => source).values()].flatMap((some) => {
    const dataset = datasetOf(studio, scope, some, nameOf);
    const name = fileName(scope, some, dataset);
    const written = writeAnnotations(dataset, format, name, writeOptions(scope, some[0]));
    return isAll ? inFolder(uniqueIn(folders, folderName(some[0])), written) : written;
  });
  const extras: AnnotationFile[] = [];
  if (isAll) extras.push({ name: 'decisions.csv', content: decisionsTable(studio, scope, chosen, nameOf) });
  if (options.codebook || isAll) {
    extras.push({ name: 'codebook.html', content: codebookHtml(await codebookOf(studio, scope, options), 'en') });
  }
  return [...files, ...extras];
}

// ---- below: internals ----

function writeOptions({ caller }: ProjectScope, { coding, title }: SourcedCoding): WriteOptions {
  return coding.kind === 'model' ? { model: title } : { author: coding.kind === 'coder' ? title : caller.name };
}

/** Of a file that holds all clips: after its only video, or after the project. */
function fileName({ project }: ProjectScope, [{ title }]: readonly SourcedCoding[], { clips }: Dataset): string {
  const of = clips.length === 1 ? clips[0].id : project.name;
  return safeFileName(`${of} ${title}`);
}

const folderName = ({ coding, title }: SourcedCoding) =>
  safeFileName(coding.kind === 'final' ? 'final' : `${coding.kind} ${title}`);

function uniqueIn(taken: Set<string>, name: string): string {
  let unique = name;
  for (let i = 2; taken.has(unique.toLowerCase()); i++) unique = `${name}-${i}`;
  taken.add(unique.toLowerCase());
  return unique;
}

const inFolder = (folder: string, files: readonly AnnotationFile[]): AnnotationFile[] =>
  files.map(({ name, content }) => ({ name: `${folder}/${name}`, content }));
