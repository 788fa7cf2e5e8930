import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import type { Project } from '../../contract/project.ts';
import { api } from '../api/client.ts';
import { refresh } from '../api/queries.ts';
import { Dialog } from '../shell/Dialog.tsx';
import { ProblemNote } from '../shell/ProblemNote.tsx';
import { useTexts } from '../texts/texts.tsx';

/** Asks for no more than a name: the rest has sensible values, and is changed in the project's settings. */
export function NewProjectDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useTexts();
  const [, navigate] = useLocation();
  const [problem, setProblem] = useState<unknown>(null);
  const make = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = new FormData(event.currentTarget).get('name');
    setProblem(null);
    try {
      const project = await api.post<Project>('/projects', { name });
      await refresh('/projects');
      onClose();
      navigate(`/projects/${project.id}`);
    } catch (failure) {
      setProblem(failure);
    }
  };
  return (
    <Dialog title={t.library.newProject} open={open} onClose={onClose}>
      <form className="form" onSubmit={make}>
        <label className="labelled">
          {t.library.projectName}
          <input className="field" name="name" maxLength={120} required autoFocus />
        </label>
        <ProblemNote error={problem} />
        <div className="form-actions">
          <button type="button" className="button" onClick={onClose}>
            {t.common.cancel}
          </button>
          <button type="submit" className="button primary">
            {t.library.makeProject}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
