import type { MouseEvent } from 'react';
import { Link } from 'wouter';
import type { Video } from '../../contract/video.ts';
import { apiUrl } from '../api/client.ts';
import { useTexts } from '../texts/texts.tsx';
import { CodingChips } from './CodingChips.tsx';
import { VideoState } from './VideoState.tsx';

interface VideoRowProps {
  readonly video: Video;
  /** In the order of the tab key. */
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly isOwner: boolean;
  readonly mayReview: boolean;
  readonly onFocus: () => void;
  readonly onToggle: () => void;
  readonly onOpen: () => void;
  readonly onDetails: () => void;
  readonly onRelink: () => void;
}

export function VideoRow({ video, isActive, isSelected, isOwner, mayReview, onFocus, ...on }: VideoRowProps) {
  const t = useTexts();
  const tabIndex = isActive ? 0 : -1;
  const submitted = video.codings.filter(({ kind, status }) => kind === 'coder' && status === 'submitted').length;
  const openUnlessOnControl = (event: MouseEvent) => {
    if (!(event.target as Element).closest('a, button, input, label')) on.onOpen();
  };
  return (
    <tr className={isSelected ? 'chosen' : undefined} onFocus={onFocus} onClick={openUnlessOnControl}>
      <td>
        <input
          type="checkbox"
          tabIndex={tabIndex}
          aria-label={t.library.select(video.name)}
          checked={isSelected}
          onChange={on.onToggle}
        />
      </td>
      <th scope="row" className="video-name">
        <span className="thumbnail">
          {video.has.thumbnail && (
            <img src={apiUrl(`/videos/${video.id}/thumbnail`)} alt="" width="80" height="45" loading="lazy" />
          )}
        </span>
        <Link href={`/videos/${video.id}`} tabIndex={tabIndex}>
          {video.name}
        </Link>
      </th>
      <td>{video.subject}</td>
      <td className="number">{video.facts ? t.format.length(video.facts.durationSeconds) : '–'}</td>
      <td>
        <VideoState video={video} isOwner={isOwner} onRelink={on.onRelink} />
      </td>
      <td>
        <CodingChips codings={video.codings} />
      </td>
      <td className="row-actions">
        {mayReview && submitted >= 2 && (
          <Link
            className="button"
            href={`/videos/${video.id}/review`}
            tabIndex={tabIndex}
            aria-label={t.library.reviewOf(video.name)}
          >
            {t.library.review}
          </Link>
        )}
        <button
          type="button"
          className="button quiet"
          tabIndex={tabIndex}
          aria-label={t.library.moreOf(video.name)}
          title={t.common.details}
          onClick={on.onDetails}
        >
          ⋯
        </button>
      </td>
    </tr>
  );
}
