import { useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from 'wouter';
import type { CodingSummary } from '../../contract/coding.ts';
import type { Project } from '../../contract/project.ts';
import type { Review } from '../../contract/review.ts';
import type { Video } from '../../contract/video.ts';
import { useStudioEvents } from '../api/events.ts';
import { useApi } from '../api/queries.ts';
import { useTaxonomy } from '../editor/editorData.ts';
import { TaxonomyContext } from '../editor/PartMark.tsx';
import { Busy } from '../shell/Busy.tsx';
import { Page } from '../shell/Page.tsx';
import { ProblemNote } from '../shell/ProblemNote.tsx';
import { useTexts } from '../texts/texts.tsx';
import { CoderList } from './CoderList.tsx';
import { History } from './History.tsx';
import { ReviewDesk } from './ReviewDesk.tsx';
import '../editor/editor.css';
import './review.css';

/** `/videos/:video/review`: where coders differ, and what is settled. */
export default function ReviewPage() {
  const t = useTexts();
  const { video: id = '' } = useParams<{ video: string }>();
  const video = useApi<Video>(`/videos/${id}`);
  const project = useApi<Project>(video.data ? `/projects/${video.data.project}` : null);
  const review = useApi<Review>(`/videos/${id}/review`);
  const codings = useApi<CodingSummary[]>(`/videos/${id}/codings`);
  const queries = useQueryClient();
  useStudioEvents(video.data?.project ?? null);

  const back = { to: video.data ? `/projects/${video.data.project}` : '/', label: t.shell.library };
  const title = video.data ? t.review.title(video.data.name) : t.review.disputes;
  if (!video.data || !project.data || !review.data || !codings.data) {
    const error = video.error ?? project.error ?? review.error ?? codings.error;
    return (
      <Page title={title} back={back}>
        {error ? (
          <ProblemNote error={error} onRetry={() => void queries.refetchQueries({ type: 'active' })} />
        ) : (
          <Busy />
        )}
      </Page>
    );
  }
  const given = { video: video.data, project: project.data, review: review.data, codings: codings.data };
  return <Loaded {...given} title={title} back={back} />;
}

// ---- below: internals ----

interface LoadedProps {
  readonly video: Video;
  readonly project: Project;
  readonly review: Review;
  readonly codings: readonly CodingSummary[];
  readonly title: string;
  readonly back: { readonly to: string; readonly label: string };
}

function Loaded({ video, project, review, codings, title, back }: LoadedProps) {
  const t = useTexts();
  const taxonomy = useTaxonomy(project);
  const canCompare = review.coders.length >= 2;
  const isBlind = codings.some(({ kind, status, hidden }) => kind === 'coder' && status === 'submitted' && hidden);
  const actions = (
    <>
      <Link className="button" href={`/videos/${video.id}`}>
        {t.review.toEditor}
      </Link>
      <Link className="button" href={`/projects/${project.id}/results`}>
        {t.review.toResults}
      </Link>
    </>
  );
  return (
    <TaxonomyContext value={taxonomy}>
      <Page title={title} back={back} fill={canCompare} actions={actions}>
        {canCompare ? (
          <ReviewDesk video={video} project={project} review={review} codings={codings} />
        ) : (
          <div className="review-waiting">
            <section className="panel">
              {isBlind ? <h2>{t.review.mayNot.blind}</h2> : <h2>{t.review.waiting(review.coders.length)}</h2>}
              {review.mayNotDecide === 'role' && <p>{t.review.mayNot.role}</p>}
              <p className="hint">{t.review.waitingWhat}</p>
              <CoderList codings={codings} mayReopen={project.role !== 'coder'} video={video.id} />
            </section>
            <History video={video.id} />
          </div>
        )}
      </Page>
    </TaxonomyContext>
  );
}
