import { ApiProblem } from '../api/client.ts';
import { useTexts } from '../texts/texts.tsx';
import './shell.css';

/** What went wrong, in the person's language where the catalogue has it, with the server's words below. Null shows nothing. */
export function ProblemNote({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useTexts();
  if (!error) return null;
  const message = error instanceof Error ? error.message : String(error);
  const translated = t.language !== 'en' && error instanceof ApiProblem ? t.problem(error.code) : null;
  return (
    <div className="problem" role="alert">
      <p>{translated ?? message}</p>
      {translated && <p className="hint">{message}</p>}
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          {t.common.retry}
        </button>
      )}
    </div>
  );
}
