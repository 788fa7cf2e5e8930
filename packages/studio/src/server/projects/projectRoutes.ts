import type { Route } from '../http/route.ts';

export const projectRoutes: readonly Route[] = [];
