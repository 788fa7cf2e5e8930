import { createHash } from 'node:crypto';
import type { Instance, Taxonomy } from 'microaction';
import { adjudicate } from 'microaction/agreement';
import type { CodedInstance } from '../../contract/coding.ts';
import type { Dispute } from '../../contract/review.ts';

/** What one coder coded of the video. */
export interface ComparedCoding {
  /** Id of the coding. */
  readonly coding: string;
  readonly instances: readonly CodedInstance[];
}

export interface CompareOptions {
  readonly taxonomy: Taxonomy;
  readonly agreedAboveIou: number;
  readonly sameFromIou: number;
}

export type SettledSpan = Pick<Instance, 'action' | 'start' | 'end'>;
export type OpenDispute = Omit<Dispute, 'decision'>;

/**
 * The cross-check of the data set's protocol: what all coders gave with a temporal IoU above `agreedAboveIou` between
 * any two is agreed, at the medians; the rest is disputed. With fewer than two codings there is nothing to compare.
 * Disputes stand in the order of time, their codings in that of `coders`.
 */
export function compareCodings(
  coders: readonly ComparedCoding[],
  { taxonomy, agreedAboveIou, sameFromIou }: CompareOptions,
): { agreed: SettledSpan[]; disputes: OpenDispute[] } {
  if (coders.length < 2) return { agreed: [], disputes: [] };
  const datasets = coders.map(({ instances }) => ({
    taxonomy,
    clips: [{ id: 'video', instances: spansOf(instances) }],
  }));
  const { merged, disputes } = adjudicate(datasets, { agreedAboveIou, sameFromIou });
  const ids = coders.map(({ instances }) => new InstancesBySpan(instances));
  const open = disputes.map(({ action, start, end, about, vote, codings }): OpenDispute => {
    const found = codings.map(({ coder, span, instead }) => ({
      coding: coders[coder].coding,
      instance: span && ids[coder].take({ action, ...span }),
      instead: instead ? spanOf(instead) : null,
    }));
    const proposed = { action, ...medianSpan(codings.flatMap(({ span }) => span ?? [])) };
    return { key: keyOf(found), action, start, end, about, vote, proposed, codings: found };
  });
  // What was merged is what all agree on and what the vote kept.
  const voted = new InstancesBySpan(open.filter(({ vote }) => vote === 'kept').map(({ proposed }) => proposed));
  const agreed = merged.clips[0].instances.filter((instance) => !voted.take(instance)).map(spanOf);
  return { agreed, disputes: open };
}

// ---- below: internals ----

const spanOf = ({ action, start, end }: SettledSpan): SettledSpan => ({ action, start, end });
const spansOf = (instances: readonly SettledSpan[]) => instances.map(spanOf);

/** Finds what was handed in by its action and span; of several alike, each once. */
class InstancesBySpan<T extends SettledSpan> {
  readonly #left: Map<string, T[]>;

  constructor(instances: readonly T[]) {
    this.#left = Map.groupBy(instances, textOf);
  }

  take(span: SettledSpan): T | null {
    return this.#left.get(textOf(span))?.shift() ?? null;
  }
}

const textOf = ({ action, start, end }: SettledSpan) => `${start} ${end} ${action}`;

/** One key for the same versions of the same instances in the same codings, in whatever order the coders stand. */
function keyOf(codings: OpenDispute['codings']): string {
  const parts = codings.map(({ coding, instance }) => [coding, instance?.id ?? null, instance?.version ?? null]);
  const text = JSON.stringify(parts.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

/** As `adjudicate` merges. */
function medianSpan(spans: readonly { start: number; end: number }[]) {
  return { start: median(spans.map(({ start }) => start)), end: median(spans.map(({ end }) => end)) };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
