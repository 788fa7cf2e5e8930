import { useState } from 'react';
import type { FormatChoice, Source } from '../../contract/results.ts';
import type { Video } from '../../contract/video.ts';
import { apiUrl } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import { useTexts } from '../texts/texts.tsx';
import { type Choice, sourceTitle } from './choice.ts';

interface ExportSectionProps {
  readonly project: string;
  readonly videos: readonly Video[];
  readonly sources: readonly Source[];
  readonly choice: Choice;
}

/** The way to ELAN, BORIS, tables and programs. */
export function ExportSection({ project, videos, sources, choice }: ExportSectionProps) {
  const t = useTexts();
  const { data: formats = [] } = useApi<FormatChoice[]>('/formats', undefined, { staleTime: Number.POSITIVE_INFINITY });
  const [format, setFormat] = useState('csv');
  const [chosen, setSource] = useState<string | null>(null);
  const source = chosen ?? choice.source ?? 'all';
  const [video, setVideo] = useState(choice.video ?? '');
  const [codebook, setCodebook] = useState(false);
  const titles: Readonly<Record<string, string>> = t.results.formatTitles;
  const written = formats.filter(({ readOnly }) => !readOnly);
  const address = apiUrl(`/projects/${project}/exports`, { format, source, video: video || undefined, codebook });
  return (
    <section aria-labelledby="export" className="export no-print">
      <h2 id="export">{t.results.export}</h2>
      <div className="toolbar">
        <label className="labelled">
          <span className="hint">{t.results.format}</span>
          <select className="field" value={format} onChange={({ target }) => setFormat(target.value)}>
            {written.map(({ name, title, fileEnding }) => (
              <option key={name} value={name}>
                {titles[name] ?? title} ({fileEnding})
              </option>
            ))}
          </select>
        </label>
        <label className="labelled">
          <span className="hint">{t.results.source}</span>
          <select className="field" value={source} onChange={({ target }) => setSource(target.value)}>
            {sources.map((each) => (
              <option key={each.key} value={each.key}>
                {sourceTitle(each, t)}
              </option>
            ))}
            <option value="all">{t.results.all}</option>
          </select>
        </label>
        <label className="labelled">
          <span className="hint">{t.results.video}</span>
          <select className="field" value={video} onChange={({ target }) => setVideo(target.value)}>
            <option value="">{t.results.allVideos}</option>
            {videos.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label className="check">
          <input type="checkbox" checked={codebook} onChange={({ target }) => setCodebook(target.checked)} />
          {t.results.withCodebook}
        </label>
        <a className="button primary" href={address} download="">
          {t.results.download}
        </a>
      </div>
      {written.find(({ name }) => name === format)?.oneClipPerFile && video === '' && (
        <p className="hint">{t.results.filesEach}</p>
      )}
      <h3>{t.results.codebook}</h3>
      <p className="hint">{t.results.codebookWhat}</p>
      <div className="toolbar">
        {(['html', 'md', 'csv'] as const).map((as) => (
          <a
            key={as}
            className="button"
            href={apiUrl(`/projects/${project}/codebook`, { as, language: t.language })}
            download=""
          >
            {t.results.codebookKinds[as]}
          </a>
        ))}
      </div>
    </section>
  );
}
