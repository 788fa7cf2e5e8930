import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Clip, Instance } from 'microaction';
import type { ImportPreview } from '../../contract/results.ts';
import type { ProjectScope, VideoScope } from '../accounts/access.ts';
import { applyChanges } from '../codings/applyChanges.ts';
import { InstanceRules } from '../codings/instanceRules.ts';
import { storeModelCoding } from '../codings/modelCoding.ts';
import { ownCoding } from '../codings/ownCoding.ts';
import type { StudioContext } from '../context.ts';
import { Refusal } from '../http/refusal.ts';
import { codingsOfVideo, countedInstances, taxonomyOf } from '../results/codedContent.ts';
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
  /** Ids of videos by clip, where names do not tell; null leaves a clip out. */
  readonly clips: Readonly<Record<string, string | null>>;
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
 * @throws Refusal 403 `not-allowed`; 409 `submitted`, `looked`, `settled`; 422 `outside-video`
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
  const preview = previewOf(scope, read, matches);
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
  readonly video: Video | undefined;
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
  return clips.map((clip) => {
    const video = Object.hasOwn(given, clip.id) ? named(videos, clip.id, given[clip.id]) : videos.find(clip);
    const other = video && taken.get(video);
    if (video && other !== undefined) {
      const message = `"${other}" and "${clip.id}" both fit the video ${video.name}. Nothing was imported: say which clip is of which video.`;
      throw new Refusal(422, 'same-video', message);
    }
    if (video) taken.set(video, clip.id);
    return { clip, video };
  });
}

function named(videos: VideosByName<Video>, clip: string, id: string | null): Video | undefined {
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
  scope: ProjectScope,
  { format, warnings, clips }: ReadImport,
  matches: readonly Match[],
): ImportPreview {
  const problems = matches.flatMap(({ clip, video }) => (video ? (problemOf({ ...scope, video }, clip) ?? []) : []));
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

/** Why a clip cannot be the coding of a video, in words: it is of a longer one. */
function problemOf(scope: VideoScope, { instances }: Clip): string | undefined {
  const rules = new InstanceRules(scope);
  try {
    for (const instance of instances) rules.requireTimes(instance);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

function apply(studio: StudioContext, scope: VideoScope, clip: Clip, read: ReadImport, options: ImportOptions): void {
  const problem = problemOf(scope, clip);
  if (problem) throw new Refusal(422, 'outside-video', problem);
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

function addToOwn(studio: StudioContext, scope: VideoScope, instances: readonly Instance[]): void {
  const coding = ownCoding(studio, scope);
  const held = new Set(countedInstances(studio.store, coding).map(keyOf));
  const fresh = instances.filter((instance) => !held.has(keyOf(instance)));
  const changes = fresh.map(({ action, start, end, reason }) => ({
    ...{ id: randomUUID(), instance: randomUUID(), base: 0 },
    after: { action, start, end, state: 'coded' as const, score: null, reason: reason?.slice(0, 500) ?? null },
  }));
  applyChanges(studio, { ...scope, coding }, { changes });
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
