import { byteRange } from './byteRange.ts';
import type { OpenedFile } from './dataFolder.ts';

/**
 * Answers a request for a file: whole or the part that is asked for, or 304 where the asker has it. The bytes are read as
 * fast as they are taken; the file is closed when all were sent, or when the asker goes away.
 *
 * @param opened - is this function's from here on
 */
export async function serveFile(
  request: Request,
  opened: Pick<OpenedFile, 'handle' | 'stats'>,
  type: string,
): Promise<Response> {
  const { handle, stats } = opened;
  const etag = `"${stats.size.toString(16)}-${Math.round(stats.mtimeMs * 1000).toString(16)}-${stats.ino.toString(16)}"`;
  const modified = new Date(Math.floor(stats.mtimeMs / 1000) * 1000);
  const headers = new Headers({
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, no-cache',
    'Content-Type': type,
    ETag: etag,
    'Last-Modified': modified.toUTCString(),
    'X-Content-Type-Options': 'nosniff',
  });
  const answer = async (status: number, range?: { first: number; last: number }) => {
    if (range && request.method !== 'HEAD') return new Response(streamOf(request, opened, range), { status, headers });
    await handle.close();
    return new Response(null, { status, headers });
  };

  if (isHeld(request, etag, modified)) return answer(304);
  const range = mayRange(request, etag, modified) ? byteRange(request.headers.get('Range'), stats.size) : null;
  if (range === 'unsatisfiable') {
    headers.set('Content-Range', `bytes */${stats.size}`);
    return answer(416);
  }
  const { first, last } = range ?? { first: 0, last: stats.size - 1 };
  headers.set('Content-Length', String(last - first + 1));
  if (!range) return answer(200, { first, last });
  headers.set('Content-Range', `bytes ${first}-${last}/${stats.size}`);
  return answer(206, { first, last });
}

// ---- below: internals ----

const chunkBytes = 256 * 1024;

/** Whether the asker's copy is still good. */
function isHeld({ headers }: Request, etag: string, modified: Date): boolean {
  const held = headers.get('If-None-Match');
  if (held !== null)
    return held.split(',').some((one) => one.trim().replace(/^W\//, '') === etag || one.trim() === '*');
  const since = Date.parse(headers.get('If-Modified-Since') ?? '');
  return modified.getTime() <= since;
}

/** A part is of use only where the asker's other parts are of the same content. */
function mayRange({ headers }: Request, etag: string, modified: Date): boolean {
  const condition = headers.get('If-Range');
  if (condition === null || condition === etag) return true;
  return Date.parse(condition) === modified.getTime();
}

function streamOf(
  request: Request,
  { handle }: Pick<OpenedFile, 'handle'>,
  { first, last }: { first: number; last: number },
) {
  let position = first;
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    request.signal.removeEventListener('abort', close);
    await handle.close();
  };
  request.signal.addEventListener('abort', close, { once: true });
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const length = Math.min(chunkBytes, last + 1 - position);
        if (length <= 0) {
          controller.close();
          return await close();
        }
        try {
          const { buffer, bytesRead } = await handle.read(new Uint8Array(length), 0, length, position);
          // Cut since it was opened: the connection breaks, so that nobody takes the rest for whole.
          if (bytesRead === 0) throw new Error('The file has become shorter.');
          position += bytesRead;
          controller.enqueue(buffer.subarray(0, bytesRead));
        } catch (error) {
          controller.error(error);
          await close();
        }
      },
      cancel: close,
    },
    { highWaterMark: 0 },
  );
}
