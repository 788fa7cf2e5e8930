import type { Taxonomy } from 'microaction';

/** One instance as the time line shows it. Times in seconds from the start of the video. */
export interface TimeLineInstance {
  readonly id: string;
  /** Canonical name in the taxonomy. */
  readonly action: string;
  readonly start: number;
  readonly end: number;
  /** `coded` is solid, `proposed` dotted, `rejected` faint and struck through. */
  readonly state: 'proposed' | 'coded' | 'rejected';
  /** 0 to 1: how sure a detector was. Shades proposals. */
  readonly score?: number;
  /** How many comments it has; a dot shows that there are any. */
  readonly comments?: number;
  readonly disputed?: boolean;
}

/** A curve above the tiers: where something happens. */
export interface TimeLineRow {
  /** `sound` is drawn about its middle, anything else from the bottom up. */
  readonly id: 'motion' | 'sound' | (string & {});
  readonly title: string;
  /** 0 to 1, evenly spaced over the whole video. */
  readonly values: Float32Array;
}

/** What somebody else coded, for review: read-only tiers below those of each body part. */
export interface TimeLineLayer {
  readonly id: string;
  readonly title: string;
  /** Their ids are never those of the instances being edited. */
  readonly instances: readonly TimeLineInstance[];
}

/** New times of an instance. */
export interface TimeLineEdit {
  readonly id: string;
  readonly start: number;
  readonly end: number;
}

/** What a drag would do now. */
export interface TimeLinePreview {
  /** Absent for an instance that is being drawn. */
  readonly id?: string;
  readonly start: number;
  readonly end: number;
  /** The moment of the edge that moves, whose frame the video may show. */
  readonly seconds: number;
}

/** An instance drawn in an empty place of a tier. */
export interface TimeLineDraft {
  /** Code of the body part. */
  readonly part: string;
  /** Given when it was drawn in the tier of one action. */
  readonly action?: string;
  readonly start: number;
  readonly end: number;
}

/** An instance that is being made with the keyboard. */
export interface TimeLinePending {
  readonly start: number;
  /** Up to the playhead while it is not known. */
  readonly end?: number;
  /** Across all tiers while it is not known. */
  readonly action?: string;
}

/** Start and end set at the playhead for an instance to come, or for a loop. */
export interface TimeLineMarks {
  readonly start?: number;
  readonly end?: number;
}

/** All words that the time line shows or lets be read aloud. */
export interface TimeLineTexts {
  /** Accessible name of the time line. */
  readonly label: string;
  partTitle(code: string): string;
  actionTitle(action: string): string;
  /** An instance for a screen reader: action, start, end, state. */
  describe(instance: TimeLineInstance): string;
  /** Accessible name of the button that folds a body part out and in. */
  foldTitle(code: string, unfolded: boolean): string;
}

export interface TimeLineOptions {
  readonly taxonomy: Taxonomy;
  readonly durationSeconds: number;
  /** When each frame is shown, in seconds, ascending. Empty: 25 a second are assumed until `setFrameTimes`. */
  readonly frameTimes: Float64Array;
  readonly texts: TimeLineTexts;
  /** Nothing can be dragged or drawn; selecting and seeking stay. */
  readonly readOnly?: boolean;
}

/** What the person did. The time line changes no instance by itself: it waits for `setInstances`. */
export interface TimeLineEvents {
  /** A click or a scrub. Not on a frame boundary: the player takes the frame shown at that moment. */
  seek?(seconds: number): void;
  /** The new selection, of instances or of one of a layer; already shown. */
  select?(ids: readonly string[]): void;
  /** A drag of edges or bodies has ended. All edits of one drag come at once: one entry to undo. */
  change?(edits: readonly TimeLineEdit[]): void;
  /** While dragging; null when it ends or is cancelled. */
  preview?(preview: TimeLinePreview | null): void;
  create?(draft: TimeLineDraft): void;
  fold?(part: string, unfolded: boolean): void;
  /** A double click on an instance. */
  open?(id: string): void;
  /** The instance under the pointer, as it changes. */
  hover?(id: string | null): void;
  /** The window in view, in seconds, after it changed. */
  view?(start: number, end: number): void;
}
