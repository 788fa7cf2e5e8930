import type { CodingSummary } from '../../contract/coding.ts';
import type { Video } from '../../contract/video.ts';

/**
 * Videos of a blind project that a person may still code, and of which results would show them others' work. Once they
 * have begun, the server hides others' until they submit; then there is nothing to lose.
 *
 * @param account - id of the person
 */
export const videosAtStake = (videos: readonly Video[], account: string | undefined): Video[] =>
  videos.filter(({ looked, codings }) => {
    const isOwn = (coding: CodingSummary) => coding.kind === 'coder' && coding.account === account;
    const isDone = looked || codings.some((coding) => isOwn(coding) && coding.status === 'submitted');
    return !isDone && codings.some((coding) => !isOwn(coding) && !coding.hidden);
  });
