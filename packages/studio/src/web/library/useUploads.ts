import { useSyncExternalStore } from 'react';
import { type Transfer, Uploads } from './uploads.ts';

/** The uploads of a project: they go on while other pages are shown. */
export function useUploads(project: string): { uploads: Uploads; transfers: readonly Transfer[] } {
  let uploads = byProject.get(project);
  if (!uploads) {
    uploads = new Uploads(project);
    byProject.set(project, uploads);
  }
  return { uploads, transfers: useSyncExternalStore(uploads.subscribe, uploads.transfers) };
}

// ---- below: internals ----

const byProject = new Map<string, Uploads>();
