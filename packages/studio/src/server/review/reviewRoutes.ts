import type { Route } from '../http/route.ts';

export const reviewRoutes: readonly Route[] = [];
