import type { VideoScope } from '../accounts/access.ts';
import { readable } from '../codings/visibility.ts';
import type { CodingRow } from '../results/codedContent.ts';

/** Decisions say what somebody coded: who may read a final coding of the video, were there one, may read them. */
export function mayReadDecisions(scope: VideoScope, codings: readonly CodingRow[]): boolean {
  return readable(scope, [...codings, someFinal]).includes(someFinal);
}

/** Stands for a final coding, there or not. */
export const someFinal: CodingRow = {
  ...{ id: '', video: '', kind: 'final', account: null, model: null, status: 'submitted', revision: 0 },
  ...{ submittedAt: null, createdAt: '' },
};
