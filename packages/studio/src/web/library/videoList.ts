import type { Video } from '../../contract/video.ts';

/** What of a project's videos is shown, and in which order. */
export interface VideoFilter {
  /** Each word must occur in name, path, subject or notes. */
  readonly text: string;
  /** A stage; `trouble`: missing, changed, unusable, not playable, or with a job that failed. */
  readonly stage: Video['stage'] | 'all' | 'trouble';
  /** `all`; `by:ACCOUNT`: coded by; `notBy:ACCOUNT`: not coded by; `model`: has a model's; `noModel`: has none. */
  readonly coder: string;
  readonly sort: VideoSort;
  readonly isDescending: boolean;
}
export type VideoSort = 'name' | 'subject' | 'duration' | 'stage' | 'added';

export const everything: VideoFilter = { text: '', stage: 'all', coder: 'all', sort: 'added', isDescending: true };

export const narrows = ({ text, stage, coder }: VideoFilter): boolean =>
  text.trim() !== '' || stage !== 'all' || coder !== 'all';

export function shownVideos(videos: readonly Video[], filter: VideoFilter, locale = 'en'): Video[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const collator = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });
  const order = orders[filter.sort];
  const sign = filter.isDescending ? -1 : 1;
  return videos
    .filter((video) => hasWords(video, words) && isInStage(video, filter.stage) && isCodedAs(video, filter.coder))
    .sort((a, b) => sign * order(a, b, collator) || collator.compare(a.name, b.name));
}

/** Needs a person's attention before it can be worked on. */
export const isInTrouble = (video: Video): boolean =>
  !['preparing', 'ready'].includes(video.status) ||
  (video.status === 'ready' && video.plays === 'none') ||
  video.jobs.some(({ status }) => status === 'failed');

// ---- below: internals ----

type Order = (a: Video, b: Video, collator: Intl.Collator) => number;

const stages: readonly Video['stage'][] = ['uncoded', 'coding', 'submitted', 'final'];

const orders: Readonly<Record<VideoSort, Order>> = {
  name: (a, b, collator) => collator.compare(a.name, b.name),
  subject: (a, b, collator) => collator.compare(a.subject, b.subject),
  duration: (a, b) => (a.facts?.durationSeconds ?? -1) - (b.facts?.durationSeconds ?? -1),
  stage: (a, b) => stages.indexOf(a.stage) - stages.indexOf(b.stage),
  added: (a, b) => (a.addedAt < b.addedAt ? -1 : a.addedAt > b.addedAt ? 1 : 0),
};

function hasWords({ name, path, subject, notes }: Video, words: readonly string[]): boolean {
  const text = `${name}\n${path}\n${subject}\n${notes}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function isInStage(video: Video, stage: VideoFilter['stage']): boolean {
  if (stage === 'all') return true;
  return stage === 'trouble' ? isInTrouble(video) : video.stage === stage;
}

function isCodedAs({ codings }: Video, coder: string): boolean {
  const isBy = (account: string) => codings.some((coding) => coding.kind === 'coder' && coding.account === account);
  const hasModel = codings.some(({ kind }) => kind === 'model');
  if (coder === 'all') return true;
  if (coder === 'model') return hasModel;
  if (coder === 'noModel') return !hasModel;
  return coder.startsWith('by:') ? isBy(coder.slice(3)) : !isBy(coder.slice('notBy:'.length));
}
