import type { Program } from '../program.ts';

export const bodyHandPrograms: Readonly<Record<string, Program>> = {};
