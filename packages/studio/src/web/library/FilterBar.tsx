import type { Video } from '../../contract/video.ts';
import { useTexts } from '../texts/texts.tsx';
import { everything, narrows, type VideoFilter } from './videoList.ts';

interface FilterBarProps {
  readonly filter: VideoFilter;
  readonly onFilter: (filter: VideoFilter) => void;
  readonly videos: readonly Video[];
  readonly shownCount: number;
}

/** Search by words, narrow by stage and by who has coded. */
export function FilterBar({ filter, onFilter, videos, shownCount }: FilterBarProps) {
  const t = useTexts();
  const coders = codersOf(videos);
  return (
    <search className="toolbar">
      <input
        type="search"
        className="field search"
        aria-label={t.library.search}
        placeholder={t.library.search}
        value={filter.text}
        onChange={({ target }) => onFilter({ ...filter, text: target.value })}
      />
      <select
        className="field"
        aria-label={t.library.stage}
        value={filter.stage}
        onChange={({ target }) => onFilter({ ...filter, stage: target.value as VideoFilter['stage'] })}
      >
        {Object.entries(t.library.stages).map(([stage, label]) => (
          <option key={stage} value={stage}>
            {label}
          </option>
        ))}
      </select>
      <select
        className="field"
        aria-label={t.library.coder}
        value={filter.coder}
        onChange={({ target }) => onFilter({ ...filter, coder: target.value })}
      >
        <option value="all">{t.library.anyCoder}</option>
        {coders.map(([id, name]) => (
          <option key={`by:${id}`} value={`by:${id}`}>
            {t.library.codedBy(name)}
          </option>
        ))}
        {coders.map(([id, name]) => (
          <option key={`notBy:${id}`} value={`notBy:${id}`}>
            {t.library.notCodedBy(name)}
          </option>
        ))}
        <option value="model">{t.library.withModel}</option>
        <option value="noModel">{t.library.withoutModel}</option>
      </select>
      <span className="hint" role="status">
        {t.library.count(shownCount, videos.length)}
      </span>
      {narrows(filter) && (
        <button
          type="button"
          className="button link"
          onClick={() =>
            onFilter({ ...filter, text: everything.text, stage: everything.stage, coder: everything.coder })
          }
        >
          {t.library.showAll}
        </button>
      )}
    </search>
  );
}

// ---- below: internals ----

/** Account and name of everybody who has coded one of the videos. */
function codersOf(videos: readonly Video[]): [string, string][] {
  const names = new Map<string, string>();
  for (const { codings } of videos) {
    for (const { account, title } of codings) if (account !== null) names.set(account, title);
  }
  return [...names].sort(([, a], [, b]) => a.localeCompare(b));
}
