import { formats } from 'microaction/formats';
import { z } from 'zod';
import { idSchema, languageSchema } from '../../contract/common.ts';
import { formatChoiceSchema, importPreviewSchema } from '../../contract/results.ts';
import { memberOf, signedIn } from '../accounts/access.ts';
import { hasForm, readForm } from '../http/readBody.ts';
import { type Route, route } from '../http/route.ts';
import { codebookOf } from './codebook.ts';
import { codebookCsv, codebookHtml, codebookMarkdown } from './codebookText.ts';
import { exportAnnotations } from './exportAnnotations.ts';
import { fileResponse } from './fileResponse.ts';
import { importAnnotations } from './importAnnotations.ts';

const flag = z.enum(['true', 'false']).default('false');

const importFormSchema = z.object({
  file: z.file(),
  clips: z
    .record(z.string(), idSchema.nullable())
    .optional()
    .describe('Ids of videos by clip. One that is not in it, or null, is left out; without the part, names decide.'),
});

export const exchangeRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/formats',
    summary: 'The formats in which annotations are read and written.',
    access: signedIn,
    answer: z.array(formatChoiceSchema),
    handle: () =>
      formats.map(({ name, title, fileEnding, readOnly = false, oneClipPerFile }) => ({
        ...{ name, title, fileEnding, readOnly, oneClipPerFile },
      })),
  }),
  route({
    method: 'post',
    path: '/projects/{project}/imports',
    summary: 'Reads a file of annotations: tells what it would do or, with apply=true, does it.',
    access: memberOf(),
    query: z.object({
      name: z.string().min(1).max(255),
      format: z.string().max(40).optional(),
      apply: flag,
      as: z.enum(['me', 'model', 'final']).default('me'),
    }),
    bodyBytes: 64 * 2 ** 20,
    form: importFormSchema,
    answer: importPreviewSchema,
    async handle({ studio, scope, query, request }) {
      const { file, clips } = hasForm(request) ? await readForm(request, importFormSchema) : { file: request };
      const bytes = new Uint8Array(await file.arrayBuffer());
      return importAnnotations(studio, scope, { ...query, bytes, clips, apply: query.apply === 'true' });
    },
  }),
  route({
    method: 'get',
    path: '/projects/{project}/exports',
    summary: 'Codings as a file in a format of annotations, or as an archive where they are several files.',
    access: memberOf(),
    query: z.object({
      format: z.string().max(40),
      source: z.string().min(1).max(200),
      video: idSchema.optional(),
      codebook: flag,
      language: languageSchema.default('en'),
    }),
    answer: 'application/octet-stream',
    async handle({ studio, scope, query }) {
      const options = { ...query, codebook: query.codebook === 'true' };
      const { name, content } = await exportAnnotations(studio, scope, options);
      const type = name.endsWith('.zip') ? 'application/zip' : 'application/octet-stream';
      return fileResponse(content, { name, type });
    },
  }),
  route({
    method: 'get',
    path: '/projects/{project}/codebook',
    summary: 'What whoever gets the data has to know: scheme, settings, protocol, who coded what, agreement.',
    access: memberOf(),
    query: z.object({ as: z.enum(['html', 'md', 'csv']).default('html'), language: languageSchema.default('en') }),
    answer: 'text/html',
    async handle({ studio, scope, query: { as, language } }) {
      const codebook = await codebookOf(studio, scope, { language });
      const name = `${codebook.title}.${as}`;
      switch (as) {
        case 'html':
          return fileResponse(codebookHtml(codebook, language), { name, type: 'text/html; charset=utf-8' });
        case 'md':
          return fileResponse(codebookMarkdown(codebook), { name, type: 'text/markdown; charset=utf-8' });
        case 'csv':
          return fileResponse(codebookCsv(codebook), { name, type: 'text/csv; charset=utf-8' });
      }
    },
  }),
];
