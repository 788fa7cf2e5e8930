import type { Selectable } from 'kysely';
import type { ProjectScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { codingsOfVideo } from '../results/codedContent.ts';
import type { SourcedCoding } from '../results/sources.ts';
import { mayReadDecisions } from '../review/mayReadDecisions.ts';
import type { VideoTable } from '../store/tables.ts';
import { csvTable } from './csvTable.ts';

/**
 * Who decided what in the reviews of these codings' videos, one row a decision, the earliest first; `counts` is `yes`
 * for the last one of a dispute. Left out are videos of which the asker may not read all that was submitted.
 */
export function decisionsTable(
  { store }: StudioContext,
  scope: ProjectScope,
  readable: readonly SourcedCoding[],
  nameOf: (video: Selectable<VideoTable>) => string,
): string {
  const videos = new Map(readable.map(({ video }) => [video.id, video]));
  const rows = [...videos.values()].flatMap((video) => {
    if (!mayReadDecisions({ ...scope, video }, codingsOfVideo(store, video.id))) return [];
    const decisions = store.all(
      store.sql
        .selectFrom('decision')
        .innerJoin('account', 'account.id', 'decision.account')
        .selectAll('decision')
        .select('account.name as by')
        .where('video', '=', video.id)
        .orderBy('sequence'),
    );
    const last = new Map(decisions.map(({ dispute, id }) => [dispute, id]));
    return decisions.map(({ id, dispute, outcome, action, start, end, how, note, by, at }) => {
      const counts = last.get(dispute) === id ? 'yes' : 'no';
      return [nameOf(video), dispute, outcome, action, start, end, how, by, at, note, counts];
    });
  });
  return csvTable(columns, rows);
}

// ---- below: internals ----

const columns = [
  ...['video', 'dispute', 'outcome', 'action', 'start', 'end'],
  ...['how', 'decided_by', 'decided_at', 'note', 'counts'],
];
