import { useState } from 'react';
import { everything, type VideoFilter } from './videoList.ts';

/** The filter of a project's list, kept while the window is open: it is the same after coming back from a video. */
export function useFilter(project: string): [VideoFilter, (filter: VideoFilter) => void] {
  const [filter, setFilter] = useState(() => filters.get(project) ?? everything);
  return [
    filter,
    (next) => {
      filters.set(project, next);
      setFilter(next);
    },
  ];
}

// ---- below: internals ----

const filters = new Map<string, VideoFilter>();
