import { type RefObject, useContext } from 'react';
import type { CodingSummary } from '../../contract/coding.ts';
import type { Dispute } from '../../contract/review.ts';
import { PartMark, TaxonomyContext } from '../editor/PartMark.tsx';
import { TimeField } from '../editor/TimeField.tsx';
import { useTexts } from '../texts/texts.tsx';
import { byMajority, type Draft, disputeOf, dropping, keeping, type NewDecision, spanOf } from './disputeDraft.ts';

interface DisputeDetailProps {
  readonly dispute: Dispute;
  /** All of the video. */
  readonly disputes: readonly Dispute[];
  readonly coders: readonly CodingSummary[];
  readonly heading: RefObject<HTMLHeadingElement | null>;
  readonly draft: Draft;
  /** Somebody decided it while this was being typed. */
  readonly isOvertaken: boolean;
  readonly mayDecide: boolean;
  readonly onChange: (change: Partial<Pick<Draft, 'span' | 'note'>>) => void;
  readonly onForget: () => void;
  readonly onChoose: (dispute: string) => void;
  readonly onDecide: (decision: NewDecision) => void;
}

/** One dispute: what each coder says, the vote, and what is to count. */
export function DisputeDetail(props: DisputeDetailProps) {
  const { dispute, heading, isOvertaken, mayDecide, onForget } = props;
  const t = useTexts();
  const { decision } = dispute;
  return (
    <section className="dispute-detail" aria-labelledby="dispute">
      <h2 id="dispute" ref={heading} tabIndex={-1}>
        <PartMark action={dispute.action} /> {t.action(dispute.action)}
        <span className="visually-hidden"> {t.format.time(dispute.start)}</span>
      </h2>
      <Codings {...props} />
      <p className="hint">{t.review.vote[dispute.vote]}</p>
      {decision && (
        <p className="dispute-decided">
          <strong>
            {t.review.decidedSo(
              decision.outcome,
              decision.how === 'majority' ? t.review.howMajority : t.review.howDiscussed,
              decision.by,
              t.format.moment(decision.at),
            )}
          </strong>
          {decision.settled && (
            <span>
              {t.action(decision.settled.action)} {t.format.time(decision.settled.start)} –{' '}
              {t.format.time(decision.settled.end)}
            </span>
          )}
          {decision.note && <q className="review-note">{decision.note}</q>}
        </p>
      )}
      {isOvertaken && (
        <div className="dispute-overtaken" role="alert">
          <p>{t.review.conflict(decision?.by ?? '')}</p>
          <button type="button" className="button" onClick={onForget}>
            {t.review.forget}
          </button>
        </div>
      )}
      {mayDecide && <Fields {...props} />}
    </section>
  );
}

// ---- below: internals ----

function Codings({ dispute, disputes, coders, draft, mayDecide, onChoose, onDecide }: DisputeDetailProps) {
  const t = useTexts();
  return (
    <table className="table dispute-codings">
      <caption className="visually-hidden">{t.review.whatCoders}</caption>
      <tbody>
        {dispute.codings.map(({ coding, instance, instead }, position) => {
          const name = coders.find(({ id }) => id === coding)?.title ?? '';
          const other = instead && disputeOf(disputes, coding, instead);
          return (
            <tr key={coding}>
              <th scope="row" title={name}>
                {name}
              </th>
              {instance ? (
                <td>
                  {t.format.time(instance.start)} – {t.format.time(instance.end)}
                </td>
              ) : (
                <td className="hint">{instead ? t.review.instead(t.action(instead.action)) : t.review.notSeen}</td>
              )}
              <td className="number">
                {instance && mayDecide && (
                  <button
                    type="button"
                    className="button"
                    aria-label={t.review.keepThis(name)}
                    aria-keyshortcuts={position < 9 ? String(position + 1) : undefined}
                    onClick={() => onDecide(keeping(dispute, spanOf(instance), draft.note))}
                  >
                    {t.review.keepShort} {position < 9 && <kbd>{position + 1}</kbd>}
                  </button>
                )}
                {other && (
                  <button
                    type="button"
                    className="button quiet"
                    aria-label={t.review.showOther(t.action(other.action))}
                    onClick={() => onChoose(other.key)}
                  >
                    {t.review.showShort}
                  </button>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** What is to count, why, and the three ways to decide. */
function Fields(props: DisputeDetailProps) {
  const { dispute, draft, onChange, onDecide } = props;
  const t = useTexts();
  const isSpan = draft.span.start < draft.span.end;
  const kept = keeping(dispute, draft.span, draft.note);
  return (
    <fieldset className="dispute-fields">
      <legend className="visually-hidden">{t.review.decision}</legend>
      <SpanFields {...props} />
      <label className="labelled">
        <span className="hint">{t.review.note}</span>
        <textarea
          className="field"
          rows={2}
          maxLength={4000}
          value={draft.note}
          placeholder={t.review.notePlaceholder}
          onChange={({ target }) => onChange({ note: target.value })}
        />
      </label>
      <p className={isSpan ? 'hint' : 'dispute-mistake'} role="status">
        {isSpan
          ? t.review.willBe(kept.how === 'majority' ? t.review.howMajority : t.review.howDiscussed)
          : t.review.badSpan}
      </p>
      <div className="toolbar dispute-actions">
        <button type="button" className="button" aria-keyshortcuts="M" onClick={() => onDecide(byMajority(dispute))}>
          {t.review.majority[dispute.vote]} <kbd>M</kbd>
        </button>
        <button
          type="button"
          className="button primary"
          aria-keyshortcuts="K"
          disabled={!isSpan}
          onClick={() => onDecide(kept)}
        >
          {t.review.keep} <kbd>K</kbd>
        </button>
        <button
          type="button"
          className="button danger"
          aria-keyshortcuts="D"
          onClick={() => onDecide(dropping(dispute, draft.note))}
        >
          {t.review.drop} <kbd>D</kbd>
        </button>
      </div>
      <p className="hint">{t.review.keysHint}</p>
    </fieldset>
  );
}

function SpanFields({ draft: { span }, onChange }: DisputeDetailProps) {
  const t = useTexts();
  const taxonomy = useContext(TaxonomyContext);
  return (
    <div className="dispute-span">
      <label className="labelled">
        <span className="hint">{t.review.action}</span>
        <select
          className="field"
          value={span.action}
          onChange={({ target }) => onChange({ span: { ...span, action: target.value } })}
        >
          {taxonomy?.bodyParts.map(({ code, name }) => (
            <optgroup key={code} label={t.part(code, name)}>
              {taxonomy.actions
                .filter(({ bodyPart }) => bodyPart === code)
                .map((action) => (
                  <option key={action.name} value={action.name}>
                    {action.code} {t.action(action.name)}
                  </option>
                ))}
            </optgroup>
          ))}
        </select>
      </label>
      {(['start', 'end'] as const).map((edge) => (
        <TimeField
          key={edge}
          label={t.review[edge]}
          seconds={span[edge]}
          disabled={false}
          onChange={(seconds) => onChange({ span: { ...span, [edge]: seconds } })}
        />
      ))}
    </div>
  );
}
