import type { Video } from '../../contract/video.ts';

/**
 * Videos of a blind project that a person may still code, and of which results would show them others' work. While their
 * own coding is open, the server hides others'; once it is submitted, there is nothing to lose.
 *
 * @param account - id of the person
 */
export const videosAtStake = (videos: readonly Video[], account: string | undefined): Video[] =>
  videos.filter(({ looked, codings }) => {
    const isOwn = (coding: Video['codings'][number]) => coding.kind === 'coder' && coding.account === account;
    return !looked && !codings.some(isOwn) && codings.some(({ hidden }) => !hidden);
  });
