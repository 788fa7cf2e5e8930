import { useTexts } from '../texts/texts.tsx';
import { problemText } from './problemText.ts';
import './shell.css';

/** Says what went wrong, with a way to try again where there is one. Null shows nothing. */
export function ProblemNote({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useTexts();
  if (!error) return null;
  const { text, detail } = problemText(t, error);
  return (
    <div className="problem" role="alert">
      <p>{text}</p>
      {detail && (
        <details className="hint">
          <summary>{t.common.details}</summary>
          <p lang="en">{detail}</p>
        </details>
      )}
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          {t.common.retry}
        </button>
      )}
    </div>
  );
}
