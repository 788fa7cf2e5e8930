import { useEffect, useState } from 'react';
import { useTexts } from '../texts/texts.tsx';
import { useSaveStatus } from './useWorkbench.ts';
import type { Workbench } from './workbench.ts';

/** Whether everything is saved, since when, and if not, why and what is done about it. */
export function SaveState({ bench }: { bench: Workbench }) {
  const t = useTexts();
  const status = useSaveStatus(bench);
  useTick(5000);
  const passed = Math.max(0, (performance.now() - status.sinceMs) / 1000);
  const ago = passed < 5 ? '' : t.editor.seconds(passed < 60 ? Math.floor(passed / 5) * 5 : Math.floor(passed));
  if (status.kind !== 'unsaved') {
    const text = status.kind === 'saving' ? t.editor.save.saving : t.editor.save.saved(ago);
    // Read out once when it changes kind, not each time the seconds do.
    return (
      <p className="save-state hint">
        <span aria-hidden="true">{text}</span>
        <span className="visually-hidden" role="status">
          {status.kind === 'saving' ? '' : t.editor.save.saved('')}
        </span>
      </p>
    );
  }
  const { count, code, message, isKept } = status;
  return (
    <div className="save-state unsaved">
      <details>
        <summary>
          <span className="badge danger">{t.editor.save.unsaved(count, ago)}</span>
        </summary>
        <div className="save-details">
          <p>{(t.language !== 'en' && t.problem(code)) || message}</p>
          <p>{isKept ? t.editor.save.keptHere : t.editor.save.notKept}</p>
          <div className="toolbar">
            <button type="button" className="button primary" onClick={() => bench.store.retryNow()}>
              {t.editor.save.retry}
            </button>
            <button
              type="button"
              className="button danger"
              onClick={() => confirm(t.editor.save.discardQuestion(count)) && bench.store.discardUnsent()}
            >
              {t.editor.save.discard}
            </button>
          </div>
        </div>
      </details>
      <span className="visually-hidden" role="alert">
        {message} {isKept ? t.editor.save.keptHere : t.editor.save.notKept}
      </span>
    </div>
  );
}

// ---- below: internals ----

/** Renders anew now and then, for what says how long ago something was. */
function useTick(milliseconds: number): void {
  const [, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((tick) => tick + 1), milliseconds);
    return () => clearInterval(timer);
  }, [milliseconds]);
}
