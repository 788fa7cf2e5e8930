/** Seconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The time two spans share over the time that either takes, 0 to 1; 0 where they only touch or have no length. */
export function temporalIou(a: Span, b: Span): number {
  const shared = Math.min(a.end, b.end) - Math.max(a.start, b.start);
  if (!(shared > 0)) return 0;
  return shared / (Math.max(a.end, b.end) - Math.min(a.start, b.start));
}
