import { useState, useSyncExternalStore } from 'react';
import { apiUrl } from '../api/client.ts';
import { usePreferences } from '../api/session.tsx';
import { useTexts } from '../texts/texts.tsx';
import type { Choice } from './choice.ts';

interface FiguresProps {
  readonly project: string;
  readonly names: readonly string[];
  /** How many videos they are of. */
  readonly videos: number;
  readonly choice: Choice;
}

/** The plots of one source, as the server draws them. */
export function Figures({ project, names, videos, choice }: FiguresProps) {
  const t = useTexts();
  return (
    <section aria-labelledby="figures">
      <h2 id="figures">{t.results.figures}</h2>
      {names.length === 0 && <p className="hint">{t.results.noFigures}</p>}
      {names.length > 0 && videos > 1 && <p className="hint no-print">{t.results.ethogramHint}</p>}
      <div className="figures">
        {names.map((name) => (
          <FigureView key={name} project={project} name={name} choice={choice} />
        ))}
      </div>
    </section>
  );
}

interface FigureViewProps {
  readonly project: string;
  readonly name: string;
  readonly choice: Choice;
  /** Of a comparison: what the model is held against. */
  readonly against?: string;
}

/** One plot, in the colours and words of the page, with what it can be saved as. */
export function FigureView({ project, name, choice, against }: FigureViewProps) {
  const t = useTexts();
  const theme = useShownTheme();
  const [failed, setFailed] = useState('');
  const [isWide, setIsWide] = useState(false);
  const names: Readonly<Record<string, string>> = t.results.figureNames;
  const meanings: Readonly<Record<string, string>> = t.results.figureMeaning;
  const plain = name.replace(/-(action|body)$/, '');
  const title = names[plain] ?? name;
  const address = (as: string, look: object = {}) =>
    apiUrl(`/projects/${project}/figures/${name}`, { ...choice, against, language: t.language, as, ...look });
  const picture = address('svg', { theme });
  return (
    <figure className={isWide ? 'figure wide' : 'figure'}>
      <figcaption>
        <h3>{title}</h3>
        {meanings[plain] && <p className="hint">{meanings[plain]}</p>}
      </figcaption>
      {failed === picture ? (
        <p className="hint" role="status">
          {t.results.figureFails}
        </p>
      ) : (
        <img
          src={picture}
          alt={meanings[plain] ? `${title}. ${meanings[plain]}` : title}
          loading="lazy"
          onLoad={({ currentTarget }) => setIsWide(currentTarget.naturalWidth > widestInColumnPixels)}
          onError={() => setFailed(picture)}
        />
      )}
      <div className="toolbar figure-files no-print">
        <span className="hint">{t.results.save}</span>
        {(['svg', 'png', 'csv', 'json'] as const).map((kind) => (
          <a
            key={kind}
            className="button quiet"
            href={address(kind, { theme: 'light' })}
            download=""
            aria-label={t.results.saveAs(title, t.results.kindsOfFile[kind])}
          >
            {t.results.kindsOfFile[kind]}
          </a>
        ))}
      </div>
    </figure>
  );
}

// ---- below: internals ----

/** Wider ones would be too small to read beside another: they take a row of their own. */
const widestInColumnPixels = 700;

/** What the page looks like now, where the person leaves it to the system. */
function useShownTheme(): 'light' | 'dark' {
  const { theme = 'system' } = usePreferences();
  const isDark = useSyncExternalStore(subscribe, () => dark.matches);
  return theme === 'system' ? (isDark ? 'dark' : 'light') : theme;
}

const dark = matchMedia('(prefers-color-scheme: dark)');
function subscribe(listener: () => void): () => void {
  dark.addEventListener('change', listener);
  return () => dark.removeEventListener('change', listener);
}
