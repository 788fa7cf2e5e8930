import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Clip, Instance } from 'microaction';
import type { CodedInstance } from '../../contract/coding.ts';
import type { ImportPreview } from '../../contract/results.ts';
import type { ProjectScope, VideoScope } from '../accounts/access.ts';
import { InstanceRules } from '../codings/instanceRules.ts';
import { requireWritable } from '../codings/mayWrite.ts';
import { storeModelCoding } from '../codings/modelCoding.ts';
import { ownCoding } from '../codings/ownCoding.ts';
import { raiseRevision } from '../codings/revision.ts';
import type { StudioContext } from '../context.ts';
import { Refusal } from '../http/refusal.ts';
import { type CodingRow, codingsOfVideo, countedInstances, taxonomyOf } from '../results/codedContent.ts';
import { replaceFinal, tellFinal } from '../review/finalCoding.ts';
import { addHistory } from '../review/history.ts';
import type { VideoTable } from '../store/tables.ts';
import { exchangeThread } from './exchangeThread.ts';
import type { ReadImport } from './readImport.ts';
import { VideosByName } from './videoNames.ts';

export interface ImportOptions {
  /** Of the file, as on the person's machine. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Absent: told from the content. */
  readonly format?: string;
  /** As whose coding. `model` and `final` are for owners. */
  readonly as: 'me' | 'model' | 'final';
  /** Ids of videos by clip; a clip that is not in it, or null, is left out. Absent: clips go where their names say. */
  readonly clips?: Readonly<Record<string, string | null>>;
  /** False: only tells what it would do. */
  readonly apply: boolean;
}

/**
 * Takes annotations from a file into the codings of the videos that its clips are of; all of them or, where anything is
 * wrong, nothing. Clips without a video are left out.
 *
 * As one's own coding they are added to what is there, which must be open; what is there already is not doubled. As a
 * model's they replace what the same model found before. As final codings they need videos that are not settled.
 *
 * @throws UserError what is wrong with the file
 * @throws Refusal 403 `not-allowed`; 409 `submitted`, `looked`, `settled`; 422 `does-not-fit`
 */
export async function importAnnotations(
  studio: StudioContext,
  scope: ProjectScope,
  options: ImportOptions,
): Promise<ImportPreview> {
  if (options.as !== 'me' && scope.role !== 'owner') {
    const message = `Importing as ${options.as === 'model' ? "a model's work" : 'the final coding'} needs the role owner in the project. Import it as your own coding, or ask an owner.`;
    throw new Refusal(403, 'not-allowed', message);
  }
  const { bytes, name, format } = options;
  const taxonomy = taxonomyOf(scope.project).toJSON();
  const read = await exchangeThread.run('read', { bytes, name, format, taxonomy });
  const matches = matched(studio, scope, read.clips, options.clips);
  const preview = previewOf(studio, scope, read, matches, options.as);
  if (!options.apply) return preview;
  studio.store.transaction(() => {
    for (const { clip, video } of matches) if (video) apply(studio, { ...scope, video }, clip, read, options);
  });
  return preview;
}

// ---- below: internals ----

type Video = Selectable<VideoTable>;
interface Match {
  readonly clip: Clip;
  readonly video?: Video;
  /** Why there is no video, where that is not plain. */
  readonly warning?: string;
}

function matched(
  { store }: StudioContext,
  { project }: ProjectScope,
  clips: readonly Clip[],
  given: ImportOptions['clips'],
): Match[] {
  const all = store.sql.selectFrom('video').selectAll().where('project', '=', project.id);
  const videos = new VideosByName(store.all(all.where('removedAt', 'is', null)));
  const taken = new Map<Video, string>();
  return clips.map((clip): Match => {
    const video = given ? named(videos, clip.id, given) : videos.find(clip);
    const other = video && taken.get(video);
    if (video && other !== undefined) {
      const warning = `"${other}" and "${clip.id}" are both to go to ${video.name}, which takes one: say which clip is of which video.`;
      if (given) throw new Refusal(422, 'same-video', `${warning} Nothing was imported.`);
      return { clip, warning };
    }
    if (video) taken.set(video, clip.id);
    return { clip, video };
  });
}

function named(
  videos: VideosByName<Video>,
  clip: string,
  given: NonNullable<ImportOptions['clips']>,
): Video | undefined {
  const id = Object.hasOwn(given, clip) ? given[clip] : null;
  if (id === null) return undefined;
  const video = videos.byId(id);
  if (video) return video;
  throw new Refusal(
    422,
    'no-such-video',
    `The video that "${clip}" is to go to is not in this project. Choose another.`,
  );
}

function previewOf(
  { store }: StudioContext,
  scope: ProjectScope,
  { format, warnings, clips }: ReadImport,
  matches: readonly Match[],
  as: ImportOptions['as'],
): ImportPreview {
  const problems = matches.flatMap(({ clip, video, warning }) => {
    if (!video) return warning ?? [];
    const problem = problemOf({ ...scope, video }, clip) ?? obstacleTo(as, codingsOfVideo(store, video.id), scope);
    return problem ? `${video.name}: ${problem}` : [];
  });
  const none = clips.length === 0 ? ['The file holds no video.'] : [];
  return {
    format,
    warnings: [...none, ...warnings, ...problems],
    clips: matches.map(({ clip, video }) => ({
      ...{ clip: clip.id, instances: clip.instances.length },
      ...{ video: video?.id ?? null, videoName: video?.name ?? null },
    })),
  };
}

/** Why a clip cannot be the coding of a video, in words. */
function problemOf(scope: VideoScope, { instances }: Clip): string | undefined {
  if (instances.length > mostInstances) {
    return `found ${instances.length} instances, at most ${mostInstances} are taken for a video`;
  }
  const rules = new InstanceRules(scope);
  try {
    for (const instance of instances) rules.requireTimes(instance);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

/** As many as programs may send. */
const mostInstances = 20_000;

/** Why a video's codings will not take anything. Applying finds out for itself. */
function obstacleTo(
  as: ImportOptions['as'],
  codings: readonly CodingRow[],
  { caller }: ProjectScope,
): string | undefined {
  if (as === 'final' && codings.some(({ kind }) => kind === 'final')) return 'it is settled already';
  const isClosed = codings.some(({ account, status }) => account === caller.account && status === 'submitted');
  return as === 'me' && isClosed ? 'your coding is submitted and closed' : undefined;
}

function apply(studio: StudioContext, scope: VideoScope, clip: Clip, read: ReadImport, options: ImportOptions): void {
  const problem = problemOf(scope, clip);
  if (problem) throw new Refusal(422, 'does-not-fit', `${scope.video.name}: ${problem}`);
  const { name: file, as } = options;
  const { format, model } = read;
  switch (as) {
    case 'me':
      addToOwn(studio, scope, clip.instances);
      break;
    case 'model': {
      const scored = clip.instances.map((instance) => ({ ...instance, score: instance.score ?? 1 }));
      storeModelCoding(studio, scope.video, model, scored);
      break;
    }
    case 'final':
      makeFinal(studio, scope, clip.instances, file);
  }
  const details = {
    file,
    format,
    as,
    clip: clip.id,
    instances: clip.instances.length,
    ...(as === 'model' && { model }),
  };
  addHistory(studio, scope, 'imported', details);
}

/** Each instance as one change of the asker's, as if they had coded it by hand. */
function addToOwn(studio: StudioContext, scope: VideoScope, instances: readonly Instance[]): void {
  const { store, events, now } = studio;
  const { sql } = store;
  const coding = ownCoding(studio, scope);
  requireWritable(store, { ...scope, coding });
  const held = new Set(countedInstances(store, coding).map(keyOf));
  const at = now();
  for (const instance of instances.filter((one) => !held.has(keyOf(one)))) {
    const { action, start, end, reason = null } = instance;
    const state = { state: 'coded', score: null, reason: reason?.slice(0, 500) ?? null, version: 1 } as const;
    const after: CodedInstance = { id: randomUUID(), action, start, end, ...state };
    store.run(sql.insertInto('instance').values({ ...after, coding: coding.id, deleted: 0 }));
    const change = { id: randomUUID(), coding: coding.id, instance: after.id, account: scope.caller.account, at };
    store.run(sql.insertInto('change').values({ ...change, before: null, after: JSON.stringify(after) }));
  }
  const revision = raiseRevision(store, coding.id);
  events.publish(scope.project.id, { type: 'coding', coding: coding.id, video: scope.video.id, revision });
}

const keyOf = ({ action, start, end }: Instance | { action: string; start: number; end: number }) =>
  `${start} ${end} ${action}`;

function makeFinal(studio: StudioContext, scope: VideoScope, instances: readonly Instance[], file: string): void {
  const { store } = studio;
  if (codingsOfVideo(store, scope.video.id).some(({ kind }) => kind === 'final')) {
    const message = `${scope.video.name} is settled already. Nothing was imported: take back the settlement on the review page first.`;
    throw new Refusal(409, 'settled', message);
  }
  const settled = instances.map(({ action, start, end, reason }) => ({
    ...{ action, start, end, reason: (reason ?? `imported from ${file}`).slice(0, 500) },
  }));
  const { id, revision } = replaceFinal(studio, scope.video.id, settled);
  tellFinal(studio, scope, id, revision);
}
