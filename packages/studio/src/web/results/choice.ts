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

/** A source with how much it holds, and how much of that is still being worked on. */
export const sourceOption = (source: Source, t: Texts) =>
  t.results.sourceOption(sourceTitle(source, t), t.results.kinds[source.kind], source);
