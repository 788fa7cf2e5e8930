import type { CodingSummary } from '../../contract/coding.ts';
import type { Dispute, Review } from '../../contract/review.ts';
import type { VideoScope } from '../accounts/access.ts';
import { codingSummaries } from '../codings/codingSummaries.ts';
import { noteLook, readable } from '../codings/visibility.ts';
import type { StudioContext } from '../context.ts';
import { Refusal } from '../http/refusal.ts';
import { type CodingRow, codingsOfVideo, countedInstances, taxonomyOf } from '../results/codedContent.ts';
import { compareCodings, type SettledSpan } from './compareCodings.ts';
import { latestDecisions } from './decisionLog.ts';
import { basisOf } from './settlement.ts';

/** The submitted codings of a video that the asker may read, compared, with what has been decided of them. */
export function reviewOf(studio: StudioContext, scope: VideoScope): Review {
  const { store } = studio;
  const all = codingsOfVideo(store, scope.video.id);
  const compared = comparedCodings(scope, all);
  const final = readable(scope, all).find(({ kind }) => kind === 'final');
  const summaries = new Map(codingSummaries(studio, scope).map((summary) => [summary.id, summary]));
  const summaryOf = ({ id }: CodingRow) => summaries.get(id) as CodingSummary;
  const { agreed, disputes } = compare(studio, scope, compared);
  noteLook(studio, scope, final ? [...compared, final] : compared);
  const basis = final && lastBasis(studio, scope.video.id);
  return {
    video: scope.video.id,
    coders: compared.map(summaryOf),
    agreedAboveIou: scope.project.agreedAboveIou,
    agreed,
    disputes,
    final: final ? summaryOf(final) : null,
    finalOutdated: basis ? basis !== basisOf(compared.length, agreed, disputes) : false,
    mayNotDecide: whyNotDecide(scope, all),
  };
}

/**
 * What there is to decide, for whoever may decide it.
 *
 * @throws Refusal 403 `not-allowed`, 409 `blind` or `too-few-codings`
 */
export function reviewToDecide(studio: StudioContext, scope: VideoScope): Comparison & { readonly coders: number } {
  const all = codingsOfVideo(studio.store, scope.video.id);
  mayDecide(scope, all);
  const compared = comparedCodings(scope, all);
  return { coders: compared.length, ...compare(studio, scope, compared) };
}

/** @throws Refusal 403 `not-allowed`, 409 `blind` or `too-few-codings`, unless that is the reason to pass over */
export function mayDecide(
  scope: VideoScope,
  all: readonly CodingRow[],
  { even }: { readonly even?: Review['mayNotDecide'] } = {},
): void {
  const reason = whyNotDecide(scope, all);
  if (reason === null || reason === even) return;
  if (reason === 'role') {
    const message = 'Deciding needs the role owner or reviewer in the project; yours is coder. Ask an owner of it.';
    throw new Refusal(403, 'not-allowed', message);
  }
  if (reason === 'blind') {
    const message =
      'You are coding this video yourself and have not submitted. Submit your coding first: then you may see the others.';
    throw new Refusal(409, 'blind', message);
  }
  const found = all.filter(isSubmitted).length;
  const message = `A review compares at least two submitted codings; this video has ${found}. Let somebody else submit theirs first.`;
  throw new Refusal(409, 'too-few-codings', message);
}

// ---- below: internals ----

interface Comparison {
  readonly agreed: readonly SettledSpan[];
  readonly disputes: readonly Dispute[];
}

function compare({ store }: StudioContext, { project, video }: VideoScope, compared: readonly CodingRow[]) {
  const coders = compared.map((coding) => ({ coding: coding.id, instances: countedInstances(store, coding) }));
  const { agreedAboveIou, sameFromIou } = project;
  const options = { taxonomy: taxonomyOf(project), agreedAboveIou, sameFromIou };
  const { agreed, disputes } = compareCodings(coders, options);
  const decisions = latestDecisions(store, video.id);
  return { agreed, disputes: disputes.map((one) => ({ ...one, decision: decisions.get(one.key) ?? null })) };
}

/** Those that a review compares: submitted by people, and open to the asker. */
function comparedCodings(scope: VideoScope, all: readonly CodingRow[]): CodingRow[] {
  return readable(scope, all).filter(isSubmitted);
}

/** Whoever decides must see all that is submitted. */
function whyNotDecide(scope: VideoScope, all: readonly CodingRow[]): Review['mayNotDecide'] {
  const submitted = all.filter(isSubmitted).length;
  if (scope.role === 'coder') return 'role';
  if (comparedCodings(scope, all).length < submitted) return 'blind';
  return submitted < 2 ? 'few' : null;
}

const isSubmitted = ({ kind, status }: CodingRow) => kind === 'coder' && status === 'submitted';

/** What the final coding was settled from; undefined where it was imported. */
function lastBasis({ store }: StudioContext, video: string): string | undefined {
  const query = store.sql
    .selectFrom('history')
    .select(['what', 'details'])
    .where('video', '=', video)
    .where('what', 'in', ['finalised', 'imported'])
    .orderBy('sequence', 'desc');
  for (const { what, details } of store.all(query)) {
    const found = JSON.parse(details) as { basis?: string; as?: string };
    if (what === 'finalised') return found.basis;
    if (found.as === 'final') return undefined;
  }
  return undefined;
}
