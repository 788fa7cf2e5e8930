import type { Route } from '../http/route.ts';
import { peopleRoutes } from './peopleRoutes.ts';
import { sessionRoutes } from './sessionRoutes.ts';

export const accountRoutes: readonly Route[] = [...sessionRoutes, ...peopleRoutes];
