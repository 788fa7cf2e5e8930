/** A moment of an act, as its program sees it. */
export interface Moment {
  /** Since the act began: below 0 before it, above `durationSeconds` after it. */
  readonly seconds: number;
  readonly durationSeconds: number;
  /**
   * 1 during the act. Outside of it, how much of the posture that the act sets out from or ends in stands: it fades
   * towards the acts before and after that need the same limb, and is 1 to the ends of the clip where there is none.
   * A program whose movement ends as it began need not look at it.
   */
  readonly presence: number;
}

/** From 0 to 1 with still ends, as a hand moves from rest to rest (minimum jerk; Flash and Hogan 1985). */
export function smooth(x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return x * x * x * (10 + x * (6 * x - 15));
}

/** Up within `rise` seconds of the act's start, down within `fall` of its end, 0 outside. Short acts shorten both. */
export function plateau({ seconds, durationSeconds }: Moment, rise: number, fall = rise): number {
  if (seconds <= 0 || seconds >= durationSeconds) return 0;
  const shrink = Math.min(1, durationSeconds / (rise + fall));
  return smooth(seconds / (rise * shrink)) * smooth((durationSeconds - seconds) / (fall * shrink));
}

/** 0 before the act, 1 once it has gone `over` seconds (at most all of it), and ever after. */
export function step({ seconds, durationSeconds }: Moment, over: number): number {
  return smooth(seconds / Math.min(over, durationSeconds));
}

/**
 * The same moment of an act that is given as much as 0.27 s more at both ends if it is shorter than `leastSeconds`:
 * nobody's hand is at the nose and back within 0.3 s, so that such an act is only the touch. Limbs are free that long
 * before and after an act.
 */
export function unhurried(now: Moment, leastSeconds: number): Moment {
  const early = Math.min(0.27, Math.max(0, leastSeconds - now.durationSeconds) / 2);
  return { ...now, seconds: now.seconds + early, durationSeconds: now.durationSeconds + 2 * early };
}
