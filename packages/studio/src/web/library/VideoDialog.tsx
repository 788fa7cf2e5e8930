import { type FormEvent, type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import type { Project } from '../../contract/project.ts';
import type { Video } from '../../contract/video.ts';
import { api } from '../api/client.ts';
import { refresh } from '../api/queries.ts';
import { Dialog } from '../shell/Dialog.tsx';
import { notify } from '../shell/notify.tsx';
import { ProblemNote } from '../shell/ProblemNote.tsx';
import { useTexts } from '../texts/texts.tsx';
import { CodingChips } from './CodingChips.tsx';
import { VideoState } from './VideoState.tsx';

interface VideoDialogProps {
  readonly project: Project;
  /** Null shows nothing. */
  readonly video: Video | null;
  readonly onClose: () => void;
  readonly onRelink: (video: Video) => void;
}

/** All about one video: names and notes to change, facts to read, and its removal. */
export function VideoDialog({ video, ...props }: VideoDialogProps) {
  return (
    <Dialog title={video?.name ?? ''} open={video !== null} onClose={props.onClose}>
      {video && <VideoForm key={video.id} video={video} {...props} />}
    </Dialog>
  );
}

// ---- below: internals ----

function VideoForm({ project, video, onClose, onRelink }: VideoDialogProps & { video: Video }) {
  const t = useTexts();
  const texts = t.library.details;
  const [problem, setProblem] = useState<unknown>(null);
  const [isRemoving, setIsRemoving] = useState(false);
  const isOwner = project.role === 'owner';
  const mayChange = project.role !== 'coder';

  const act = async (work: () => Promise<unknown>, done: string) => {
    setProblem(null);
    try {
      await work();
      await refresh(`/projects/${project.id}/videos`);
      notify(done, 'ok');
      onClose();
    } catch (failure) {
      setProblem(failure);
    }
  };
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const change = Object.fromEntries(new FormData(event.currentTarget));
    void act(() => api.patch(`/videos/${video.id}`, change), t.common.saved);
  };
  const remove = () => act(() => api.delete(`/videos/${video.id}`), texts.removed(video.name));

  if (isRemoving) {
    return (
      <div className="form">
        <p>{texts.removeSure(video.name)}</p>
        <p className="hint">{texts.removeHint}</p>
        <ProblemNote error={problem} />
        <div className="form-actions">
          <button type="button" className="button" onClick={() => setIsRemoving(false)}>
            {t.common.cancel}
          </button>
          <button type="button" className="button primary danger" onClick={() => void remove()}>
            {texts.remove}
          </button>
        </div>
      </div>
    );
  }
  return (
    <form className="form" onSubmit={save}>
      <label className="labelled">
        {texts.name}
        <input className="field" name="name" defaultValue={video.name} maxLength={200} required disabled={!mayChange} />
      </label>
      <label className="labelled">
        {texts.subject}
        <input className="field" name="subject" defaultValue={video.subject} maxLength={120} disabled={!mayChange} />
        <span className="hint">{texts.subjectHint}</span>
      </label>
      <label className="labelled">
        {texts.notes}
        <textarea
          className="field"
          name="notes"
          defaultValue={video.notes}
          maxLength={4000}
          rows={3}
          disabled={!mayChange}
        />
      </label>
      <Facts video={video} />
      <VideoState video={video} isOwner={isOwner} onRelink={() => onRelink(video)} />
      <CodingChips codings={video.codings} />
      <ProblemNote error={problem} />
      <div className="form-actions">
        {isOwner && (
          <button type="button" className="button danger first" onClick={() => setIsRemoving(true)}>
            {texts.remove}
          </button>
        )}
        <Link className="button" href={`/videos/${video.id}`}>
          {texts.open}
        </Link>
        {mayChange && (
          <button type="submit" className="button primary">
            {t.common.save}
          </button>
        )}
      </div>
    </form>
  );
}

function Facts({ video: { facts, path, sizeBytes, addedAt } }: { video: Video }) {
  const t = useTexts();
  const texts = t.library.details;
  const rows: [string, ReactNode][] = [
    [texts.file, path],
    [texts.size, t.format.bytes(sizeBytes)],
    [texts.added, t.format.moment(addedAt)],
  ];
  if (facts) {
    const rate = t.format.number(facts.frameRate);
    const picture = texts.pictureFacts(facts.widthPixels, facts.heightPixels, rate);
    const sound = facts.hasAudio ? texts.sound : texts.noSound;
    rows.push(
      [texts.length, t.format.time(facts.durationSeconds)],
      [texts.picture, facts.variableFrameRate ? `${picture} (${texts.variableRate})` : picture],
      [texts.coded, `${facts.codec}, ${facts.container}, ${sound}`],
    );
    if (facts.warnings.length > 0) rows.push([texts.warnings, facts.warnings.join(' ')]);
  }
  return (
    <dl className="facts">
      {rows.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
