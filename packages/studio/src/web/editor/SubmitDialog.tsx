import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CodingSummary } from '../../contract/coding.ts';
import { api } from '../api/client.ts';
import { refresh } from '../api/queries.ts';
import { Dialog } from '../shell/Dialog.tsx';
import { notify } from '../shell/notify.tsx';
import { ProblemNote } from '../shell/ProblemNote.tsx';
import { useTexts } from '../texts/texts.tsx';
import { useObserved } from './benchState.ts';
import { useInstances, useSaveStatus } from './useWorkbench.ts';
import type { Workbench } from './workbench.ts';

interface SubmitDialogProps {
  readonly bench: Workbench;
  readonly coding: { readonly id: string; readonly video: string };
  readonly isBlind: boolean;
}

/** Says what submitting means, and how much is undecided, before it is done. */
export function SubmitDialog({ bench, coding, isBlind }: SubmitDialogProps) {
  const t = useTexts();
  const isOpen = useObserved(bench.state, (state) => state.dialog === 'submit');
  const instances = useInstances(bench);
  const isSaved = useSaveStatus(bench).kind === 'saved';
  const queries = useQueryClient();
  const [isSending, setIsSending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const count = (state: string) => instances.filter((instance) => instance.state === state).length;
  const close = () => bench.state.set({ dialog: null });
  const submit = async () => {
    setIsSending(true);
    setError(null);
    try {
      await bench.store.whenSaved();
      await api.post<CodingSummary>(`/codings/${coding.id}/submit`);
      notify(t.editor.submitted, 'ok');
      close();
      await queries.invalidateQueries({ queryKey: ['editor coding', coding.video] });
      await refresh(`/videos/${coding.video}`);
    } catch (problem) {
      setError(problem);
    } finally {
      setIsSending(false);
    }
  };
  return (
    <Dialog title={t.editor.submitQuestion} open={isOpen} onClose={close}>
      <p>{t.editor.submitCoded(count('coded'))}</p>
      {count('proposed') > 0 && (
        <p>
          <strong>{t.editor.submitUndecided(count('proposed'))}</strong>
        </p>
      )}
      <p>{isBlind ? t.editor.submitBlind : t.editor.submitOpen}</p>
      {!isSaved && <p role="status">{t.editor.submitUnsaved}</p>}
      <ProblemNote error={error} />
      <div className="form-actions">
        <button type="button" className="button" onClick={close}>
          {t.common.cancel}
        </button>
        <button type="button" className="button primary" disabled={isSending} onClick={() => void submit()}>
          {t.editor.submit}
        </button>
      </div>
    </Dialog>
  );
}
