import { useState } from 'react';
import type { FoundFile, Video } from '../../contract/video.ts';
import { api } from '../api/client.ts';
import { refresh, useApi } from '../api/queries.ts';
import { Busy } from '../shell/Busy.tsx';
import { Dialog } from '../shell/Dialog.tsx';
import { notify } from '../shell/notify.tsx';
import { ProblemNote } from '../shell/ProblemNote.tsx';
import { useTexts } from '../texts/texts.tsx';

/** Chooses videos that lie in the data folder already. */
export function FolderDialog({ project, open, onClose }: { project: string; open: boolean; onClose: () => void }) {
  const t = useTexts();
  return (
    <Dialog title={t.library.folder.title} open={open} onClose={onClose} wide>
      <FolderForm project={project} onClose={onClose} />
    </Dialog>
  );
}

// ---- below: internals ----

function FolderForm({ project, onClose }: { project: string; onClose: () => void }) {
  const t = useTexts();
  const { data: files, error } = useApi<FoundFile[]>(`/projects/${project}/folder`, undefined, { staleTime: 0 });
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setIsBusy] = useState(false);
  if (!files) return error ? <ProblemNote error={error} /> : <Busy />;
  if (files.length === 0) return <p>{t.library.folder.none}</p>;

  const shown = files.filter(({ path }) => path.toLowerCase().includes(text.toLowerCase()));
  const areAllChosen = shown.length > 0 && shown.every(({ path }) => chosen.has(path));
  const toggle = (paths: readonly string[], isOn: boolean) => {
    const next = new Set(chosen);
    for (const path of paths) isOn ? next.add(path) : next.delete(path);
    setChosen(next);
  };
  const add = async () => {
    setIsBusy(true);
    try {
      const added = await api.post<Video[]>(`/projects/${project}/videos`, { paths: [...chosen] });
      await refresh(`/projects/${project}/videos`);
      notify(t.library.folder.added(added.length), 'ok');
      onClose();
    } catch (failure) {
      setProblem(failure);
      setIsBusy(false);
    }
  };
  return (
    <>
      <p className="hint">{t.library.folder.hint}</p>
      <input
        type="search"
        className="field"
        placeholder={t.library.folder.filter}
        aria-label={t.library.folder.filter}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={areAllChosen}
          onChange={() =>
            toggle(
              shown.map(({ path }) => path),
              !areAllChosen,
            )
          }
        />
        {t.library.folder.all}
      </label>
      <ul className="file-list">
        {shown.map(({ path, sizeBytes }) => (
          <li key={path}>
            <label className="check">
              <input type="checkbox" checked={chosen.has(path)} onChange={() => toggle([path], !chosen.has(path))} />
              <span className="file-path">{path}</span>
              <span className="hint">{t.format.bytes(sizeBytes)}</span>
            </label>
          </li>
        ))}
      </ul>
      <ProblemNote error={problem} />
      <div className="form-actions">
        <button type="button" className="button" onClick={onClose}>
          {t.common.cancel}
        </button>
        <button
          type="button"
          className="button primary"
          disabled={isBusy || chosen.size === 0}
          onClick={() => void add()}
        >
          {t.library.folder.add(chosen.size)}
        </button>
      </div>
    </>
  );
}
