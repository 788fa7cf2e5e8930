import { useTexts } from '../texts/texts.tsx';
import { Busy } from './Busy.tsx';
import './shell.css';

/** Before the session is known; it is asked for again by itself. */
export function Starting({ error }: { error: Error | null }) {
  const t = useTexts();
  return (
    <main className="starting">
      {error ? <p role="alert">{t.shell.unreachableAtStart}</p> : <Busy label={t.shell.starting} />}
    </main>
  );
}
