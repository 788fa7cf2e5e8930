import type { Catalogue } from '../texts.tsx';

export const editor: Catalogue['editor'] = {};
