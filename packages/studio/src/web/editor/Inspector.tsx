import type { InstanceBody } from '../../contract/coding.ts';
import { useTexts } from '../texts/texts.tsx';
import { useObserved } from './benchState.ts';
import { CommandButton } from './CommandButton.tsx';
import { Comments } from './Comments.tsx';
import { PartMark } from './PartMark.tsx';
import { TimeField } from './TimeField.tsx';
import type { EditorKeys } from './useKeys.ts';
import { useInstances } from './useWorkbench.ts';
import type { Workbench } from './workbench.ts';

interface InspectorProps {
  readonly bench: Workbench;
  readonly keys: EditorKeys;
  readonly coding: string;
  /** An instance of a layer, by id: to look at only. */
  readonly foreign: (id: string) => { readonly title: string; readonly body: InstanceBody } | undefined;
}

/** What is selected, in words and numbers, and what can be done with it. */
export function Inspector({ bench, keys, coding, foreign }: InspectorProps) {
  const t = useTexts();
  const selection = useObserved(bench.state, (state) => state.selection);
  const instances = useInstances(bench);
  const selected = instances.filter(({ id }) => selection.includes(id));
  const other = selected.length === 0 && selection.length === 1 ? foreign(selection[0]) : undefined;
  const [only] = selected;
  return (
    <section className="inspector" data-region="inspector" tabIndex={-1} aria-label={t.editor.inspector}>
      {selected.length > 1 && <h2>{t.editor.several(selected.length)}</h2>}
      {selected.length === 1 && <Head body={only} />}
      {other && <Head body={other.body} title={other.title} />}
      {selected.length === 0 && !other && <Nothing bench={bench} keys={keys} />}
      {selected.length === 1 && (
        <div className="inspector-times">
          <TimeField
            label={t.editor.start}
            seconds={only.start}
            disabled={bench.isReadOnly}
            onChange={(start) => bench.change([{ id: only.id, start, end: Math.max(only.end, start) }])}
          />
          <TimeField
            label={t.editor.end}
            seconds={only.end}
            disabled={bench.isReadOnly}
            onChange={(end) => bench.change([{ id: only.id, start: Math.min(only.start, end), end }])}
          />
          <dl>
            <dt className="hint">{t.editor.duration}</dt>
            <dd>{t.format.seconds(only.end - only.start)}</dd>
          </dl>
        </div>
      )}
      {other && (
        <p>
          {t.format.time(other.body.start)} – {t.format.time(other.body.end)} ·{' '}
          {t.format.seconds(other.body.end - other.body.start)}
        </p>
      )}
      {only?.reason && selected.length === 1 && <p className="inspector-reason">{only.reason}</p>}
      {other?.body.reason && <p className="inspector-reason">{other.body.reason}</p>}
      {selected.length > 0 && !bench.isReadOnly && (
        <Deeds bench={bench} keys={keys} states={selected.map(({ state }) => state)} />
      )}
      {selected.length === 1 && <Comments key={only.id} bench={bench} coding={coding} instance={only.id} />}
    </section>
  );
}

// ---- below: internals ----

function Head({ body, title }: { body: InstanceBody; title?: string }) {
  const t = useTexts();
  return (
    <header className="inspector-head">
      <h2>
        <PartMark action={body.action} /> {t.action(body.action)}
      </h2>
      {title && <span className="badge">{title}</span>}
      <span className={body.state === 'proposed' ? 'badge accent' : 'badge'}>{t.editor.states[body.state]}</span>
      {body.score !== null && (
        <span className="score" title={t.editor.score}>
          <span className="visually-hidden">{t.editor.score} </span>
          {body.score.toFixed(2)}
        </span>
      )}
    </header>
  );
}

function Nothing({ bench, keys }: Pick<InspectorProps, 'bench' | 'keys'>) {
  const t = useTexts();
  const [action, stroke] = [...keys.strokes].find(([name]) => name === 'nodding') ?? [...keys.strokes][0] ?? [];
  return (
    <>
      <h2>{t.editor.nothingSelected}</h2>
      {bench.isReadOnly ? (
        <p className="hint">{t.editor.readOnly}</p>
      ) : (
        action && (
          <p className="hint">
            {t.editor.howTo(stroke.first.toUpperCase(), `${stroke.second.toUpperCase()} (${t.action(action)})`)}
          </p>
        )
      )}
    </>
  );
}

function Deeds({ bench, keys, states }: Pick<InspectorProps, 'bench' | 'keys'> & { states: InstanceBody['state'][] }) {
  const t = useTexts();
  const relabels = useObserved(bench.state, (state) => state.relabels);
  const isProposed = states.some((state) => state === 'proposed');
  const isRejected = states.every((state) => state === 'rejected');
  return (
    <div className="toolbar">
      {isProposed && (
        <>
          <CommandButton bench={bench} keys={keys} command="accept" className="button primary">
            {t.editor.accept}
          </CommandButton>
          <CommandButton bench={bench} keys={keys} command="reject">
            {t.editor.reject}
          </CommandButton>
        </>
      )}
      {isRejected && (
        <button type="button" className="button" onClick={() => bench.accept(bench.selected)}>
          {t.editor.restore}
        </button>
      )}
      <CommandButton bench={bench} keys={keys} command="relabel" pressed={relabels}>
        {t.editor.relabel}
      </CommandButton>
      {!isProposed && !isRejected && (
        <CommandButton bench={bench} keys={keys} command="remove">
          {t.common.delete}
        </CommandButton>
      )}
    </div>
  );
}
