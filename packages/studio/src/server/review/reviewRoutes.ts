import { z } from 'zod';
import { codingSummarySchema } from '../../contract/coding.ts';
import {
  decisionSchema,
  finaliseSchema,
  historySchema,
  newDecisionSchema,
  reviewSchema,
} from '../../contract/review.ts';
import { memberOfVideo } from '../accounts/access.ts';
import { codingSummaries } from '../codings/codingSummaries.ts';
import { type Route, route } from '../http/route.ts';
import { decide } from './decide.ts';
import { finalise, unsettle } from './finalise.ts';
import { historyOf } from './history.ts';
import { reviewOf } from './review.ts';

export const reviewRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/videos/{video}/review',
    summary: 'What the coders of a video agree on, what they do not, and what was decided of it.',
    access: memberOfVideo(),
    answer: reviewSchema,
    handle: ({ studio, scope }) => reviewOf(studio, scope),
  }),
  route({
    method: 'post',
    path: '/videos/{video}/decisions',
    summary:
      'Decides a dispute by the majority or after discussion. A later decision takes the place of an earlier one.',
    access: memberOfVideo('owner', 'reviewer'),
    body: newDecisionSchema,
    answer: decisionSchema,
    status: 201,
    handle: ({ studio, scope, body }) => decide(studio, scope, body),
  }),
  route({
    method: 'post',
    path: '/videos/{video}/final',
    summary: 'Settles a video: what all agree on and what was kept becomes its final coding.',
    access: memberOfVideo('owner', 'reviewer'),
    body: finaliseSchema,
    answer: codingSummarySchema,
    status: 201,
    handle({ studio, scope, body }) {
      const id = finalise(studio, scope, body.majorityForRest);
      return codingSummaries(studio, scope).find((summary) => summary.id === id)!;
    },
  }),
  route({
    method: 'delete',
    path: '/videos/{video}/final',
    summary: 'Takes the final coding away. Codings, decisions and the history stay.',
    access: memberOfVideo('owner', 'reviewer'),
    answer: null,
    handle: ({ studio, scope }) => unsettle(studio, scope),
  }),
  route({
    method: 'get',
    path: '/videos/{video}/history',
    summary: 'Who did what with a video, newest last.',
    access: memberOfVideo(),
    answer: z.array(historySchema),
    handle: ({ studio, scope }) => historyOf(studio, scope),
  }),
];
