import { useEffect, useRef } from 'react';
import type { Dispute } from '../../contract/review.ts';
import { PartMark } from '../editor/PartMark.tsx';
import { useTexts } from '../texts/texts.tsx';
import type { DisputeFilter } from './disputeDraft.ts';

interface DisputeListProps {
  readonly disputes: readonly Dispute[];
  /** Before the filter. */
  readonly hasAny: boolean;
  readonly chosen: string | null;
  readonly filter: DisputeFilter;
  readonly onFilter: (filter: DisputeFilter) => void;
  readonly onChoose: (key: string) => void;
}

/** All disputes in the order of time. */
export function DisputeList({ disputes, hasAny, chosen, filter, onFilter, onChoose }: DisputeListProps) {
  const t = useTexts();
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (chosen) list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
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
        {disputes.map(({ key, action, start, about, decision }) => (
          <li key={key}>
            <button
              type="button"
              className="dispute"
              aria-current={key === chosen ? 'true' : undefined}
              onClick={() => onChoose(key)}
            >
              <time>{t.format.time(start)}</time>
              <PartMark action={action} />
              <span className="dispute-action">{t.action(action)}</span>
              <span className="hint">{t.review.about[about]}</span>
              <span className={decision ? 'badge ok' : 'badge warn'}>
                {decision ? t.review.outcome[decision.outcome] : t.review.open}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
