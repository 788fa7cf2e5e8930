import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { Video } from '../../contract/video.ts';
import { useTexts } from '../texts/texts.tsx';
import { VideoRow } from './VideoRow.tsx';
import type { VideoFilter, VideoSort } from './videoList.ts';

interface VideoTableProps {
  /** Those shown, in order. */
  readonly videos: readonly Video[];
  readonly filter: VideoFilter;
  readonly onFilter: (filter: VideoFilter) => void;
  /** Ids. */
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
  readonly onDetails: (video: Video) => void;
  readonly onRelink: (video: Video) => void;
  readonly isOwner: boolean;
  readonly mayReview: boolean;
}

/**
 * The videos. One row at a time is in the order of the tab key: arrows, Home and End move to another, Enter opens,
 * space selects, E shows the details.
 */
export function VideoTable(props: VideoTableProps) {
  const { videos, filter, onFilter, selected, onSelect, onDetails } = props;
  const t = useTexts();
  const [, navigate] = useLocation();
  const body = useRef<HTMLTableSectionElement>(null);
  const [active, setActive] = useState(0);
  const [count, setCount] = useState(pageSize);
  const shown = videos.slice(0, count);
  const activeRow = Math.min(active, shown.length - 1);
  const areAllSelected = videos.length > 0 && videos.every(({ id }) => selected.has(id));

  const move = (row: number) => {
    const next = Math.max(0, Math.min(shown.length - 1, row));
    setActive(next);
    body.current?.rows[next]?.querySelector<HTMLElement>('a')?.focus();
  };
  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isOnName = event.target instanceof HTMLAnchorElement;
    if (!isOnName || event.ctrlKey || event.metaKey || event.altKey) return;
    const video = shown[activeRow];
    const row = rowAfter(event.key, activeRow, shown.length);
    if (row !== null) move(row);
    else if (event.key === ' ') toggle(video.id);
    else if (event.key.toLowerCase() === 'e') onDetails(video);
    else return;
    event.preventDefault();
  };
  // Arrow down anywhere on the page, where nothing else takes it, enters the list.
  useEffect(() => {
    const enter = (event: globalThis.KeyboardEvent) => {
      const isElsewhere = event.target !== document.body && !(event.target as Element).matches('main');
      if (event.key !== 'ArrowDown' || isElsewhere) return;
      event.preventDefault();
      body.current?.rows[0]?.querySelector<HTMLElement>('a')?.focus();
    };
    document.addEventListener('keydown', enter);
    return () => document.removeEventListener('keydown', enter);
  }, []);

  const heading = (sort: VideoSort, label: string, className?: string) => (
    <SortHeading {...{ sort, label, className, filter, onFilter }} />
  );
  return (
    <>
      <table className="table videos" onKeyDown={onKeyDown}>
        <caption className="visually-hidden">
          {t.library.title}. {t.library.keyHint}
        </caption>
        <thead>
          <tr>
            <th>
              <input
                type="checkbox"
                aria-label={t.library.selectAll}
                checked={areAllSelected}
                onChange={() => onSelect(new Set(areAllSelected ? [] : videos.map(({ id }) => id)))}
              />
            </th>
            {heading('name', t.library.columns.video)}
            {heading('subject', t.library.columns.subject)}
            {heading('duration', t.library.columns.duration, 'number')}
            {heading('stage', t.library.columns.stage)}
            <th scope="col">{t.library.columns.codedBy}</th>
            <th scope="col">
              <span className="visually-hidden">{t.library.columns.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody ref={body}>
          {shown.map((video, index) => (
            <VideoRow
              key={video.id}
              video={video}
              isActive={index === activeRow}
              isSelected={selected.has(video.id)}
              isOwner={props.isOwner}
              mayReview={props.mayReview}
              onFocus={() => setActive(index)}
              onToggle={() => toggle(video.id)}
              onOpen={() => navigate(`/videos/${video.id}`)}
              onDetails={() => onDetails(video)}
              onRelink={() => props.onRelink(video)}
            />
          ))}
        </tbody>
      </table>
      {videos.length > count && (
        <button type="button" className="button" onClick={() => setCount(count + pageSize)}>
          {t.library.showMore(Math.min(pageSize, videos.length - count))}
        </button>
      )}
    </>
  );
}

// ---- below: internals ----

/** Rows that are shown at first: tables of thousands are slow. */
const pageSize = 200;

/** Where a key leads from a row; null where it does not move. */
function rowAfter(key: string, row: number, count: number): number | null {
  const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  return key in steps ? row + steps[key] : null;
}

interface SortHeadingProps extends Pick<VideoTableProps, 'filter' | 'onFilter'> {
  readonly sort: VideoSort;
  readonly label: string;
  readonly className?: string;
}

function SortHeading({ sort, label, className, filter, onFilter }: SortHeadingProps) {
  const isSorted = filter.sort === sort;
  const direction = filter.isDescending ? 'descending' : 'ascending';
  return (
    <th scope="col" className={className} aria-sort={isSorted ? direction : undefined}>
      <button
        type="button"
        className="heading-button"
        onClick={() => onFilter({ ...filter, sort, isDescending: isSorted && !filter.isDescending })}
      >
        {label}
        <span aria-hidden="true">{isSorted ? (filter.isDescending ? '↓' : '↑') : ''}</span>
      </button>
    </th>
  );
}
