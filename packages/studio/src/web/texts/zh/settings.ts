import type { Catalogue } from '../texts.tsx';

export const settings: Catalogue['settings'] = {};
