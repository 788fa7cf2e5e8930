import { memo, useEffect, useRef } from 'react';
import { useTexts } from '../texts/texts.tsx';
import { useObserved } from './benchState.ts';
import type { ShownInstance } from './codingStore.ts';
import { PartMark } from './PartMark.tsx';
import { useInstances } from './useWorkbench.ts';
import type { Workbench } from './workbench.ts';

/** The time line as a table: everything can be reached and edited without seeing a canvas. */
export function InstanceTable({ bench }: { bench: Workbench }) {
  const t = useTexts();
  const instances = useInstances(bench);
  const selection = useObserved(bench.state, (state) => state.selection);
  const leastScore = useObserved(bench.state, (state) => state.leastScore);
  const showsRejected = useObserved(bench.state, (state) => state.showsRejected);
  const body = useRef<HTMLTableSectionElement>(null);
  const chosen = new Set(selection);
  const shown = instances.filter(
    ({ state, score }) =>
      (state !== 'proposed' || (score ?? 1) >= leastScore) && (state !== 'rejected' || showsRejected),
  );
  useEffect(() => {
    if (selection.length > 0) body.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [selection]);
  return (
    <section className="instance-table" data-region="timeline" tabIndex={-1} aria-label={t.editor.table}>
      <table className="table">
        <caption className="visually-hidden">{t.editor.tableHint}</caption>
        <thead>
          <tr>
            <th scope="col">{t.editor.action}</th>
            <th scope="col" className="number">
              {t.editor.start}
            </th>
            <th scope="col" className="number">
              {t.editor.end}
            </th>
            <th scope="col" className="number">
              {t.editor.duration}
            </th>
            <th scope="col">{t.editor.state}</th>
            <th scope="col" className="number">
              {t.editor.score}
            </th>
            <th scope="col">{t.editor.reason}</th>
          </tr>
        </thead>
        <tbody ref={body}>
          {shown.map((instance) => (
            <Row key={instance.id} bench={bench} instance={instance} isSelected={chosen.has(instance.id)} />
          ))}
        </tbody>
      </table>
      {shown.length === 0 && <p className="hint">{t.editor.noInstances}</p>}
    </section>
  );
}

// ---- below: internals ----

interface RowProps {
  readonly bench: Workbench;
  readonly instance: ShownInstance;
  readonly isSelected: boolean;
}

const Row = memo(function Row({ bench, instance, isSelected }: RowProps) {
  const t = useTexts();
  const { id, action, start, end, state, score, reason } = instance;
  return (
    <tr aria-selected={isSelected} className={state}>
      <th scope="row">
        <button type="button" className="button quiet" aria-current={isSelected} onClick={() => bench.goTo(id)}>
          <PartMark action={action} /> {t.action(action)}
        </button>
      </th>
      <td className="number">{t.format.time(start)}</td>
      <td className="number">{t.format.time(end)}</td>
      <td className="number">{t.format.seconds(end - start)}</td>
      <td>{t.editor.states[state]}</td>
      <td className="number">{score?.toFixed(2)}</td>
      <td>{reason}</td>
    </tr>
  );
});
