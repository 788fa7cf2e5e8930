import { useContext } from 'react';
import type { CodingSummary } from '../../contract/coding.ts';
import type { Dispute } from '../../contract/review.ts';
import { PartMark, TaxonomyContext } from '../editor/PartMark.tsx';
import { TimeField } from '../editor/TimeField.tsx';
import { useTexts } from '../texts/texts.tsx';
import { byMajority, dropping, keeping, type Span } from './disputeDraft.ts';

interface DisputeDetailProps {
  readonly dispute: Dispute;
  readonly coders: readonly CodingSummary[];
  readonly draft: Span;
  readonly note: string;
  readonly mayDecide: boolean;
  readonly onDraft: (draft: Span) => void;
  readonly onNote: (note: string) => void;
  readonly onDecide: (decision: ReturnType<typeof byMajority>) => void;
}

/** One dispute: what each coder says, the vote, and what is to count. */
export function DisputeDetail(props: DisputeDetailProps) {
  const { dispute, draft, note, mayDecide, onDecide } = props;
  const t = useTexts();
  const how = (each: 'majority' | 'discussed') => (each === 'majority' ? t.review.howMajority : t.review.howDiscussed);
  const { decision } = dispute;
  const kept = keeping(dispute, draft, note);
  return (
    <section className="dispute-detail" aria-labelledby="dispute">
      <h2 id="dispute">
        <PartMark action={dispute.action} /> {t.action(dispute.action)}
      </h2>
      <Codings {...props} />
      <p className="hint">{t.review.vote[dispute.vote]}</p>
      {decision && (
        <p className="dispute-decided">
          <strong>
            {t.review.decidedSo(decision.outcome, how(decision.how), decision.by, t.format.moment(decision.at))}
          </strong>
          {decision.note && <q className="review-note">{decision.note}</q>}
        </p>
      )}
      <fieldset disabled={!mayDecide} className="dispute-fields">
        <legend className="visually-hidden">{t.review.decision}</legend>
        <SpanFields {...props} />
        <label className="labelled">
          <span className="hint">{t.review.note}</span>
          <textarea
            className="field"
            rows={2}
            value={note}
            placeholder={t.review.notePlaceholder}
            onChange={({ target }) => props.onNote(target.value)}
          />
        </label>
        <p className="hint" role="status">
          {t.review.willBe(how(kept.how))}
        </p>
        <div className="toolbar">
          <button type="button" className="button" onClick={() => onDecide(byMajority(dispute))}>
            {t.review.majority} <kbd>M</kbd>
          </button>
          <button type="button" className="button primary" onClick={() => onDecide(kept)}>
            {t.review.keep} <kbd>K</kbd>
          </button>
          <button type="button" className="button danger" onClick={() => onDecide(dropping(dispute, note))}>
            {t.review.drop} <kbd>D</kbd>
          </button>
        </div>
      </fieldset>
      <p className="hint review-keys">{t.review.keysHint}</p>
    </section>
  );
}

// ---- below: internals ----

function Codings({ dispute, coders, note, mayDecide, onDecide }: DisputeDetailProps) {
  const t = useTexts();
  return (
    <table className="table dispute-codings">
      <caption className="visually-hidden">{t.review.whatCoders}</caption>
      <tbody>
        {dispute.codings.map(({ coding, instance, instead }, position) => {
          const name = coders.find(({ id }) => id === coding)?.title ?? '';
          return (
            <tr key={coding}>
              <th scope="row">{name}</th>
              {instance ? (
                <td>
                  {t.format.time(instance.start)} – {t.format.time(instance.end)}
                </td>
              ) : (
                <td className="hint">{instead ? t.review.instead(t.action(instead.action)) : t.review.notSeen}</td>
              )}
              <td className="number">
                {(instance ?? instead) && (
                  <button
                    type="button"
                    className="button quiet"
                    disabled={!mayDecide}
                    aria-label={t.review.keepThis(name)}
                    onClick={() => onDecide(keeping(dispute, spanOf((instance ?? instead)!), note))}
                  >
                    {t.review.keepShort} {instance && position < 9 && <kbd>{position + 1}</kbd>}
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

function SpanFields({ draft, mayDecide, onDraft }: DisputeDetailProps) {
  const t = useTexts();
  const taxonomy = useContext(TaxonomyContext);
  return (
    <div className="dispute-span">
      <label className="labelled">
        <span className="hint">{t.review.action}</span>
        <select
          className="field"
          value={draft.action}
          onChange={({ target }) => onDraft({ ...draft, action: target.value })}
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
      <TimeField
        label={t.review.start}
        seconds={draft.start}
        disabled={!mayDecide}
        onChange={(start) => start < draft.end && onDraft({ ...draft, start })}
      />
      <TimeField
        label={t.review.end}
        seconds={draft.end}
        disabled={!mayDecide}
        onChange={(end) => end > draft.start && onDraft({ ...draft, end })}
      />
    </div>
  );
}

const spanOf = ({ action, start, end }: Span): Span => ({ action, start, end });
