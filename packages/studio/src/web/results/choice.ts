import type { Source } from '../../contract/results.ts';
import type { Texts } from '../texts/texts.tsx';

export type Level = 'action' | 'body';

/** What the results are of. */
export interface Choice {
  /** Key of a source; absent: the server's first choice. */
  readonly source?: string;
  /** Absent: all. */
  readonly video?: string;
  readonly level: Level;
}

export const sourceTitle = ({ kind, title }: Source, t: Texts) => (kind === 'final' ? t.results.finalTitle : title);
