import type { Route } from '../http/route.ts';

export const resultRoutes: readonly Route[] = [];
