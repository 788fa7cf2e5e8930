import type { HistoryEntry } from '../../contract/review.ts';
import type { VideoScope } from '../accounts/access.ts';
import { noteLook } from '../codings/visibility.ts';
import type { StudioContext } from '../context.ts';
import { codingsOfVideo } from '../results/codedContent.ts';
import { mayReadDecisions, someFinal } from './mayReadDecisions.ts';

/** Puts an entry into the history of a video; part of the transaction that it tells of. */
export function addHistory(
  { store, now }: StudioContext,
  { project, video, caller }: Pick<VideoScope, 'project' | 'video' | 'caller'>,
  what: HistoryEntry['what'],
  details: Readonly<Record<string, unknown>>,
): void {
  const row = { project: project.id, video: video.id, account: caller.account, what, at: now() };
  store.run(store.sql.insertInto('history').values({ ...row, details: JSON.stringify(details) }));
}

/**
 * Who did what with a video, newest last. What was decided and settled is content of codings: who may not read all of
 * the video's learns that it happened, by whom and when.
 */
export function historyOf(studio: StudioContext, scope: VideoScope): HistoryEntry[] {
  const { store } = studio;
  const names = new Map(
    store.all(store.sql.selectFrom('account').select(['id', 'name'])).map((one) => [one.id, one.name]),
  );
  const mayRead = mayReadDecisions(scope, codingsOfVideo(store, scope.video.id));
  const rows = store.all(
    store.sql
      .selectFrom('history')
      .select(['sequence', 'at', 'account', 'what', 'details'])
      .where('video', '=', scope.video.id)
      .orderBy('sequence'),
  );
  if (mayRead && rows.some(({ what }) => isContent.has(what))) noteLook(studio, scope, [someFinal]);
  return rows.map(({ sequence, at, account, what, details }) => ({
    ...{ sequence, at, what: what as HistoryEntry['what'] },
    by: account === null ? 'microaction' : (names.get(account) ?? ''),
    details: isContent.has(what) && !mayRead ? {} : withNames(JSON.parse(details), names),
  }));
}

// ---- below: internals ----

/** Whose details say what somebody coded. */
const isContent: ReadonlySet<string> = new Set<HistoryEntry['what']>(['decided', 'finalised', 'unsettled']);

/** People's names in the place of their ids. */
function withNames(details: Record<string, unknown>, names: ReadonlyMap<string, string>): Record<string, unknown> {
  const named = Object.entries(details).map(([key, value]) => [key, names.get(String(value)) ?? value]);
  return Object.fromEntries(named);
}
