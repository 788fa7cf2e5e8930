/** A clip that shows one micro-action from its first frame to its last; what recognition learns from. */
export interface RecognitionClip {
  /** Unique in its list, as written there, e.g. `0001_02_0003.mp4`; case counts. */
  readonly file: string;
  /** Canonical name of the action in the taxonomy. */
  readonly action: string;
}

export interface RecognitionList {
  readonly clips: readonly RecognitionClip[];
}
