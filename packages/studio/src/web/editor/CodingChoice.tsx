import { useLocation } from 'wouter';
import type { CodingSummary } from '../../contract/coding.ts';
import { useTexts } from '../texts/texts.tsx';

interface CodingChoiceProps {
  readonly codings: readonly CodingSummary[];
  /** Id of the one that is shown. */
  readonly shown: string;
  readonly own: string | null;
  readonly video: string;
  readonly layers: readonly string[];
  readonly onLayers: (layers: readonly string[]) => void;
}

/** Whose coding is shown, and whose are laid below it. */
export function CodingChoice({ codings, shown, own, video, layers, onLayers }: CodingChoiceProps) {
  const t = useTexts();
  const [, go] = useLocation();
  const ownCoding = codings.find(({ account }) => account !== null && account === own);
  const ownId = ownCoding?.id;
  const titleOf = ({ id, kind, title, hidden }: CodingSummary) => {
    const name = kind === 'final' ? t.common.final : kind === 'model' ? `${t.common.model}: ${title}` : title;
    if (hidden) return t.editor.hiddenCoding(name, ownCoding?.status === 'submitted');
    return id === ownId ? t.editor.mine(name) : name;
  };
  const others = codings.filter(({ id, hidden }) => id !== shown && !hidden);
  return (
    <>
      <label className="coding-choice">
        <span className="hint">{t.editor.coder}</span>
        <select
          className="field"
          value={shown}
          onChange={({ target }) =>
            go(target.value === ownId ? `/videos/${video}` : `/videos/${video}?coding=${target.value}`)
          }
        >
          {codings.map((coding) => (
            <option key={coding.id} value={coding.id} disabled={coding.hidden}>
              {titleOf(coding)}
            </option>
          ))}
        </select>
      </label>
      {others.length > 0 && (
        <details
          className="layers"
          onBlur={({ currentTarget, relatedTarget }) => {
            if (!currentTarget.contains(relatedTarget)) currentTarget.open = false;
          }}
        >
          <summary className="button">
            {t.editor.layers}
            {layers.length > 0 && ` (${layers.length})`}
          </summary>
          <fieldset className="layers-list" aria-label={t.editor.layersHint}>
            <p className="hint">{t.editor.layersHint}</p>
            {others.map((coding) => (
              <label key={coding.id} className="check">
                <input
                  type="checkbox"
                  checked={layers.includes(coding.id)}
                  onChange={({ target }) =>
                    onLayers(target.checked ? [...layers, coding.id] : layers.filter((id) => id !== coding.id))
                  }
                />
                {titleOf(coding)}
              </label>
            ))}
          </fieldset>
        </details>
      )}
    </>
  );
}
