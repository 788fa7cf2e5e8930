import type { Route } from '../http/route.ts';

export const eventRoutes: readonly Route[] = [];
