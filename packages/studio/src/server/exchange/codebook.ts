import { setImmediate } from 'node:timers/promises';
import type { Language } from '../../contract/common.ts';
import type { Results } from '../../contract/results.ts';
import type { ProjectScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { agreementOf } from '../results/agreementOf.ts';
import { countedInstances, factsOf, taxonomyOf } from '../results/codedContent.ts';
import { comparableCoders } from '../results/coderAgreement.ts';
import { noteLooks, readableCodings, type SourcedCoding, sourcesOf } from '../results/sources.ts';
import { codebookTexts } from './codebookTexts.ts';
import { clipNames } from './videoNames.ts';

export type CodebookCell = string | number | null;

export interface CodebookTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly CodebookCell[])[];
}

/** What whoever gets the data has to know of them. */
export interface Codebook {
  readonly title: string;
  readonly sections: readonly {
    readonly heading: string;
    readonly paragraphs: readonly string[];
    readonly table?: CodebookTable;
  }[];
}

/** The codebook of what the asker may read: settings, protocol, who coded what, agreement, the scheme with counts. */
export async function codebookOf(
  studio: StudioContext,
  scope: ProjectScope,
  { video, language = 'en' }: { readonly video?: string; readonly language?: Language } = {},
): Promise<Codebook> {
  const texts = codebookTexts[language];
  const { project } = scope;
  const codings = readableCodings(studio, scope, video);
  const comparable = comparableCoders(codings);
  noteLooks(studio, scope, codings);
  const agreement = comparable && (await agreementOf(studio, scope, comparable));
  const { sections } = texts;
  return {
    title: texts.title(project.name),
    sections: [
      { heading: sections.project, paragraphs: [], table: settings(studio, scope, language) },
      { heading: sections.protocol, paragraphs: texts.protocol(project) },
      { heading: sections.videos, paragraphs: [], table: whoCodedWhat(codings, language) },
      ...(agreement ? [agreementSection(agreement, language)] : []),
      {
        heading: sections.scheme,
        paragraphs: [texts.schemeNote],
        table: await scheme(studio, scope, codings, language),
      },
      {
        heading: sections.files,
        paragraphs: [texts.filesNote],
        table: { columns: texts.meaningColumns, rows: texts.meanings },
      },
    ],
  };
}

// ---- below: internals ----

function settings({ now, version }: StudioContext, { project }: ProjectScope, language: Language): CodebookTable {
  const { settingNames: names, settingColumns, yes, no } = codebookTexts[language];
  const rows = [
    [names.project, project.name],
    [names.written, `${now()} (microaction ${version})`],
    [names.scheme, taxonomyOf(project).name],
    [names.blind, project.blind ? yes : no],
    [names.codersWanted, project.codersWanted],
    [names.agreedAboveIou, project.agreedAboveIou],
    [names.sameFromIou, project.sameFromIou],
  ];
  return { columns: settingColumns, rows };
}

function whoCodedWhat(codings: readonly SourcedCoding[], language: Language): CodebookTable {
  const { videoColumns, kinds, statuses } = codebookTexts[language];
  const nameOf = clipNames(codings.map(({ video }) => video));
  const rows = codings.map(({ video, coding, title }) => {
    const facts = factsOf(video);
    return [
      ...[nameOf(video), video.path, video.subject || null],
      ...[facts?.durationSeconds ?? null, facts?.frameRate ?? null],
      ...[kinds[coding.kind], coding.kind === 'final' ? null : title, statuses[coding.status], coding.submittedAt],
    ];
  });
  return { columns: videoColumns, rows };
}

function agreementSection({ coders, videos, figures }: NonNullable<Results['agreement']>, language: Language) {
  const texts = codebookTexts[language];
  const rows = figures.map(({ name, level, meaning, estimate: { value, low, high } }) => {
    const [said, means] = texts.agreementFigures[name] ?? [name, meaning];
    return [said, texts.levels[level], rounded(value), rounded(low), rounded(high), means];
  });
  return {
    heading: texts.sections.agreement,
    paragraphs: [texts.agreementNote(coders, videos)],
    table: { columns: texts.agreementColumns, rows },
  };
}

const rounded = (value: number | null) => (value === null ? null : Number(value.toFixed(4)));

/** One row an action, with how often each source has it. */
async function scheme(
  studio: StudioContext,
  scope: ProjectScope,
  codings: readonly SourcedCoding[],
  language: Language,
): Promise<CodebookTable> {
  const taxonomy = taxonomyOf(scope.project);
  const sources = sourcesOf(studio, scope, codings);
  const countOf = await countsOf(studio, codings);
  const rows = taxonomy.bodyParts.flatMap((part) =>
    taxonomy
      .actionsOf(part.code)
      .map(({ code, name, description, id }) => [
        ...[code, name, part.name, id, description],
        ...sources.map(({ key }) => countOf(key, name)),
      ]),
  );
  const texts = codebookTexts[language];
  return { columns: [...texts.schemeColumns, ...sources.map(({ title }) => texts.countOf(title))], rows };
}

/** How many instances of an action count in a source; coding after coding, so that others are answered in between. */
async function countsOf({ store }: StudioContext, codings: readonly SourcedCoding[]) {
  const counts = new Map<string, number>();
  for (const { source, coding } of codings) {
    for (const { action } of countedInstances(store, coding)) {
      const key = `${source} ${action}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    await setImmediate();
  }
  return (source: string, action: string) => counts.get(`${source} ${action}`) ?? 0;
}
