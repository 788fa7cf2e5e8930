/** What a recogniser says of some clips. An action or body part is its position in the taxonomy, from 0. */
export type Scores = ScoreTable | Rankings;

/** A score of each action for each clip, higher is likelier; probabilities or logits. */
export interface ScoreTable {
  readonly kind: 'table';
  /** Names of the clips, in order. Absent: the clips are those of the list they are held against, in its order. */
  readonly files?: readonly string[];
  readonly clips: number;
  readonly actions: number;
  /** `[clips, actions]`, row by row. */
  readonly values: Float32Array | Float64Array;
}

/** The likeliest actions of each clip, best first, without scores; what challenge submissions hold. */
export interface Rankings {
  readonly kind: 'rankings';
  readonly files: readonly string[];
  /** For each clip as many as were written, the same number for all. */
  readonly actions: readonly (readonly number[])[];
  /** Ranked by their own right; repeats occur, since the usual way is to take the part of each action. */
  readonly bodyParts: readonly (readonly number[])[];
}
