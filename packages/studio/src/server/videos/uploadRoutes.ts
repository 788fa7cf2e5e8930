import { z } from 'zod';
import { newUploadSchema, uploadSchema } from '../../contract/video.ts';
import { memberOf, ownUpload } from '../accounts/access.ts';
import { Refusal } from '../http/refusal.ts';
import { type Route, route } from '../http/route.ts';
import { beginUpload, dropUpload, receiveChunk, uploadLimits, uploadView } from './uploads.ts';

export const uploadRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/projects/{project}/uploads',
    summary: 'Begins to send a video file; its bytes follow in chunks.',
    access: memberOf('owner'),
    body: newUploadSchema,
    answer: uploadSchema,
    status: 201,
    handle: ({ studio, scope, body }) => beginUpload(studio, scope, body),
  }),
  route({
    method: 'get',
    path: '/uploads/{upload}',
    summary: 'How much of a file was received: where to go on.',
    access: ownUpload,
    answer: uploadSchema,
    handle: ({ scope }) => uploadView(scope.upload),
  }),
  route({
    method: 'patch',
    path: '/uploads/{upload}',
    summary: 'The next bytes of a file (8 MiB at most). The last ones make it a video.',
    access: ownUpload,
    bodyBytes: uploadLimits.chunk,
    headers: [
      {
        name: 'Upload-Offset',
        description: 'Where in the file the bytes belong: as many as were received before.',
        schema: z.int().min(0),
        required: true,
      },
    ],
    answer: uploadSchema,
    handle: async ({ studio, scope, request }) => {
      const offset = request.headers.get('Upload-Offset') ?? '';
      if (!/^\d{1,15}$/.test(offset)) {
        const message = `Found the header Upload-Offset "${offset.slice(0, 40)}", expected a whole number of bytes.`;
        throw new Refusal(400, 'bad-offset', message);
      }
      const bytes = new Uint8Array(await request.arrayBuffer());
      return receiveChunk(studio, scope, scope.upload.id, { offsetBytes: Number(offset), bytes });
    },
  }),
  route({
    method: 'delete',
    path: '/uploads/{upload}',
    summary: 'Gives up sending a file. A video that it became stays.',
    access: ownUpload,
    answer: null,
    handle: ({ studio, scope }) => dropUpload(studio, scope.upload.id),
  }),
];
