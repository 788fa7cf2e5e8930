import { z } from 'zod';
import {
  changesAnswerSchema,
  changesSchema,
  codingSchema,
  codingSummarySchema,
  commentSchema,
  newCommentSchema,
  pastChangeSchema,
  predictionsSchema,
} from '../../contract/coding.ts';
import { idSchema } from '../../contract/common.ts';
import { type CodingScope, memberOfCoding, memberOfVideo } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { type Route, route } from '../http/route.ts';
import { addComment } from './addComment.ts';
import { saveChanges } from './applyChanges.ts';
import { codingSummaries } from './codingSummaries.ts';
import { codingSummary, codingView, pastChanges } from './codingView.ts';
import { freshCoding } from './freshCoding.ts';
import { InstanceRules } from './instanceRules.ts';
import { requireReadable, requireWritable } from './mayWrite.ts';
import { storeModelCoding } from './modelCoding.ts';
import { ownCoding } from './ownCoding.ts';
import { proposeTo } from './proposals.ts';
import { reopenCoding, submitCoding } from './submission.ts';
import { noteLook } from './visibility.ts';

export const codingRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/videos/{video}/codings',
    summary: 'Who has coded a video; of what is hidden, only that it is there.',
    access: memberOfVideo(),
    answer: z.array(codingSummarySchema),
    handle: ({ studio, scope }) => codingSummaries(studio, scope),
  }),
  route({
    method: 'post',
    path: '/videos/{video}/codings',
    summary: 'Gives the asker’s own coding of a video, made where there is none yet.',
    access: memberOfVideo(),
    answer: codingSchema,
    status: 201,
    handle: ({ studio, scope }) => codingView(studio, { ...scope, coding: ownCoding(studio, scope) }),
  }),
  route({
    method: 'get',
    path: '/codings/{coding}',
    summary: 'A coding with its instances and comments.',
    access: memberOfCoding(),
    answer: codingSchema,
    handle: ({ studio, scope }) => codingView(studio, scope),
  }),
  route({
    method: 'post',
    path: '/codings/{coding}/changes',
    summary: 'Edits a coding: all changes or none, on disk when it is answered. May be sent again.',
    access: memberOfCoding(),
    body: changesSchema,
    answer: changesAnswerSchema,
    handle: ({ studio, scope, body }) => saveChanges(studio, scope, body),
  }),
  route({
    method: 'get',
    path: '/codings/{coding}/changes',
    summary: 'What was changed in a coding, oldest first, from after a place in its history.',
    access: memberOfCoding(),
    query: z.object({
      after: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(10_000).default(10_000),
    }),
    answer: z.array(pastChangeSchema),
    handle: ({ studio, scope, query }) => pastChanges(studio, scope, query),
  }),
  route({
    method: 'post',
    path: '/codings/{coding}/comments',
    summary: 'Writes a comment on an instance.',
    access: memberOfCoding(),
    body: newCommentSchema,
    answer: commentSchema,
    status: 201,
    handle: ({ studio, scope, body }) => addComment(studio, scope, body),
  }),
  route({
    method: 'post',
    path: '/codings/{coding}/submit',
    summary: 'Closes the asker’s own coding; proposals that were not decided count as not accepted.',
    access: memberOfCoding(),
    answer: codingSummarySchema,
    handle: ({ studio, scope }) => submitCoding(studio, scope),
  }),
  route({
    method: 'post',
    path: '/codings/{coding}/reopen',
    summary: 'Opens a submitted coding to its coder again.',
    access: memberOfCoding('owner', 'reviewer'),
    answer: codingSummarySchema,
    handle: ({ studio, scope }) => reopenCoding(studio, scope),
  }),
  route({
    method: 'post',
    path: '/codings/{coding}/proposals',
    summary: 'Offers what a model found in the same video as proposals in a coding that the asker may change.',
    access: memberOfCoding(),
    body: z.object({ from: idSchema }),
    answer: codingSchema,
    handle: ({ studio, scope: arrived, body }) => {
      const scope = freshCoding(studio.store, arrived);
      requireWritable(studio.store, scope);
      const model = modelScope(studio, scope, body.from);
      requireReadable(studio.store, model);
      noteLook(studio, model, [model.coding]);
      proposeTo(studio, scope.coding, model.coding);
      return codingView(studio, scope);
    },
  }),
  route({
    method: 'post',
    path: '/videos/{video}/predictions',
    summary: 'Takes what a program found in a video as the coding of a model, in place of what it found before.',
    access: memberOfVideo('owner'),
    body: predictionsSchema,
    answer: codingSummarySchema,
    status: 201,
    handle: ({ studio, scope, body }) => {
      const rules = new InstanceRules(scope);
      const instances = body.instances.map((instance) => rules.named(instance));
      for (const instance of instances) rules.requireTimes(instance);
      const { id } = storeModelCoding(studio, scope.video, body.model, instances);
      return codingSummary(studio, scope, id);
    },
  }),
];

// ---- below: internals ----

/** @throws Refusal 404 where there is no such coding of the same video; 422 `not-a-model` */
function modelScope({ store }: StudioContext, scope: CodingScope, id: string): CodingScope {
  const codings = store.sql.selectFrom('coding').selectAll().where('video', '=', scope.video.id);
  const coding = store.first(codings.where('id', '=', id));
  if (!coding) throw notFound('coding');
  if (coding.kind === 'model') return { ...scope, coding };
  throw new Refusal(422, 'not-a-model', 'Only what a model found can be offered as proposals. Nothing was changed.');
}
