import type { Route } from '../http/route.ts';

export const videoRoutes: readonly Route[] = [];
