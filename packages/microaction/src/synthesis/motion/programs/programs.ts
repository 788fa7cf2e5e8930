import type { Program } from '../program.ts';
import { nodding } from './head.ts';

/** How each action is done, by its name. */
export const programs: Readonly<Record<string, Program>> = {
  nodding,
};
