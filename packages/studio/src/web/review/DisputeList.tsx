import { useEffect, useRef } from 'react';
import type { Dispute } from '../../contract/review.ts';
import { PartMark } from '../editor/PartMark.tsx';
import { useTexts } from '../texts/texts.tsx';
import type { DisputeFilter, Drafts } from './disputeDraft.ts';

interface DisputeListProps {
  readonly disputes: readonly Dispute[];
  /** Before the filter. */
  readonly hasAny: boolean;
  readonly drafts: Drafts;
  readonly chosen: string | null;
  readonly filter: DisputeFilter;
  readonly onFilter: (filter: DisputeFilter) => void;
  readonly onChoose: (key: string) => void;
}

/** All disputes in the order of time. */
export function DisputeList({ disputes, hasAny, drafts, chosen, filter, onFilter, onChoose }: DisputeListProps) {
  const t = useTexts();
  const list = useRef<HTMLOListElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list shows which one is chosen.
  useEffect(() => {
    const current = list.current?.querySelector<HTMLElement>('[aria-current]');
    current?.scrollIntoView({ block: 'nearest' });
    if (list.current?.contains(document.activeElement)) current?.focus();
  }, [chosen]);
  if (!hasAny) return <p className="review-empty">{t.review.noDisputes}</p>;
  return (
    <section className="dispute-list" aria-labelledby="disputes">
      <header className="toolbar">
        <h2 id="disputes">{t.review.disputes}</h2>
        <select
          className="field"
          aria-label={t.review.show}
          value={filter}
          onChange={({ target }) => onFilter(target.value as DisputeFilter)}
        >
          {(['all', 'open', 'presence', 'edges'] as const).map((each) => (
            <option key={each} value={each}>
              {t.review.filters[each]}
            </option>
          ))}
        </select>
      </header>
      {disputes.length === 0 && <p className="hint">{t.review.noneShown}</p>}
      <ol ref={list}>
        {disputes.map(({ key, action, start, end, about, decision }) => (
          <li key={key}>
            <button
              type="button"
              className="dispute"
              aria-current={key === chosen ? 'true' : undefined}
              onClick={() => onChoose(key)}
            >
              <PartMark action={action} />
              <span className="dispute-action">{t.action(action)}</span>
              <span className={decision ? 'badge ok' : 'badge warn'}>
                {decision ? t.review.outcome[decision.outcome] : t.review.open}
              </span>
              <span className="hint dispute-when">
                <time>{t.format.time(start)}</time> – <time>{t.format.time(end)}</time> · {t.review.about[about]}
                {drafts.has(key) && <em> · {t.review.edited}</em>}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
