import type { Route } from '../http/route.ts';
import { ownRoutes } from './ownRoutes.ts';
import { peopleRoutes } from './peopleRoutes.ts';
import { sessionRoutes } from './sessionRoutes.ts';
import { tokenRoutes } from './tokenRoutes.ts';

export const accountRoutes: readonly Route[] = [...sessionRoutes, ...ownRoutes, ...peopleRoutes, ...tokenRoutes];
