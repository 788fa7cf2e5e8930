import { useSyncExternalStore } from 'react';
import type { InstanceBody } from '../../contract/coding.ts';
import { useTexts } from '../texts/texts.tsx';
import type { EditConflict } from './codingStore.ts';
import type { Workbench } from './workbench.ts';

/** Where two wrote one instance, or the server refuses an edit: both versions, and the choice. */
export function ConflictNotes({ bench }: { bench: Workbench }) {
  const conflicts = useSyncExternalStore(bench.store.subscribe, () => bench.store.conflicts);
  if (conflicts.length === 0) return null;
  return (
    <div className="conflicts" role="alert">
      {conflicts.map((conflict) => (
        <ConflictNote key={conflict.instance} bench={bench} conflict={conflict} />
      ))}
    </div>
  );
}

// ---- below: internals ----

function ConflictNote({ bench, conflict }: { bench: Workbench; conflict: EditConflict }) {
  const t = useTexts();
  const { instance, mine, theirs, by, refusal } = conflict;
  const text = t.editor.conflict;
  const describe = (body: InstanceBody | null) =>
    body
      ? t.editor.describe(
          t.action(body.action),
          t.format.time(body.start),
          t.format.time(body.end),
          t.editor.states[body.state],
        )
      : text.gone;
  return (
    <div className="problem">
      <p>
        <strong>{text.title}</strong> {refusal === undefined ? text.written(by ?? '') : `${text.refused} ${refusal}`}
      </p>
      <p>
        {text.mine}: {describe(mine)}
      </p>
      <p>
        {refusal === undefined ? text.theirs : text.asSaved}: {describe(theirs)}
      </p>
      <div className="toolbar">
        <button type="button" className="button" onClick={() => bench.store.settle(instance, 'mine')}>
          {refusal === undefined ? text.takeMine : text.tryAgain}
        </button>
        <button type="button" className="button" onClick={() => bench.store.settle(instance, 'theirs')}>
          {refusal === undefined ? text.takeTheirs : text.keepSaved}
        </button>
      </div>
    </div>
  );
}
