import { useEffect, useState } from 'react';
import type { Project } from '../../contract/project.ts';
import type { FormatChoice, ImportPreview } from '../../contract/results.ts';
import type { Video } from '../../contract/video.ts';
import { api } from '../api/client.ts';
import { refresh, useApi } from '../api/queries.ts';
import { Busy } from '../shell/Busy.tsx';
import { Dialog } from '../shell/Dialog.tsx';
import { notify } from '../shell/notify.tsx';
import { ProblemNote } from '../shell/ProblemNote.tsx';
import { useTexts } from '../texts/texts.tsx';

interface ImportDialogProps {
  readonly project: Project;
  readonly videos: readonly Video[];
  /** Null shows nothing. */
  readonly file: File | null;
  readonly onClose: () => void;
}

/** Shows what is in a file of annotations and which video each part goes to, then imports it. */
export function ImportDialog({ file, ...props }: ImportDialogProps) {
  const t = useTexts();
  return (
    <Dialog title={t.library.import.title(file?.name ?? '')} open={file !== null} onClose={props.onClose} wide>
      {file && <ImportForm key={`${file.name}:${file.lastModified}`} file={file} {...props} />}
    </Dialog>
  );
}

// ---- below: internals ----

/** Who said it: the person, a model, or the settled end. */
type Whose = 'me' | 'model' | 'final';

/** Clip to video; an empty id leaves it out. */
type Targets = Readonly<Record<string, string>>;

function ImportForm({ project, videos, file, onClose }: ImportDialogProps & { file: File }) {
  const t = useTexts();
  const { data: formats = [] } = useApi<FormatChoice[]>('/formats');
  const [format, setFormat] = useState('');
  const [whose, setWhose] = useState<Whose>('me');
  const [targets, setTargets] = useState<Targets>({});
  const [preview, setPreview] = useState<ImportPreview | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setIsBusy] = useState(false);
  const isOwner = project.role === 'owner';

  const send = (apply: boolean, clips?: Targets) => {
    const form = new FormData();
    form.append('file', file);
    if (clips) form.append('clips', JSON.stringify(clips));
    const query = { name: file.name, format: format || null, apply, as: whose };
    return api.form<ImportPreview>(`/projects/${project.id}/imports`, form, query);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the file holds depends on the format alone.
  useEffect(() => {
    let isWanted = true;
    setPreview(null);
    setProblem(null);
    send(false).then(
      (found) => {
        if (!isWanted) return;
        setPreview(found);
        setTargets(Object.fromEntries(found.clips.map(({ clip, video }) => [clip, video ?? ''])));
      },
      (failure: unknown) => isWanted && setProblem(failure),
    );
    return () => {
      isWanted = false;
    };
  }, [format]);

  const chosen = Object.fromEntries(Object.entries(targets).filter(([, video]) => video !== ''));
  const count = (preview?.clips ?? []).reduce((sum, { clip, instances }) => sum + (chosen[clip] ? instances : 0), 0);
  const apply = async () => {
    setIsBusy(true);
    setProblem(null);
    try {
      await send(true, chosen);
      await refresh(`/projects/${project.id}`, '/videos');
      notify(t.library.import.done(count, file.name), 'ok');
      onClose();
    } catch (failure) {
      setProblem(failure);
      setIsBusy(false);
    }
  };
  return (
    <div className="form">
      <div className="toolbar">
        <label className="labelled">
          {t.library.import.format}
          <select className="field" value={format} onChange={({ target }) => setFormat(target.value)}>
            <option value="">{t.library.import.recognise}</option>
            {formats.map(({ name, title }) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <label className="labelled">
          {t.library.import.asWhose}
          <select className="field" value={whose} onChange={({ target }) => setWhose(target.value as Whose)}>
            <option value="me">{t.library.import.asMe}</option>
            {isOwner && <option value="model">{t.library.import.asModel}</option>}
            {isOwner && <option value="final">{t.library.import.asFinal}</option>}
          </select>
        </label>
      </div>
      {!preview && !problem && <Busy label={t.library.import.reading} />}
      {preview && (
        <>
          <p>{t.library.import.found(formats.find(({ name }) => name === preview.format)?.title ?? preview.format)}</p>
          {preview.warnings.length > 0 && (
            <details className="panel">
              <summary>
                {t.library.import.warnings} ({preview.warnings.length})
              </summary>
              <ul className="warnings">
                {preview.warnings.map((warning) => (
                  <li key={warning}>{warning}</li>
                ))}
              </ul>
            </details>
          )}
          {videos.length === 0 && <p className="hint">{t.library.import.noVideos}</p>}
          <div className="scroll">
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{t.library.import.clip}</th>
                  <th scope="col" className="number">
                    {t.library.import.instances}
                  </th>
                  <th scope="col">{t.library.import.toVideo}</th>
                </tr>
              </thead>
              <tbody>
                {preview.clips.map(({ clip, instances }) => (
                  <tr key={clip}>
                    <th scope="row">{clip}</th>
                    <td className="number">{instances}</td>
                    <td>
                      <select
                        className="field"
                        aria-label={`${t.library.import.toVideo}: ${clip}`}
                        value={targets[clip] ?? ''}
                        onChange={({ target }) => setTargets({ ...targets, [clip]: target.value })}
                      >
                        <option value="">{t.library.import.leaveOut}</option>
                        {videos.map(({ id, name }) => (
                          <option key={id} value={id}>
                            {name}
                          </option>
                        ))}
                      </select>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
      <ProblemNote error={problem} />
      <div className="form-actions">
        <button type="button" className="button" onClick={onClose}>
          {t.common.cancel}
        </button>
        <button
          type="button"
          className="button primary"
          disabled={isBusy || Object.keys(chosen).length === 0}
          onClick={() => void apply()}
        >
          {t.library.import.apply(count)}
        </button>
      </div>
    </div>
  );
}
