import { type AnnotationFile, formatNamed, type WriteOptions } from 'microaction/formats';
import type { Language } from '../../contract/common.ts';
import type { ProjectScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { plain } from '../results/plainDataset.ts';
import { datasetOf, noteLooks, ofSource, readableCodings, type SourcedCoding } from '../results/sources.ts';
import { codebookOf } from './codebook.ts';
import { codebookHtml } from './codebookText.ts';
import { decisionsTable } from './decisionsTable.ts';
import type { WritePart } from './exchangeTasks.ts';
import { exchangeThread } from './exchangeThread.ts';
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
  /** Of the codebook. */
  readonly language: Language;
}

/**
 * Codings as a file in a format that others read, or as an archive where it is several; only what the asker may read.
 * With `all` the archive also holds who decided what, and the codebook.
 *
 * @throws UsageError for a format that is none; UserError `no-such-source`, and what the format says where it cannot
 * hold the codings
 */
export async function exportAnnotations(
  studio: StudioContext,
  scope: ProjectScope,
  options: ExportOptions,
): Promise<AnnotationFile> {
  const format = formatNamed(options.format).name;
  const readable = readableCodings(studio, scope, options.video);
  const isAll = options.source === 'all';
  const chosen = isAll ? readable : ofSource(readable, options.source);
  const nameOf = clipNames(readable.map(({ video }) => video));
  noteLooks(studio, scope, chosen);
  const folderOf = folderNames();
  const parts: WritePart[] = [];
  for (const some of Map.groupBy(chosen, ({ source }) => source).values()) {
    const data = plain(await datasetOf(studio, scope, some, nameOf));
    const of = data.clips.length === 1 ? data.clips[0].id : scope.project.name;
    const name = safeFileName(`${of} ${some[0].title}`);
    parts.push({ folder: isAll ? folderOf(some[0]) : null, name, data, options: writeOptions(scope, some[0]) });
  }
  const extras: AnnotationFile[] = [];
  if (isAll) extras.push({ name: 'decisions.csv', content: decisionsTable(studio, scope, chosen, nameOf) });
  if (isAll || options.codebook) {
    extras.push({
      name: 'codebook.html',
      content: codebookHtml(await codebookOf(studio, scope, options), options.language),
    });
  }
  const archiveName = `${scope.project.name} ${format}.zip`;
  return exchangeThread.run('write', { format, parts, extras, archiveName });
}

// ---- below: internals ----

function writeOptions({ caller }: ProjectScope, { coding, title }: SourcedCoding): WriteOptions {
  return coding.kind === 'model' ? { model: title } : { author: coding.kind === 'coder' ? title : caller.name };
}

/** A folder for each source, no two alike, also where case does not count. */
function folderNames(): (source: SourcedCoding) => string {
  const taken = new Set<string>();
  return ({ coding, title }) => {
    const name = safeFileName(coding.kind === 'final' ? 'final' : `${coding.kind} ${title}`);
    let unique = name;
    for (let i = 2; taken.has(unique.toLowerCase()); i++) unique = `${name}-${i}`;
    taken.add(unique.toLowerCase());
    return unique;
  };
}
