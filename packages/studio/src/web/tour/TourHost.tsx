import { lazy, Suspense } from 'react';
import { useRoute } from 'wouter';
import type { Video } from '../../contract/video.ts';
import { useApi } from '../api/queries.ts';
import { usePreferences, useSession } from '../api/session.tsx';

/** Shows the tour in the editor of the demonstration video, until somebody has been through it or has skipped it. */
export function TourHost() {
  const { account } = useSession();
  const { tourDone = false } = usePreferences();
  const [isEditor, params] = useRoute('/videos/:video');
  const isWanted = account !== null && !tourDone && isEditor;
  const { data: video } = useApi<Video>(isWanted ? `/videos/${params?.video}` : null);
  if (!isWanted || !video || !isDemonstration(video)) return null;
  return (
    <Suspense>
      <Tour />
    </Suspense>
  );
}

// ---- below: internals ----

const Tour = lazy(() => import('./Tour.tsx'));

/** Under the name that the studio gives it, also where another file had that. */
const isDemonstration = ({ path }: Video) => /(^|\/)demonstration[^/]*\.mp4$/.test(path);
