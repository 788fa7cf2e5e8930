import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import type { Project } from '../../contract/project.ts';
import type { Video } from '../../contract/video.ts';
import { useApi } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { Busy } from '../shell/Busy.tsx';
import { Page } from '../shell/Page.tsx';
import { ProblemNote } from '../shell/ProblemNote.tsx';
import { useTexts } from '../texts/texts.tsx';
import { videosAtStake } from './videosAtStake.ts';
import './results.css';

interface BlindNoticeProps {
  /** Id. */
  readonly project: string;
  /** Not rendered, and so nothing asked for, before the person has chosen to see it. */
  readonly children: ReactNode;
}

/** Asks before the results of a blind project cost somebody the right to code videos of it. */
export function BlindNotice({ project: id, children }: BlindNoticeProps) {
  const t = useTexts();
  const { account } = useSession();
  const [accepted, setAccepted] = useState<string | null>(null);
  const project = useApi<Project>(`/projects/${id}`);
  const videos = useApi<Video[]>(project.data?.blind === false ? null : `/projects/${id}/videos`);
  if (accepted === id || project.data?.blind === false) return children;
  const atStake = videos.data && videosAtStake(videos.data, account?.id);
  if (project.data && atStake?.length === 0) return children;
  const error = project.error ?? videos.error;
  return (
    <Page title={t.results.title} project={id}>
      <ProblemNote error={error} onRetry={() => void (project.error ? project : videos).refetch()} />
      {project.data && atStake ? (
        <div className="results-nothing">
          <h2>{t.blind.title}</h2>
          <p>{t.blind.what(atStake.length)}</p>
          <p className="hint">{t.format.list(atStake.slice(0, mostNamed).map(({ name }) => name))}</p>
          {atStake.length > mostNamed && <p className="hint">{t.blind.more(atStake.length - mostNamed)}</p>}
          <button type="button" className="button" onClick={() => setAccepted(id)}>
            {t.blind.show}
          </button>
          <Link href={`/projects/${id}`}>{t.shell.toLibrary}</Link>
        </div>
      ) : (
        !error && <Busy />
      )}
    </Page>
  );
}

// ---- below: internals ----

const mostNamed = 8;
