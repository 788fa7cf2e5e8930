import { z } from 'zod';
import { idSchema, languageSchema } from '../../contract/common.ts';
import { comparisonSchema, resultsSchema } from '../../contract/results.ts';
import { memberOf } from '../accounts/access.ts';
import { fileResponse } from '../exchange/fileResponse.ts';
import { type Route, route } from '../http/route.ts';
import { compareSources } from './compareSources.ts';
import { drawFigure } from './figures.ts';
import { resultsOf } from './results.ts';

const sourceKey = z.string().min(1).max(200);
const level = z.enum(['action', 'body']).default('action');

export const resultRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/projects/{project}/results',
    summary: 'Time budget, transitions and co-occurrence of a source of codings, and the agreement of the coders.',
    access: memberOf(),
    query: z.object({ source: sourceKey.optional(), video: idSchema.optional(), level }),
    answer: resultsSchema,
    handle: ({ studio, scope, query }) => resultsOf(studio, scope, query),
  }),
  route({
    method: 'get',
    path: '/projects/{project}/comparison',
    summary: "A model against a coder's or the final codings: detection mAP, by action, and what can be drawn of it.",
    access: memberOf(),
    query: z.object({ model: sourceKey, against: sourceKey, video: idSchema.optional() }),
    answer: comparisonSchema,
    handle: ({ studio, scope, query }) => compareSources(studio, scope, query),
  }),
  route({
    method: 'get',
    path: '/projects/{project}/figures/{figure}',
    summary: 'A figure as a picture, as a table of its data, or as a Vega-Lite specification that holds them.',
    access: memberOf(),
    query: z.object({
      source: sourceKey.optional(),
      against: sourceKey.optional(),
      video: idSchema.optional(),
      level,
      theme: z.enum(['light', 'dark']).default('light'),
      language: languageSchema.default('en'),
      as: z.enum(['svg', 'png', 'csv', 'json']).default('svg'),
    }),
    answer: 'image/svg+xml',
    async handle({ studio, scope, params, query: { theme, language, as, ...query } }) {
      const look = { theme, language, transparent: as === 'svg' };
      const { name, content } = await drawFigure(studio, scope, { ...query, figure: params.figure, look, as });
      return fileResponse(content, {
        name: `${name}.${endings[as]}`,
        type: mediaTypes[as],
        shows: as === 'svg' || as === 'png',
      });
    },
  }),
];

// ---- below: internals ----

const endings = { svg: 'svg', png: 'png', csv: 'csv', json: 'vl.json' } as const;
const mediaTypes = {
  svg: 'image/svg+xml',
  png: 'image/png',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
} as const;
