import type { Catalogue } from '../texts.tsx';

export const signIn: Catalogue['signIn'] = {};
