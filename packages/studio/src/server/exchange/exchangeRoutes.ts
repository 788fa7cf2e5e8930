import { formats } from 'microaction/formats';
import { z } from 'zod';
import { idSchema, languageSchema } from '../../contract/common.ts';
import { formatChoiceSchema, importPreviewSchema } from '../../contract/results.ts';
import { memberOf, signedIn } from '../accounts/access.ts';
import { Refusal } from '../http/refusal.ts';
import { type Route, route } from '../http/route.ts';
import { codebookOf } from './codebook.ts';
import { codebookCsv, codebookHtml, codebookMarkdown } from './codebookText.ts';
import { exportAnnotations } from './exportAnnotations.ts';
import { fileResponse } from './fileResponse.ts';
import { importAnnotations } from './importAnnotations.ts';

const flag = z.enum(['true', 'false']).default('false');

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
      clips: z.string().max(1_000_000).optional(),
    }),
    bodyBytes: 64 * 2 ** 20,
    answer: importPreviewSchema,
    async handle({ studio, scope, query: { name, format, apply, as, clips }, request }) {
      const bytes = new Uint8Array(await request.arrayBuffer());
      const options = { name, bytes, format, as, clips: clipsFrom(clips), apply: apply === 'true' };
      return importAnnotations(studio, scope, options);
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

// ---- below: internals ----

const clipsSchema = z.record(z.string(), idSchema.nullable());

function clipsFrom(json: string | undefined): Record<string, string | null> | undefined {
  if (json === undefined) return undefined;
  try {
    return clipsSchema.parse(JSON.parse(json));
  } catch {
    throw new Refusal(
      400,
      'bad-request',
      'clips: expected a JSON object that gives the id of a video, or null, by clip.',
    );
  }
}
