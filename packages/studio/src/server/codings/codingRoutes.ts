import type { Route } from '../http/route.ts';

export const codingRoutes: readonly Route[] = [];
