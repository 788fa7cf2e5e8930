import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Uploads } from './uploads.ts';

/** A studio that takes uploads, as `fetch`. Can be switched off, or lose an answer. */
class PretendStudio {
  readonly received = new Map<string, string>();
  sizes = new Map<string, number>();
  requests: string[] = [];
  isOff = false;
  losesNextAnswer = false;

  readonly fetch = async (url: string, { method = 'GET', body, headers }: RequestInit = {}): Promise<Response> => {
    if (this.isOff) throw new TypeError('Failed to fetch');
    this.requests.push(`${method} ${url}`);
    if (method === 'POST') {
      const id = `u${this.received.size + 1}`;
      this.received.set(id, '');
      this.sizes.set(id, JSON.parse(String(body)).sizeBytes);
      return this.#answer(id);
    }
    const id = url.split('/').at(-1)!;
    const text = this.received.get(id);
    if (text === undefined) return Response.json({ error: { code: 'not-found', message: '' } }, { status: 404 });
    if (method === 'PATCH') {
      const offset = Number((headers as Record<string, string>)['Upload-Offset']);
      if (offset !== text.length) {
        return Response.json({ error: { code: 'wrong-offset', message: '' } }, { status: 409 });
      }
      this.received.set(id, text + (await (body as Blob).text()));
      if (this.losesNextAnswer) {
        this.losesNextAnswer = false;
        throw new TypeError('Failed to fetch');
      }
    }
    return this.#answer(id);
  };

  #answer(id: string): Response {
    const receivedBytes = this.received.get(id)!.length;
    const sizeBytes = this.sizes.get(id)!;
    const video = receivedBytes === sizeBytes ? `video-${id}` : null;
    return Response.json({ id, name: 'x', sizeBytes, receivedBytes, video });
  }
}

const storage = () => {
  const items = new Map<string, string>();
  return {
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, value: string) => void items.set(name, value),
  };
};
const file = (text: string, name = 'a.mp4') => new File([text], name, { lastModified: 1 });
const options = () => ({ chunkBytes: 4, waitMs: 5, storage: storage() });

let studio: PretendStudio;
beforeEach(() => {
  studio = new PretendStudio();
  vi.stubGlobal('fetch', studio.fetch);
});
afterEach(() => vi.unstubAllGlobals());

describe('uploads', () => {
  it('send a file in chunks and tell the video that it became', async () => {
    const uploads = new Uploads('p', options());
    const made: string[] = [];
    uploads.onVideo = (video) => made.push(video);
    uploads.add(file('hello world'));
    await vi.waitFor(() => expect(uploads.transfers()[0].state).toBe('done'));
    expect([...studio.received.values()]).toEqual(['hello world']);
    expect(studio.requests.filter((request) => request.startsWith('PATCH'))).toHaveLength(3);
    expect(made).toEqual(['video-u1']);
  });

  it('wait while the studio does not answer, and go on by themselves', async () => {
    const uploads = new Uploads('p', options());
    studio.isOff = true;
    uploads.add(file('hello world'));
    await vi.waitFor(() => expect(uploads.transfers()[0].state).toBe('waiting'));
    studio.isOff = false;
    await vi.waitFor(() => expect(uploads.transfers()[0].state).toBe('done'));
    expect([...studio.received.values()]).toEqual(['hello world']);
  });

  it('send no chunk twice when only the answer was lost', async () => {
    const uploads = new Uploads('p', options());
    studio.losesNextAnswer = true;
    uploads.add(file('hello world'));
    await vi.waitFor(() => expect(uploads.transfers()[0].state).toBe('done'));
    expect([...studio.received.values()]).toEqual(['hello world']);
  });

  it('pause, and go on where they stopped', async () => {
    const uploads = new Uploads('p', options());
    const isUnderWay = () => uploads.transfers()[0].sentBytes > 0;
    const stop = uploads.subscribe(() => {
      if (isUnderWay() && uploads.transfers()[0].state === 'sending') {
        stop();
        uploads.pause(uploads.transfers()[0].key);
      }
    });
    uploads.add(file('hello world'));
    await vi.waitFor(() => expect(uploads.transfers()[0].state).toBe('paused'));
    expect([...studio.received.values()][0].length).toBeLessThan(11);
    await new Promise((resolve) => setTimeout(resolve, 20));
    uploads.resume(uploads.transfers()[0].key);
    await vi.waitFor(() => expect(uploads.transfers()[0].state).toBe('done'));
    expect([...studio.received.values()]).toEqual(['hello world']);
  });

  it('survive a new load of the page: the same file goes on, and is not begun again', async () => {
    const shared = options();
    const before = new Uploads('p', shared);
    const stop = before.subscribe(() => {
      if (before.transfers()[0].sentBytes > 0) {
        stop();
        before.pause(before.transfers()[0].key);
      }
    });
    before.add(file('hello world'));
    await vi.waitFor(() => expect(before.transfers()[0].state).toBe('paused'));

    const after = new Uploads('p', shared);
    expect(after.transfers()).toMatchObject([{ name: 'a.mp4', state: 'fileNeeded' }]);
    after.add(file('hello world'));
    await vi.waitFor(() => expect(after.transfers()[0].state).toBe('done'));
    expect([...studio.received.values()]).toEqual(['hello world']);
    expect(new Uploads('p', shared).transfers()).toEqual([]);
  });

  it('begin anew where the studio has forgotten the upload', async () => {
    const shared = options();
    shared.storage.setItem(
      'uploads:p',
      JSON.stringify([{ key: 'a.mp4:11:1', name: 'a.mp4', sizeBytes: 11, sentBytes: 4, id: 'gone' }]),
    );
    const uploads = new Uploads('p', shared);
    uploads.add(file('hello world'));
    await vi.waitFor(() => expect(uploads.transfers()[0].state).toBe('done'));
    expect([...studio.received.values()]).toEqual(['hello world']);
  });

  it('keep to two files at once', async () => {
    const uploads = new Uploads('p', options());
    let most = 0;
    uploads.subscribe(() => {
      most = Math.max(most, uploads.transfers().filter(({ state }) => state === 'sending').length);
    });
    for (const name of ['a.mp4', 'b.mp4', 'c.mp4', 'd.mp4']) uploads.add(file('hello world', name));
    await vi.waitFor(() => expect(uploads.transfers().every(({ state }) => state === 'done')).toBe(true));
    expect(most).toBe(2);
  });
});
