import type { Program } from '../program.ts';

export const upperLimbPrograms: Readonly<Record<string, Program>> = {};
