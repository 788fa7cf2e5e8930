import type { Dataset } from 'microaction';
import type { Results } from '../../contract/results.ts';
import { sharedTime } from './cooccurrence.ts';
import { labelsAt, type ResultLevel } from './labels.ts';
import { secondsOf, timeBudget } from './timeBudget.ts';
import { transitionsOf } from './transitions.ts';

export type Times = Pick<Results, 'videos' | 'totalSeconds' | 'budget' | 'transitions' | 'cooccurrence'>;

/** What is to be said of one source's codings of videos. The level is that of transitions and co-occurrence. */
export function timesOf({ clips, taxonomy }: Dataset, level: ResultLevel): Times {
  const { labels, labelOf } = labelsAt(taxonomy, level);
  return {
    videos: clips.length,
    totalSeconds: secondsOf(clips),
    budget: timeBudget(clips, taxonomy),
    transitions: transitionsOf(clips, labels, labelOf),
    cooccurrence: sharedTime(clips, labels, labelOf),
  };
}
