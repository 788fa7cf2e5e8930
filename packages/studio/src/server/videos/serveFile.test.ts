import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveFile } from './serveFile.ts';

describe('a file that is served', () => {
  const content = Uint8Array.from({ length: 600_001 }, (_, i) => (i * 7919) % 251);
  const sizeBytes = content.length;
  let folder: string;
  let path: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'microaction-serve-'));
    path = join(folder, 'nod.mp4');
    writeFileSync(path, content);
    writeFileSync(join(folder, 'empty.mp4'), '');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const ask = async (headers: Record<string, string> = {}, method = 'GET', file = path) => {
    const handle = await open(file);
    return serveFile(
      new Request('http://studio/', { method, headers }),
      { handle, stats: await handle.stat() },
      'video/mp4',
    );
  };
  const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());
  const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

  it('comes whole without a range', async () => {
    const response = await ask();
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Length')).toBe(String(sizeBytes));
    expect(response.headers.get('Accept-Ranges')).toBe('bytes');
    expect(response.headers.get('Content-Type')).toBe('video/mp4');
    expect(same(await bytesOf(response), content)).toBe(true);
  });

  it('gives of any range what a slice of it holds', async () => {
    const number = fc.oneof(fc.integer({ min: 0, max: sizeBytes + 5 }), fc.integer({ min: 0, max: 20 }));
    await fc.assert(
      fc.asyncProperty(number, fc.option(number), async (from, length) => {
        const to = length === null ? '' : from + length;
        const response = await ask({ Range: `bytes=${from}-${to}` });
        if (from >= sizeBytes) {
          expect([response.status, response.headers.get('Content-Range')]).toEqual([416, `bytes */${sizeBytes}`]);
          expect(await response.text()).toBe('');
          return;
        }
        const expected = content.slice(from, to === '' ? undefined : to + 1);
        expect(response.status).toBe(206);
        expect(response.headers.get('Content-Range')).toBe(`bytes ${from}-${from + expected.length - 1}/${sizeBytes}`);
        expect(response.headers.get('Content-Length')).toBe(String(expected.length));
        expect(same(await bytesOf(response), expected)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('gives its last bytes', async () => {
    expect(same(await bytesOf(await ask({ Range: 'bytes=-10' })), content.slice(-10))).toBe(true);
    const more = await ask({ Range: `bytes=-${sizeBytes + 10}` });
    expect([more.status, (await bytesOf(more)).length]).toEqual([206, sizeBytes]);
    expect((await ask({ Range: 'bytes=-0' })).status).toBe(416);
  });

  it.each(['bytes=', 'bytes=-', 'bytes=5-2', 'bytes=a-b', 'bytes=0-1,5-9', 'lines=0-1', 'bytes=1.5-2', '0-5'])(
    'comes whole where a range is not one: %s',
    async (range) => {
      const response = await ask({ Range: range });
      expect([response.status, (await bytesOf(response)).length]).toEqual([200, sizeBytes]);
    },
  );

  it('answers a range only where the rest that the asker has is of the same content', async () => {
    const { headers } = await ask({}, 'HEAD');
    const [etag, modified] = [headers.get('ETag')!, headers.get('Last-Modified')!];
    const status = async (condition: string) => {
      const response = await ask({ Range: 'bytes=0-9', 'If-Range': condition });
      return [response.status, (await bytesOf(response)).length];
    };
    expect(await status(etag)).toEqual([206, 10]);
    expect(await status(modified)).toEqual([206, 10]);
    expect(await status('"another"')).toEqual([200, sizeBytes]);
    expect(await status(`W/${etag}`)).toEqual([200, sizeBytes]);
    expect(await status('Thu, 01 Jan 1970 00:00:00 GMT')).toEqual([200, sizeBytes]);
  });

  it('is not sent again to whoever has it', async () => {
    const { headers } = await ask({}, 'HEAD');
    const [etag, modified] = [headers.get('ETag')!, headers.get('Last-Modified')!];
    expect((await ask({ 'If-None-Match': `"x", ${etag}` })).status).toBe(304);
    expect((await ask({ 'If-Modified-Since': modified })).status).toBe(304);
    const changed = await ask({ 'If-None-Match': '"x"', 'If-Modified-Since': modified });
    expect([changed.status, (await bytesOf(changed)).length]).toEqual([200, sizeBytes]);
  });

  it('has another tag once its content has changed', async () => {
    const tag = async (text: string) => {
      writeFileSync(join(folder, 'changing.mp4'), text);
      return (await ask({}, 'HEAD', join(folder, 'changing.mp4'))).headers.get('ETag');
    };
    expect(await tag('one')).not.toBe(await tag('three'));
  });

  it('may be empty', async () => {
    const empty = join(folder, 'empty.mp4');
    const whole = await ask({}, 'GET', empty);
    expect([whole.status, whole.headers.get('Content-Length'), await whole.text()]).toEqual([200, '0', '']);
    expect((await ask({ Range: 'bytes=0-' }, 'GET', empty)).status).toBe(416);
    expect((await ask({ Range: 'bytes=-5' }, 'GET', empty)).status).toBe(416);
  });

  it.runIf(process.platform === 'linux')('is closed when it was sent, was not wanted, or nobody reads on', async () => {
    const isOpen = () => readdirSync('/proc/self/fd').filter((fd) => linkOf(`/proc/self/fd/${fd}`) === path).length;
    await (await ask()).arrayBuffer();
    await ask({}, 'HEAD');
    await ask({ Range: 'bytes=9999999-' });
    const reader = (await ask()).body!.getReader();
    await reader.read();
    expect(isOpen()).toBe(1);
    await reader.cancel();
    await expect.poll(isOpen).toBe(0);

    const leaving = new AbortController();
    const handle = await open(path);
    const request = new Request('http://studio/', { signal: leaving.signal });
    await serveFile(request, { handle, stats: await handle.stat() }, 'video/mp4');
    expect(isOpen()).toBe(1);
    leaving.abort();
    await expect.poll(isOpen).toBe(0);
  });
});

/** Undefined for a descriptor that was closed in between. */
function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
