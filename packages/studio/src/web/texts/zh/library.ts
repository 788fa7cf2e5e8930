import type { Catalogue } from '../texts.tsx';

export const library: Catalogue['library'] = {};
