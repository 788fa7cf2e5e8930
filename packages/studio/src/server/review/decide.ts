import type { Decision } from '../../contract/review.ts';
import type { VideoScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { Refusal } from '../http/refusal.ts';
import { addDecision, type NewDecision } from './decisionLog.ts';
import { reviewToDecide } from './review.ts';

/** Decides one dispute as the codings stand now. @throws Refusal 403 or 409 where this may not or cannot be */
export function decide(studio: StudioContext, scope: VideoScope, given: NewDecision): Decision {
  const decision = studio.store.transaction(() => {
    const { disputes } = reviewToDecide(studio, scope);
    const dispute = disputes.find(({ key }) => key === given.dispute);
    if (dispute) return addDecision(studio, scope, dispute, given);
    const message =
      'The codings were changed in between, and this dispute is gone. Nothing was changed: look at the review again.';
    throw new Refusal(409, 'conflict', message, null);
  });
  studio.events.publish(scope.project.id, { type: 'review', video: scope.video.id });
  return decision;
}
