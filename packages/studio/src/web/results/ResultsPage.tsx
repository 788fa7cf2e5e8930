import { Link, useParams, useSearchParams } from 'wouter';
import type { Project } from '../../contract/project.ts';
import type { Results } from '../../contract/results.ts';
import type { Video } from '../../contract/video.ts';
import { useStudioEvents } from '../api/events.ts';
import { useApi } from '../api/queries.ts';
import { useTaxonomy } from '../editor/editorData.ts';
import { TaxonomyContext } from '../editor/PartMark.tsx';
import { Busy } from '../shell/Busy.tsx';
import { Page } from '../shell/Page.tsx';
import { ProblemNote } from '../shell/ProblemNote.tsx';
import { type Texts, useTexts } from '../texts/texts.tsx';
import { AgreementSection } from './AgreementSection.tsx';
import { BlindNotice } from './BlindNotice.tsx';
import { BudgetTable } from './BudgetTable.tsx';
import { ComparisonSection } from './ComparisonSection.tsx';
import { type Choice, type Level, sourceOption, sourceTitle } from './choice.ts';
import { ExportSection } from './ExportSection.tsx';
import { Figures } from './Figures.tsx';
import '../editor/editor.css';
import './results.css';

/** `/projects/:project/results`: what was coded, counted and drawn, and its way out. The choice stands in the address. */
export default function ResultsPage() {
  const { project = '' } = useParams<{ project: string }>();
  return (
    <BlindNotice project={project}>
      <ProjectResults id={project} />
    </BlindNotice>
  );
}

// ---- below: internals ----

function ProjectResults({ id }: { id: string }) {
  const t = useTexts();
  const [search, setSearch] = useSearchParams();
  const choice: Choice = {
    source: search.get('source') ?? undefined,
    video: search.get('video') ?? undefined,
    level: search.get('level') === 'body' ? 'body' : 'action',
  };
  const project = useApi<Project>(`/projects/${id}`);
  const videos = useApi<Video[]>(`/projects/${id}/videos`);
  const results = useApi<Results>(`/projects/${id}/results`, { ...choice }, { placeholderData: (before) => before });
  useStudioEvents(id);
  const choose = (change: Partial<Choice>) => {
    const next = { ...choice, ...change };
    setSearch(Object.entries(next).flatMap(([name, value]) => (value ? [[name, value]] : [])) as [string, string][]);
  };
  return (
    <Page title={t.results.title} project={id}>
      <ProblemNote error={results.error ?? project.error ?? videos.error} onRetry={() => void results.refetch()} />
      {project.data && results.data ? (
        <Loaded {...{ project: project.data, videos: videos.data ?? [], results: results.data, choice, choose }} />
      ) : (
        !results.error && <Busy />
      )}
    </Page>
  );
}

interface LoadedProps {
  readonly project: Project;
  readonly videos: readonly Video[];
  readonly results: Results;
  readonly choice: Choice;
  readonly choose: (change: Partial<Choice>) => void;
}

function Loaded({ project, videos, results, choice, choose }: LoadedProps) {
  const t = useTexts();
  const taxonomy = useTaxonomy(project);
  if (results.sources.length === 0) {
    return (
      <div className="results-nothing">
        <h2>{t.results.nothing}</h2>
        <p>{t.results.nothingWhat}</p>
        <Link className="button primary" href={`/projects/${project.id}`}>
          {t.shell.toLibrary}
        </Link>
      </div>
    );
  }
  const chosen = { ...choice, source: results.source ?? undefined };
  return (
    <TaxonomyContext value={taxonomy}>
      <div className="results">
        <p className="print-only">
          {project.name} · {titleOf(results, t)} ·{' '}
          {videos.find(({ id }) => id === choice.video)?.name ?? t.results.allVideos} ·{' '}
          {t.results.over(results.videos, t.format.length(results.totalSeconds))}
        </p>
        <div className="toolbar results-choice no-print">
          <label className="labelled">
            <span className="hint">{t.results.source}</span>
            <select className="field" value={chosen.source} onChange={({ target }) => choose({ source: target.value })}>
              {results.sources.map((source) => (
                <option key={source.key} value={source.key}>
                  {sourceOption(source, t)}
                </option>
              ))}
            </select>
          </label>
          <label className="labelled">
            <span className="hint">{t.results.video}</span>
            <select
              className="field"
              value={choice.video ?? ''}
              onChange={({ target }) => choose({ video: target.value || undefined })}
            >
              <option value="">{t.results.allVideos}</option>
              {videos.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <label className="labelled">
            <span className="hint">{t.results.level}</span>
            <select
              className="field"
              value={choice.level}
              onChange={({ target }) => choose({ level: target.value as Level })}
            >
              <option value="action">{t.results.levels.action}</option>
              <option value="body">{t.results.levels.body}</option>
            </select>
          </label>
          <span className="hint" role="status">
            {t.results.over(results.videos, t.format.length(results.totalSeconds))}
          </span>
          <nav className="results-parts" aria-label={t.results.parts}>
            {(['budget', 'figures', 'agreement', 'comparison', 'export'] as const).map((part) => (
              <a key={part} href={`#${part}`}>
                {t.results.partNames[part]}
              </a>
            ))}
          </nav>
        </div>
        <BudgetTable rows={results.budget} level={choice.level} />
        <Figures project={project.id} names={results.figures} videos={results.videos} choice={chosen} />
        <AgreementSection agreement={results.agreement} level={choice.level} />
        <ComparisonSection project={project.id} sources={results.sources} choice={chosen} />
        <ExportSection project={project.id} videos={videos} sources={results.sources} choice={chosen} />
      </div>
    </TaxonomyContext>
  );
}

const titleOf = ({ sources, source }: Results, t: Texts) => {
  const found = sources.find(({ key }) => key === source);
  return found ? sourceTitle(found, t) : '';
};
