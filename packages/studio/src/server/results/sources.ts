import { setImmediate } from 'node:timers/promises';
import type { Selectable } from 'kysely';
import { type Clip, type Dataset, UserError } from 'microaction';
import type { Source } from '../../contract/results.ts';
import type { ProjectScope } from '../accounts/access.ts';
import { noteLook, readable } from '../codings/visibility.ts';
import type { StudioContext } from '../context.ts';
import type { VideoTable } from '../store/tables.ts';
import {
  type CodingRow,
  countedInstances,
  countsByCoding,
  factsOf,
  plainInstances,
  taxonomyOf,
} from './codedContent.ts';

/** A coding that the asker may read, and whose it is. */
export interface SourcedCoding {
  /** `final`, `coder:ACCOUNT` or `model:NAME`. */
  readonly source: string;
  /** The coder's name, the model's, or `final`. */
  readonly title: string;
  readonly coding: CodingRow;
  readonly video: Selectable<VideoTable>;
}

/**
 * All codings of a project's videos, or of one of them, that the asker may read; in the order of the videos. A coding that
 * is open and has no instance yet is left out: to have opened a video does not say that nothing happens in it.
 */
export function readableCodings({ store }: StudioContext, scope: ProjectScope, video?: string): SourcedCoding[] {
  const { sql } = store;
  const videos = store.all(
    sql
      .selectFrom('video')
      .selectAll()
      .where('project', '=', scope.project.id)
      .where('removedAt', 'is', null)
      .orderBy('id'),
  );
  videos.sort((a, b) => inOrder.compare(a.name, b.name));
  const codings = store.all(
    sql
      .selectFrom('coding')
      .innerJoin('video', 'video.id', 'coding.video')
      .selectAll('coding')
      .where('video.project', '=', scope.project.id)
      .orderBy('coding.createdAt')
      .orderBy('coding.id'),
  );
  const byVideo = Map.groupBy(codings, (coding) => coding.video);
  const names = new Map(store.all(sql.selectFrom('account').select(['id', 'name'])).map(({ id, name }) => [id, name]));
  const counts = countsByCoding(store, scope.project.id);
  const isBegun = ({ id, status, kind }: CodingRow) => kind !== 'coder' || status === 'submitted' || counts.has(id);
  return videos
    .filter(({ id }) => video === undefined || id === video)
    .flatMap((one) =>
      readable({ ...scope, video: one }, byVideo.get(one.id) ?? [])
        .filter(isBegun)
        .map((coding) => ({
          ...{ source: keyOf(coding), title: titleOf(coding, names), coding, video: one },
        })),
    );
}

/** Whose codings there are, final first, then coders, then models. */
export function sourcesOf(
  { store }: StudioContext,
  { project }: ProjectScope,
  codings: readonly SourcedCoding[],
): Source[] {
  const counts = countsByCoding(store, project.id);
  const sources = [...Map.groupBy(codings, ({ source }) => source)].map(([key, some]): Source => {
    const { title, coding } = some[0];
    const instances = some.reduce((sum, one) => sum + (counts.get(one.coding.id) ?? 0), 0);
    const openVideos = some.filter((one) => one.coding.kind === 'coder' && one.coding.status === 'open').length;
    return { key, title, kind: coding.kind, videos: some.length, openVideos, instances };
  });
  const place = { final: 0, coder: 1, model: 2 };
  return sources.sort((a, b) => place[a.kind] - place[b.kind] || a.title.localeCompare(b.title));
}

/** What is looked at unless told: the final codings, where there are none one's own, or else the first. */
export function defaultSource({ caller }: ProjectScope, codings: readonly SourcedCoding[]): string | null {
  const keys = new Set(codings.map(({ source }) => source));
  return ['final', `coder:${caller.account}`].find((key) => keys.has(key)) ?? [...keys][0] ?? null;
}

/** The codings of one source. @throws UserError `no-such-source` that lists those there are */
export function ofSource(codings: readonly SourcedCoding[], source: string): SourcedCoding[] {
  const found = codings.filter((one) => one.source === source);
  if (found.length > 0) return found;
  const known = [...new Set(codings.map((one) => one.source))].join(', ');
  const advice = known ? `Open to you are: ${known}.` : 'No coding is open to you here yet.';
  throw new UserError('no-such-source', `No coding of "${source}" is open to you. ${advice}`);
}

/** Notes for all of these codings that the asker has seen them. To be called where their content leaves the server. */
export function noteLooks(studio: StudioContext, scope: ProjectScope, shown: readonly SourcedCoding[]): void {
  if (!scope.project.blind || studio.store.readOnly) return;
  studio.store.transaction(() => {
    for (const { video, coding } of shown) noteLook(studio, { ...scope, video }, [coding]);
  });
}

/**
 * Codings, at most one a video, as a data set of the library whose clips are called as `idOf` says. Read one after
 * another, so that others are answered in between.
 */
export async function datasetOf(
  { store }: StudioContext,
  scope: ProjectScope,
  codings: readonly SourcedCoding[],
  idOf: (video: Selectable<VideoTable>) => string = ({ id }) => id,
): Promise<Dataset> {
  const clips: Clip[] = [];
  let since = performance.now();
  for (const { video, coding } of codings) {
    clips.push({
      ...clipOf(video, idOf(video)),
      instances: plainInstances(coding.kind, countedInstances(store, coding)),
    });
    if (performance.now() - since < longestTurnMs) continue;
    await setImmediate();
    since = performance.now();
  }
  return { taxonomy: taxonomyOf(scope.project), clips };
}

/** What is known of a video, as a clip without instances. */
export function clipOf(video: Selectable<VideoTable>, id: string): Clip {
  const facts = factsOf(video);
  return {
    id,
    file: video.path,
    ...(facts && {
      durationSeconds: facts.durationSeconds,
      ...(facts.frameRate > 0 && { frameRate: facts.frameRate }),
      widthPixels: facts.widthPixels,
      heightPixels: facts.heightPixels,
    }),
    ...(video.subject && { subject: video.subject }),
    instances: [],
  };
}

// ---- below: internals ----

/** How long others wait while codings are read. */
const longestTurnMs = 8;

/** As people count: 2 before 10. */
const inOrder = new Intl.Collator('en', { numeric: true });

function keyOf({ kind, account, model }: CodingRow): string {
  if (kind === 'final') return 'final';
  return kind === 'coder' ? `coder:${account}` : `model:${model}`;
}

function titleOf({ kind, account, model }: CodingRow, names: ReadonlyMap<string, string>): string {
  if (kind === 'coder') return names.get(account ?? '') ?? '';
  return kind === 'model' ? (model ?? '') : 'final';
}
