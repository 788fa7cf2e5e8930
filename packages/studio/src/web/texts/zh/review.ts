import type { Catalogue } from '../texts.tsx';

export const review: Catalogue['review'] = {};
