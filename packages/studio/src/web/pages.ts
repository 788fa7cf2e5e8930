import { prefetch } from './api/queries.ts';
import { PageFile } from './shell/lazyPage.tsx';

/** The pages, each in a file of its own. */
export const pages = {
  library: new PageFile(() => import('./library/LibraryPage.tsx')),
  editor: new PageFile(() => import('./editor/EditorPage.tsx')),
  review: new PageFile(() => import('./review/ReviewPage.tsx')),
  results: new PageFile(() => import('./results/ResultsPage.tsx')),
  projectSettings: new PageFile(() => import('./settings/ProjectSettingsPage.tsx')),
  settings: new PageFile(() => import('./settings/SettingsPage.tsx')),
};

/** Asks at once for what the first page needs, rather than for one after the other as it finds out. */
export async function prepareFirstPage(pathname: string): Promise<void> {
  const [, area, id, page] = pathname.split('/');
  const project = area === 'projects' ? id : localStorage.getItem('project');
  prefetch('/session');
  if (area === 'videos' && page === undefined) {
    prefetch(`/videos/${id}`);
    await pages.editor.fetch();
  } else if (area === '' || (area === 'projects' && page === undefined)) {
    prefetch('/projects', ...(project ? [`/projects/${project}/videos`] : []));
    await pages.library.fetch();
  }
}
