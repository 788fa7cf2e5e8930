import type { Program } from '../program.ts';

export const legHandPrograms: Readonly<Record<string, Program>> = {};
