import type { Catalogue } from '../texts.tsx';

export const results: Catalogue['results'] = {};
