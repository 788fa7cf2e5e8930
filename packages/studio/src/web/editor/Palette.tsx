import type { Action } from 'microaction';
import { useDeferredValue, useMemo, useState } from 'react';
import { useTexts } from '../texts/texts.tsx';
import { useObserved } from './benchState.ts';
import { PartMark } from './PartMark.tsx';
import { searchActions } from './searchActions.ts';
import type { EditorKeys } from './useKeys.ts';
import type { Workbench } from './workbench.ts';

interface PaletteProps {
  readonly bench: Workbench;
  readonly keys: EditorKeys;
  /** Gives the keyboard back to the time line. */
  readonly onDone: () => void;
}

/** All labels with their two keys: searched, clicked, or read off while the keys are learnt. */
export function Palette({ bench, keys, onDone }: PaletteProps) {
  const t = useTexts();
  const { taxonomy } = bench;
  const [query, setQuery] = useState('');
  const searched = useDeferredValue(query);
  const part = useObserved(bench.state, (state) => state.part);
  const isWanted = useObserved(
    bench.state,
    ({ marks, relabels }) => relabels || (marks?.start !== undefined && marks.end !== undefined),
  );
  const found = useMemo(() => searchActions(taxonomy, searched, t.action), [taxonomy, searched, t]);
  const parts = taxonomy.bodyParts
    .map((bodyPart) => ({
      ...bodyPart,
      actions: inOrder(
        found.filter((action) => action.bodyPart === bodyPart.code),
        keys,
      ),
    }))
    .filter(({ actions }) => actions.length > 0);
  const take = (action: Action) => {
    setQuery('');
    onDone();
    bench.label(action.name);
  };
  return (
    <section
      className={isWanted || part !== null ? 'palette wanted' : 'palette'}
      data-region="palette"
      data-tour="palette"
      tabIndex={-1}
      aria-label={t.editor.palette}
    >
      <div className="palette-head">
        <input
          type="search"
          className="field"
          data-focus="search"
          value={query}
          placeholder={`${t.editor.search}  /`}
          aria-label={t.editor.search}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return;
            if (event.key === 'Escape') setQuery('');
            const [best] = searchActions(taxonomy, query, t.action);
            if (event.key !== 'Enter' || !best || !query.trim()) return;
            // Else the same key would accept the proposal that is selected then.
            event.preventDefault();
            take(best);
          }}
        />
      </div>
      <Prompt bench={bench} keys={keys} />
      <div className="palette-list">
        {found.length === 0 && <p className="hint">{t.editor.noLabel}</p>}
        <div className="palette-columns">
          {parts.map(({ code, name, actions }) => {
            const first = keys.strokes.get(actions[0].name)?.first;
            const isAwaited = part !== null && part === first;
            return (
              <fieldset key={code} className={part === null ? undefined : isAwaited ? 'awaited' : 'aside'}>
                <legend>
                  {first && <kbd>{first.toUpperCase()}</kbd>} {t.part(code, name)}
                </legend>
                {actions.map((action) => (
                  <LabelButton
                    key={action.name}
                    action={action}
                    keys={keys}
                    isBest={searched.trim() !== '' && action === found[0]}
                    isAwaited={isAwaited}
                    onTake={() => take(action)}
                  />
                ))}
              </fieldset>
            );
          })}
        </div>
      </div>
    </section>
  );
}

// ---- below: internals ----

interface LabelButtonProps {
  readonly action: Action;
  readonly keys: EditorKeys;
  readonly isBest: boolean;
  readonly isAwaited: boolean;
  readonly onTake: () => void;
}

function LabelButton({ action, keys, isBest, isAwaited, onTake }: LabelButtonProps) {
  const t = useTexts();
  const stroke = keys.strokes.get(action.name);
  const [first, second] = [stroke?.first.toUpperCase() ?? '', stroke?.second.toUpperCase() ?? ''];
  return (
    <button
      type="button"
      className={isBest ? 'label best' : 'label'}
      title={action.description}
      aria-label={`${t.action(action.name)}, ${t.editor.strokes(first, second)}`}
      onClick={onTake}
    >
      <PartMark action={action.name} text={isAwaited ? second : `${first} ${second}`} />
      <span>{t.action(action.name)}</span>
    </button>
  );
}

/** What the next label is for. */
function Prompt({ bench, keys }: { bench: Workbench; keys: EditorKeys }) {
  const t = useTexts();
  const { part, marks, relabels } = useObserved(bench.state, (state) => state);
  const partOf = (first: string) => {
    const [action] = [...keys.strokes].find(([, stroke]) => stroke.first === first) ?? [];
    const bodyPart = action ? bench.taxonomy.bodyPartOf(action) : undefined;
    return bodyPart ? t.part(bodyPart.code, bodyPart.name) : first;
  };
  const lines = [
    relabels && t.editor.relabelling,
    marks?.start !== undefined &&
      marks.end !== undefined &&
      t.editor.labelFor(t.format.time(marks.start), t.format.time(marks.end)),
    marks?.start !== undefined && marks.end === undefined && t.editor.labelFrom(t.format.time(marks.start)),
    marks?.start === undefined && marks?.end !== undefined && t.editor.labelTo(t.format.time(marks.end)),
    part !== null && t.editor.secondStroke(partOf(part)),
  ].filter(Boolean);
  return (
    <p className="palette-prompt" role="status" hidden={lines.length === 0}>
      {lines.join(' ')}
    </p>
  );
}

/** As the keys count. */
const inOrder = (actions: readonly Action[], { strokes }: EditorKeys) => {
  const order = (action: Action) =>
    '1234567890abcdefghijklmnopqrstuvwxyz'.indexOf(strokes.get(action.name)?.second ?? 'z');
  return [...actions].sort((a, b) => order(a) - order(b));
};
