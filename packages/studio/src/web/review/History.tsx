import type { HistoryEntry } from '../../contract/review.ts';
import { useApi } from '../api/queries.ts';
import { useTexts } from '../texts/texts.tsx';

/** Who did what with the video, newest first. */
export function History({ video }: { video: string }) {
  const t = useTexts();
  const { data = [] } = useApi<HistoryEntry[]>(`/videos/${video}/history`);
  return (
    <section className="review-history" aria-labelledby="review-history">
      <h2 id="review-history">{t.review.history}</h2>
      {data.length === 0 && <p className="hint">{t.review.noHistory}</p>}
      <ol>
        {data.toReversed().map((entry) => (
          <li key={entry.sequence}>
            <time dateTime={entry.at}>{t.format.moment(entry.at)}</time> <strong>{entry.by}</strong>{' '}
            {t.review.what[entry.what]}
            <Details entry={entry} />
          </li>
        ))}
      </ol>
    </section>
  );
}

// ---- below: internals ----

/** Of a decision: which, how it ended, and why. */
function Details({ entry: { details } }: { entry: HistoryEntry }) {
  const t = useTexts();
  const { about, outcome, note } = details as {
    about?: { action: string; start: number; end: number };
    outcome?: 'kept' | 'dropped';
    note?: string;
  };
  if (!about) return null;
  const span = `${t.action(about.action)} ${t.format.time(about.start)}–${t.format.time(about.end)}`;
  return (
    <>
      : {span} → {t.review.outcome[outcome ?? 'kept']}
      {note && <q className="review-note">{note}</q>}
    </>
  );
}
