import { sql as rawSql, type Selectable } from 'kysely';
import type { CodingSummary } from '../../contract/coding.ts';
import type { Job } from '../../contract/job.ts';
import type { Video, VideoFacts } from '../../contract/video.ts';
import type { ProjectScope } from '../accounts/access.ts';
import { codingSummariesByVideo } from '../codings/codingSummaries.ts';
import { lookedVideos } from '../codings/visibility.ts';
import type { StudioContext } from '../context.ts';
import type { VideoTable } from '../store/tables.ts';
import { derivedOf } from './derived.ts';
import { checkFiles } from './standing.ts';

type VideoRow = Selectable<VideoTable>;

/** All videos of a project as the asker sees them, in the order in which they were added. */
export async function projectVideos(studio: StudioContext, scope: ProjectScope): Promise<Video[]> {
  const { store } = studio;
  const rows = store.all(
    store.sql
      .selectFrom('video')
      .selectAll()
      .where('project', '=', scope.project.id)
      .where('removedAt', 'is', null)
      .orderBy(rawSql`rowid`),
  );
  return await videoViews(studio, scope, rows);
}

/** Videos of one project as the asker sees them. Whether their files are there is looked up anew. */
export async function videoViews(
  studio: StudioContext,
  scope: ProjectScope,
  rows: readonly VideoRow[],
): Promise<Video[]> {
  const current = await checkFiles(studio, rows);
  const codings = codingSummariesByVideo(studio, scope, current);
  const looked = lookedVideos(studio, scope);
  const jobs = tellingJobs(studio, scope.project.id);
  const codersWanted = Math.min(scope.project.codersWanted, memberCount(studio, scope.project.id));
  return current.map((row) => {
    const ofVideo = codings.get(row.id) ?? [];
    return {
      ...viewOf(row),
      codings: ofVideo,
      looked: looked.has(row.id),
      stage: stageOf(ofVideo, codersWanted),
      jobs: jobs.get(row.id) ?? [],
    };
  });
}

/** Which file a player gets. A proxy is made where somebody asks for one: the file itself does not play, or not well. */
export function playsOf(row: VideoRow): Video['plays'] {
  if (derivedOf(row).proxy) return 'proxy';
  return factsOf(row)?.browserPlays ? 'original' : 'none';
}

export const factsOf = ({ facts }: VideoRow): VideoFacts | null => facts && JSON.parse(facts);

// ---- below: internals ----

function viewOf(row: VideoRow): Omit<Video, 'codings' | 'looked' | 'stage' | 'jobs'> {
  const { id, project, name, path, subject, notes, sizeBytes, status, problem, addedAt } = row;
  const { motionRate = null, soundRate = null, points = false } = derivedOf(row);
  const isPrepared = motionRate !== null;
  const facts = factsOf(row);
  const plays = playsOf(row);
  // A proxy begins with its first frame.
  const startSeconds = { original: facts?.startSeconds ?? 0, proxy: 0, none: null }[plays];
  return {
    ...{ id, project, name, path, subject, notes, sizeBytes, status, problem, addedAt, motionRate, soundRate },
    ...{ facts, plays, startSeconds },
    has: { thumbnail: isPrepared, frames: isPrepared, motion: isPrepared, sound: soundRate !== null, points },
  };
}

function stageOf(codings: Video['codings'], codersWanted: number): Video['stage'] {
  if (codings.some(({ kind, status }) => kind === 'final' && status === 'submitted')) return 'final';
  const ofCoders = codings.filter(({ kind }) => kind === 'coder');
  const submitted = ofCoders.filter(({ status }) => status === 'submitted').length;
  if (submitted >= codersWanted) return 'submitted';
  return ofCoders.some(isBegun) ? 'coding' : 'uncoded';
}

/** To have opened a video is not to code it. What was done in a hidden coding is not told. */
const isBegun = ({ status, revision, hidden }: CodingSummary) => status === 'submitted' || revision > 0 || hidden;

/** More cannot submit, as where a person works alone. */
function memberCount({ store }: StudioContext, project: string): number {
  return store.all(store.sql.selectFrom('member').select('account').where('project', '=', project)).length;
}

/** Of each video the jobs that are not finished, and those that failed and were not done since. */
function tellingJobs({ store, jobs }: StudioContext, project: string): Map<string, Job[]> {
  const rows = store.all(store.sql.selectFrom('job').selectAll().where('project', '=', project).orderBy(rawSql`rowid`));
  const last = new Map(rows.map((row) => [`${row.video} ${row.kind} ${row.model ?? ''}`, row]));
  const telling = [...last.values()].filter(({ status }) => status !== 'done' && status !== 'cancelled');
  return Map.groupBy(
    telling.map((row) => jobs.view(row)),
    ({ video }) => video,
  );
}
