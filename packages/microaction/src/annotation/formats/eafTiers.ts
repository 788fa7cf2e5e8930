import type { Action, BodyPart } from '../../taxonomy/taxonomy.ts';
import type { EafTier } from './eafDocument.ts';

// The names by which the project's own tiers, types and vocabularies are known in an ELAN document. A tier
// is told by its type, so that people may rename tiers.

const prefix = 'micro-action';

export const scoreType = `${prefix} score`;
export const reasonType = `${prefix} reason`;

/** Of the linguistic type and of the controlled vocabulary of a body part. */
export const partType = (part: BodyPart): string => `${prefix} ${partTitle(part)}`;

/** Of the tier of a body part: `B head`; lanes count from 0 and show from the second. */
export const laneName = (part: BodyPart, lane: number): string =>
  lane === 0 ? partTitle(part) : `${partTitle(part)} ${lane + 1}`;

/** Id of an action's entry in the vocabulary of its body part. */
export const entryId = (action: Action): string => `microaction_${action.id}`;

/** Whether a tier is one of the project's own, and which kind. */
export function kindOfTier({ type }: EafTier): 'action' | 'score' | 'reason' | undefined {
  if (type === scoreType) return 'score';
  if (type === reasonType) return 'reason';
  return type.startsWith(`${prefix} `) ? 'action' : undefined;
}

// ---- below: internals ----

const partTitle = (part: BodyPart) => `${part.code} ${part.name}`;
