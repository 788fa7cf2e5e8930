import type { Clip, Taxonomy } from 'microaction';
import type { z } from 'zod';
import type { budgetRowSchema } from '../../contract/results.ts';

export type BudgetRow = z.infer<typeof budgetRowSchema>;

/**
 * How much of the time each body part and each action that occurs takes: first the part, then its actions. Time in
 * which a part or an action happens twice at once counts once; time past the end of a video does not count.
 */
export function timeBudget(clips: readonly Clip[], taxonomy: Taxonomy): BudgetRow[] {
  const seconds = secondsOf(clips);
  return taxonomy.bodyParts.flatMap(({ code, name }) => {
    const rows = taxonomy
      .actionsOf(code)
      .map((action) => rowOf(clips, name, action.name, new Set([action.name]), seconds))
      .filter(({ count }) => count > 0);
    const actions = new Set(taxonomy.actionsOf(code).map((action) => action.name));
    return [rowOf(clips, name, null, actions, seconds), ...rows];
  });
}

/** Length of all clips together; of one of unknown length, up to its last end. */
export function secondsOf(clips: readonly Clip[]): number {
  return clips.reduce((sum, clip) => sum + lengthOf(clip), 0);
}

/** Seconds in which any of these spans holds, between 0 and an end. */
export function unionSeconds(spans: readonly { start: number; end: number }[], end: number): number {
  let total = 0;
  let done = 0;
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const [from, to] = [Math.max(span.start, done), Math.min(span.end, end)];
    if (to <= from) continue;
    total += to - from;
    done = to;
  }
  return total;
}

export const lengthOf = ({ durationSeconds, instances }: Clip): number =>
  durationSeconds ?? instances.reduce((last, { end }) => Math.max(last, end), 0);

// ---- below: internals ----

function rowOf(
  clips: readonly Clip[],
  bodyPart: string,
  action: string | null,
  actions: ReadonlySet<string>,
  seconds: number,
): BudgetRow {
  let totalSeconds = 0;
  const lengths: number[] = [];
  for (const clip of clips) {
    const some = clip.instances.filter((one) => actions.has(one.action));
    totalSeconds += unionSeconds(some, lengthOf(clip));
    for (const { start, end } of some) lengths.push(end - start);
  }
  lengths.sort((a, b) => a - b);
  const count = lengths.length;
  return {
    bodyPart,
    action,
    count,
    perMinute: seconds > 0 ? count / (seconds / 60) : 0,
    totalSeconds,
    shareOfTime: seconds > 0 ? totalSeconds / seconds : 0,
    meanSeconds: count > 0 ? lengths.reduce((sum, length) => sum + length, 0) / count : null,
    medianSeconds: count > 0 ? (lengths[(count - 1) >> 1] + lengths[count >> 1]) / 2 : null,
    longestSeconds: lengths.at(-1) ?? null,
  };
}
