import type { Catalogue } from '../texts.tsx';

export const tour: Catalogue['tour'] = {};
