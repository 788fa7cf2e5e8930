import { useTexts } from '../texts/texts.tsx';
import './shell.css';

/** Something is under way. Shows after a moment, so that quick answers do not flicker. */
export function Busy({ label }: { label?: string }) {
  const t = useTexts();
  return (
    <p className="busy" role="status">
      {label ?? t.common.loading}
    </p>
  );
}
