import type { Program } from '../program.ts';
import { bodyPrograms } from './body.ts';
import { bodyHandPrograms } from './bodyHand.ts';
import { headPrograms } from './head.ts';
import { headHandPrograms } from './headHand.ts';
import { legHandPrograms } from './legHand.ts';
import { lowerLimbPrograms } from './lowerLimb.ts';
import { upperLimbPrograms } from './upperLimb.ts';

/** How each action is done, by its name. */
export const programs: Readonly<Record<string, Program>> = {
  ...bodyPrograms,
  ...headPrograms,
  ...upperLimbPrograms,
  ...lowerLimbPrograms,
  ...bodyHandPrograms,
  ...headHandPrograms,
  ...legHandPrograms,
};
