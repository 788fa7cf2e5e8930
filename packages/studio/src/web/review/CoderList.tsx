import type { CodingSummary } from '../../contract/coding.ts';
import { api } from '../api/client.ts';
import { refresh } from '../api/queries.ts';
import { notify } from '../shell/notify.tsx';
import { useTexts } from '../texts/texts.tsx';

interface CoderListProps {
  readonly codings: readonly CodingSummary[];
  readonly mayReopen: boolean;
  readonly video: string;
}

/** Who has submitted, and for whom one waits. */
export function CoderList({ codings, mayReopen, video }: CoderListProps) {
  const t = useTexts();
  const coders = codings.filter(({ kind }) => kind === 'coder');
  const submitted = coders.filter(({ status }) => status === 'submitted');
  const open = coders.filter(({ status }) => status === 'open');
  const reopen = async ({ id, title }: CodingSummary) => {
    try {
      await api.post(`/codings/${id}/reopen`);
      notify(t.review.reopened(title), 'ok');
      await refresh(`/videos/${video}`);
    } catch (error) {
      notify(error instanceof Error ? error.message : String(error), 'problem');
    }
  };
  return (
    <dl className="review-coders">
      {submitted.length > 0 && (
        <div>
          <dt>{t.review.coders}</dt>
          {submitted.map((coding) => (
            <dd key={coding.id}>
              <span>{coding.title}</span>
              {mayReopen && (
                <button
                  type="button"
                  className="button link"
                  title={t.review.reopenFor(coding.title)}
                  onClick={() => void reopen(coding)}
                >
                  {t.review.reopen}
                </button>
              )}
            </dd>
          ))}
        </div>
      )}
      {open.length > 0 && (
        <div>
          <dt>{t.review.notYet}</dt>
          {open.map(({ id, title }) => (
            <dd key={id}>{title}</dd>
          ))}
        </div>
      )}
    </dl>
  );
}
