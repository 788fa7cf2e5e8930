import { countUpTo } from '../annotation/dataset/sortedCounts.ts';
import { type Clip, compareInstances, type Dataset, type Instance } from '../annotation/dataset.ts';
import { type Span, temporalIou } from '../annotation/temporalIou.ts';
import { UsageError } from '../errors.ts';
import { checkedCoders, instancesByLabel } from './commonClips.ts';
import { type Group, groupCodings } from './groupCodings.ts';

export interface AdjudicateOptions {
  /** Agreed is what all coders coded with a temporal IoU above this between any two. Default 0.9, as in MMA-52. */
  readonly agreedAboveIou?: number;
  /** Codings of the rest are about one movement from this temporal IoU on. Default 0.5. */
  readonly sameFromIou?: number;
}

/** What coders saw differently: one movement, as far as overlap tells. */
export interface Dispute {
  /** Id of the clip. */
  readonly clip: string;
  readonly action: string;
  /** From the first start to the last end that anybody coded. */
  readonly start: number;
  readonly end: number;
  /** `edges`: all saw it, but not from when to when; `presence`: some did not see it. */
  readonly about: 'edges' | 'presence';
  /** One for each coder of the clip, by position in the data sets. */
  readonly codings: readonly Coding[];
  /** The vote: `kept` where more than half of the clip's coders saw it. */
  readonly vote: 'kept' | 'dropped';
}

export interface Coding {
  readonly coder: number;
  /** Null where this coder did not see it. */
  readonly span: Span | null;
  /** What a coder who did not see it coded in its place: another action, from `sameFromIou` on. */
  readonly instead?: Instance;
}

export interface Adjudication {
  /** What all agree on and what the vote kept, for discussion to improve on. */
  readonly merged: Dataset;
  /** In the order of clips and time. */
  readonly disputes: readonly Dispute[];
  /** How many instances all agree on. */
  readonly agreed: number;
  /** Ids of clips that one coder alone coded; they are merged as they are. */
  readonly codedByOne: readonly string[];
}

/**
 * Makes one annotation of several coders' by the rule of MMA-52: instances of one action that all coders gave with
 * a temporal IoU above 0.9 between any two are agreed. The rest is listed for discussion and meanwhile voted on:
 * what more than half of those who coded the clip saw is kept. A merged instance starts and ends at the
 * medians (the mean of the middle two for an even number of coders). Scores and reasons are left out.
 *
 * @throws UserError `number-of-coders`, `taxonomies-differ`, `duplicate-ids`
 */
export function adjudicate(datasets: readonly Dataset[], options: AdjudicateOptions = {}): Adjudication {
  const { agreedAboveIou = 0.9, sameFromIou = 0.5 } = options;
  if (!(agreedAboveIou >= 0 && agreedAboveIou < 1 && sameFromIou > 0 && sameFromIou <= 1)) {
    throw new UsageError(
      `agreedAboveIou, sameFromIou: found ${agreedAboveIou} and ${sameFromIou}, expected 0 to below 1, and above 0 to 1.`,
    );
  }
  const { taxonomy } = checkedCoders(datasets);
  const byId = new Map<string, { coder: number; clip: Clip }[]>();
  datasets.forEach(({ clips }, coder) => {
    for (const clip of clips) {
      const theirs = byId.get(clip.id);
      if (theirs) theirs.push({ coder, clip });
      else byId.set(clip.id, [{ coder, clip }]);
    }
  });
  const disputes: Dispute[] = [];
  const codedByOne: string[] = [];
  let agreed = 0;
  const clips = [...byId].map(([id, codings]): Clip => {
    const { foreign: _, ...first } = codings[0].clip;
    if (codings.length === 1) {
      codedByOne.push(id);
      return first;
    }
    const result = adjudicateClip(id, codings, agreedAboveIou, sameFromIou);
    agreed += result.agreed;
    disputes.push(...result.disputes);
    return { ...first, instances: result.instances.sort(compareInstances) };
  });
  return { merged: { taxonomy, clips }, disputes, agreed, codedByOne };
}

// ---- below: internals ----

function adjudicateClip(id: string, codings: { coder: number; clip: Clip }[], agreedAbove: number, sameFrom: number) {
  const instances: Instance[] = [];
  const disputes: Dispute[] = [];
  const likest = codings.map(({ clip }) => searchIn(clip, sameFrom));
  const byAction = instancesByLabel(
    codings.map(({ clip }) => clip),
    (action) => action,
  );
  for (const [action, coders] of byAction) {
    const all = groupCodings(coders, (iou) => iou > agreedAbove).filter(isFull);
    const settled = all.map((group) => spansOf(group, coders));
    instances.push(...settled.map((spans) => ({ action, ...medianSpan(spans) })));
    const taken = coders.map((_, coder) => new Set(all.map((group) => group[coder])));
    const open = coders.map((spans, coder) => spans.filter((_, index) => !taken[coder].has(index)));
    for (const group of groupCodings(open, (iou) => iou >= sameFrom)) {
      const spans = spansOf(group, open);
      const kept = spans.length > codings.length / 2;
      const merged = { action, ...medianSpan(spans) };
      if (kept) instances.push(merged);
      disputes.push({
        clip: id,
        action,
        start: Math.min(...spans.map(({ start }) => start)),
        end: Math.max(...spans.map(({ end }) => end)),
        about: isFull(group) ? 'edges' : 'presence',
        codings: group.map((index, i) => {
          const { coder } = codings[i];
          if (index !== undefined) return { coder, span: { start: open[i][index].start, end: open[i][index].end } };
          const instead = likest[i](merged);
          return { coder, span: null, ...(instead && { instead }) };
        }),
        vote: kept ? 'kept' : 'dropped',
      });
    }
  }
  const agreed = instances.length - disputes.filter(({ vote }) => vote === 'kept').length;
  disputes.sort((a, b) => a.start - b.start || a.end - b.end || (a.action < b.action ? -1 : 1));
  return { instances, disputes, agreed };
}

const isFull = (group: Group) => group.every((index) => index !== undefined);

function spansOf(group: Group, coders: readonly (readonly Instance[])[]): Span[] {
  return group.flatMap((index, coder) => (index === undefined ? [] : coders[coder][index]));
}

function medianSpan(spans: readonly Span[]): Span {
  return { start: median(spans.map(({ start }) => start)), end: median(spans.map(({ end }) => end)) };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** Finds the instance of another action that overlaps most, if from `sameFrom` on. */
function searchIn({ instances }: Clip, sameFrom: number): (one: Instance) => Instance | undefined {
  const sorted = instances.toSorted(compareInstances);
  const starts = Float64Array.from(sorted, ({ start }) => start);
  const longest = sorted.reduce((most, { start, end }) => Math.max(most, end - start), 0);
  return (one) => {
    let best: Instance | undefined;
    let most = 0;
    for (let i = countUpTo(starts, one.start - longest); i < sorted.length && starts[i] < one.end; i++) {
      const iou = temporalIou(one, sorted[i]);
      if (sorted[i].action === one.action || iou < sameFrom || iou <= most) continue;
      [best, most] = [sorted[i], iou];
    }
    return best;
  };
}
