import { ApiProblem } from '../api/client.ts';
import type { Texts } from '../texts/texts.tsx';

/**
 * What went wrong: `text` in the catalogue's words where it has some, with the server's own as `detail`, which are
 * English and name what it is about; else those alone.
 */
export function problemText(t: Texts, error: unknown): { text: string; detail: string | null } {
  const message = error instanceof Error ? error.message : String(error);
  const words = error instanceof ApiProblem ? t.problem(error.code) : null;
  const isServers = error instanceof ApiProblem && error.status > 0;
  return { text: words ?? message, detail: words && isServers ? message : null };
}
