import { useEffect } from 'react';
import { useParams } from 'wouter';
import type { Project } from '../../contract/project.ts';
import { useApi } from '../api/queries.ts';
import { Busy } from '../shell/Busy.tsx';
import { NotFoundPage } from '../shell/NotFoundPage.tsx';
import { Page } from '../shell/Page.tsx';
import { ProblemNote } from '../shell/ProblemNote.tsx';
import { useTexts } from '../texts/texts.tsx';
import { Library } from './Library.tsx';

/** The project that the address names; without one, the last that was open here, or the first there is. */
export default function LibraryPage() {
  const t = useTexts();
  const { project: wanted } = useParams<{ project?: string }>();
  const { data: projects, error, refetch } = useApi<Project[]>('/projects');
  const last = localStorage.getItem('project');
  const project = wanted
    ? projects?.find(({ id }) => id === wanted)
    : (projects?.find(({ id }) => id === last) ?? projects?.[0]);
  useEffect(() => {
    if (project) localStorage.setItem('project', project.id);
  }, [project]);

  if (projects && project) return <Library key={project.id} project={project} />;
  if (projects && wanted) return <NotFoundPage />;
  return (
    <Page title={t.library.title}>
      {projects ? <p>{t.library.noProject}</p> : error ? <ProblemNote error={error} onRetry={refetch} /> : <Busy />}
    </Page>
  );
}
