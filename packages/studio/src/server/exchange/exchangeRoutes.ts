import type { Route } from '../http/route.ts';

export const exchangeRoutes: readonly Route[] = [];
