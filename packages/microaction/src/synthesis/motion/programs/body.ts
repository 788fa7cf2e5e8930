import type { Program } from '../program.ts';

export const bodyPrograms: Readonly<Record<string, Program>> = {};
