import type { Span } from '../annotation/temporalIou.ts';
import type { Disagreement } from './coefficients.ts';

/** What unitised alpha needs of one label on one continuum; adds up over continua coded by the same coders. */
export interface UnitMeasures {
  /** Integral over time of n (m - n) / (m - 1), where n of the m coders have a unit. */
  readonly mixed: number;
  /** Lengths of all units of all coders, and the sum of their squares. */
  readonly valued: number;
  readonly valuedSquared: number;
}

/**
 * Measures the units of every coder on one continuum. Units of one coder that overlap become one; such as only touch
 * stay two. What lies outside 0 to `length` is cut off.
 */
export function measureUnits(coders: readonly (readonly Span[])[], length: number): UnitMeasures {
  const units = coders.map((spans) => joined(spans, length));
  let [mixed, valued, valuedSquared] = [0, 0, 0];
  for (const { start, end } of units.flat()) {
    valued += end - start;
    valuedSquared += (end - start) ** 2;
  }
  const edges = units.flat().flatMap(({ start, end }) => [
    { at: start, step: 1 },
    { at: end, step: -1 },
  ]);
  edges.sort((a, b) => a.at - b.at);
  let running = 0;
  edges.forEach(({ at, step }, i) => {
    running += step;
    const next = edges[i + 1]?.at ?? at;
    mixed += ((next - at) * running * (coders.length - running)) / (coders.length - 1);
  });
  return { mixed, valued, valuedSquared };
}

/**
 * Krippendorff's unitised alpha of one label against gaps: the coefficient |uα of Krippendorff, Mathet, Bouvry &
 * Widlöcher, On the reliability of unitizing textual continua: Further developments, Quality & Quantity 50, 2016
 * (Krippendorff, Content Analysis, 4th ed. 2019, section 12.6.4, eq. 32, 33 and 35). It replaces the definition of
 * 1995 and 2004, which misbehaves for more than two coders. Since labels may run at once, each is a continuum of its
 * own.
 *
 * Unlike alpha on time samples, chance does not pair a unit with itself: one long unit counts as one choice and
 * not as one for every moment.
 *
 * @param length - of the continuum, or of all together
 * @param unitLength - the least length a coder can tell, in the same unit; only the correction for gaps needs it
 */
export function unitisedAlpha(
  { mixed, valued, valuedSquared }: UnitMeasures,
  coders: number,
  length: number,
  unitLength: number,
): Disagreement {
  const all = coders * length;
  const gaps = all - valued;
  const pairable = all - (valuedSquared + gaps * unitLength) / all;
  if (!(all > 0) || pairable <= 0) return { observed: 0, expected: 0 };
  return { observed: (2 * mixed) / all, expected: (2 * valued * gaps) / pairable / all };
}

// ---- below: internals ----

function joined(spans: readonly Span[], length: number): Span[] {
  const units: { start: number; end: number }[] = [];
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    const last = units.at(-1);
    const inside = { start: Math.max(0, start), end: Math.min(length, end) };
    if (inside.start >= inside.end) continue;
    if (last && inside.start < last.end) last.end = Math.max(last.end, inside.end);
    else units.push(inside);
  }
  return units;
}
