import type { Program } from '../program.ts';

export const headHandPrograms: Readonly<Record<string, Program>> = {};
