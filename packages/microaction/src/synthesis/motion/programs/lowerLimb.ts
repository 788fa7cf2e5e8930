import type { Program } from '../program.ts';

export const lowerLimbPrograms: Readonly<Record<string, Program>> = {};
