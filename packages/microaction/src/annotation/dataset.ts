import type { Taxonomy } from '../taxonomy/taxonomy.ts';

/**
 * One micro-action in one video. Times are seconds from the start of the video, half open: it holds at
 * `start` and no longer at `end`. The body part is never stored: `Taxonomy.bodyPartOf(action)` derives it.
 */
export interface Instance {
  /** Canonical name of the action in the data set's taxonomy, e.g. `nodding`. */
  readonly action: string;
  readonly start: number;
  readonly end: number;
  /** How sure a detector is, 0 to 1. Absent in what people coded. */
  readonly score?: number;
  /** Why a detector says so, in one phrase a person can check. */
  readonly reason?: string;
}

/** What is known of one video, and the instances in it, ordered by start, then end, then action. */
export interface Clip {
  /** Unique in its data set; case counts. */
  readonly id: string;
  /** Where the video is, as written in the source: relative to the annotation file, absolute, or a URL. */
  readonly file?: string;
  readonly durationSeconds?: number;
  readonly frameRate?: number;
  readonly widthPixels?: number;
  readonly heightPixels?: number;
  /** `training`, `validation`, `test` or a lab's own. */
  readonly subset?: string;
  readonly subject?: string;
  readonly instances: readonly Instance[];
  /** What the source held beyond this, kept so that writing the same format loses nothing. */
  readonly foreign?: Foreign;
}

/** The rest of a document, opaque to all but the format that read it. */
export interface Foreign {
  readonly format: string;
  readonly document: unknown;
}

export interface Dataset {
  readonly taxonomy: Taxonomy;
  readonly clips: readonly Clip[];
  readonly foreign?: Foreign;
}

/** The order in which instances are kept and written. */
export function compareInstances(a: Instance, b: Instance): number {
  return a.start - b.start || a.end - b.end || (a.action < b.action ? -1 : a.action > b.action ? 1 : 0);
}
