import type { Clip } from '../../annotation/dataset.ts';
import { labelsOf } from './labelsOf.ts';
import type { ClipPlan } from './plan.ts';

/** What a data set says of a planned clip, its labels included. Without a file. */
export function clipOf(plan: ClipPlan, picture: Required<Pick<Clip, 'widthPixels' | 'heightPixels'>>): Clip {
  const { id, frameCount, frameRate, subset, subject } = plan;
  return {
    id,
    durationSeconds: frameCount / frameRate,
    frameRate,
    ...picture,
    subset,
    subject: subjectName(subject),
    instances: labelsOf(plan),
  };
}

/** Four digits, as published names have them; more where they are needed. */
export const numbered = (count: number): string => String(count).padStart(4, '0');

/** Subjects count from 1 in names. */
export const subjectName = (subject: number): string => numbered(subject + 1);
