import { useEffect, useRef } from 'react';
import type { StudioEvent } from '../../contract/event.ts';
import type { Job } from '../../contract/job.ts';
import type { Video } from '../../contract/video.ts';
import { apiUrl } from './client.ts';
import { queryClient, refresh } from './queries.ts';
import { reachability } from './reachability.ts';

/**
 * Listens to what happens in a project while the component is shown, and makes what it concerns stale. The browser
 * connects again by itself; what happened in between is unknown then, so everything is asked for anew.
 *
 * @param project - id; null listens to nothing
 */
export function useStudioEvents(project: string | null, onEvent?: (event: StudioEvent) => void): void {
  const latest = useRef(onEvent);
  latest.current = onEvent;
  useEffect(() => {
    if (project === null) return;
    return listen(project, (event) => latest.current?.(event));
  }, [project]);
}

// ---- below: internals ----

function listen(project: string, tell: (event: StudioEvent) => void): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wasLost = false;
  const connect = () => {
    source = new EventSource(apiUrl(`/projects/${project}/events`));
    source.onopen = () => {
      reachability.found();
      if (wasLost) void queryClient.invalidateQueries();
      wasLost = false;
    };
    source.onmessage = ({ data }) => {
      const event = JSON.parse(data) as StudioEvent;
      if (event.type === 'job' && event.job.status === 'running') showProgress(project, event.job);
      else refreshSoon(stalePaths(project, event));
      tell(event);
    };
    source.onerror = () => {
      wasLost = true;
      // Refused rather than interrupted: the browser gives up, so this tries again, and the session tells why.
      if (source.readyState !== EventSource.CLOSED) return;
      void refresh('/session');
      timer = setTimeout(connect, 3000);
    };
  };
  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

/** Progress comes often: it is written into what is shown, and nothing is asked for. */
function showProgress(project: string, job: Job): void {
  const update = (video: Video): Video =>
    video.id === job.video ? { ...video, jobs: [...video.jobs.filter(({ id }) => id !== job.id), job] } : video;
  queryClient.setQueryData<Video[]>([`/projects/${project}/videos`], (videos) => videos?.map(update));
  queryClient.setQueryData<Video>([`/videos/${job.video}`], (video) => video && update(video));
  queryClient.setQueryData<Job[]>([`/projects/${project}/jobs`], (jobs) =>
    jobs?.map((other) => (other.id === job.id ? job : other)),
  );
}

const staleSoon = new Set<string>();

/** Many events in a moment are one request. */
function refreshSoon(paths: readonly string[]): void {
  if (staleSoon.size === 0) {
    setTimeout(() => {
      const stale = [...staleSoon];
      staleSoon.clear();
      void refresh(...stale);
    }, 150);
  }
  for (const path of paths) staleSoon.add(path);
}

function stalePaths(project: string, event: StudioEvent): string[] {
  const lists = [`/projects/${project}/videos`, `/projects/${project}/jobs`];
  switch (event.type) {
    case 'job':
      return [...lists, `/videos/${event.job.video}`];
    case 'video':
    case 'review':
      return [...lists, `/videos/${event.video}`, `/projects/${project}/results`, `/projects/${project}/comparison`];
    case 'coding':
      return [`/projects/${project}/videos`, `/videos/${event.video}/codings`, `/videos/${event.video}/review`];
    case 'project':
      return ['/projects'];
  }
}
