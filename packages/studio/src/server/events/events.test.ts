import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { StudioEvent } from '../../contract/event.ts';
import { type TestPerson, type TestStudio, testStudio } from '../serverTesting.ts';
import { EventHub } from './eventHub.ts';
import { eventStream } from './eventStream.ts';

const videoEvent = (video: string): StudioEvent => ({ type: 'video', video });
const textOf = (video: string) => `data: ${JSON.stringify(videoEvent(video))}\n\n`;

describe('events of a project', () => {
  let studio: TestStudio;
  let mei: TestPerson;
  beforeAll(async () => {
    studio = await testStudio();
    mei = await studio.person('mei');
  });
  afterAll(() => studio.close());

  const publish = (video: string, project = studio.project) =>
    studio.context.events.publish(project, videoEvent(video));
  const listen = async (person: TestPerson) => {
    const response = await person.raw(`/projects/${studio.project}/events`);
    expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'text/event-stream']);
    const reader = textReader(response.body!);
    expect((await reader.read()).value).toBe('retry: 2000\n\n');
    return reader;
  };

  it('reach everybody who listens, and nobody in another project', async () => {
    const readers = await Promise.all(Array.from({ length: 20 }, (_, i) => listen(i % 2 ? mei : studio.solo)));
    publish('elsewhere', 'another project');
    publish('here');
    for (const reader of readers) expect((await reader.read()).value).toBe(textOf('here'));
    await Promise.all(readers.map((reader) => reader.cancel()));
  });

  it('tell nobody who codes blind how often another has saved', async () => {
    await studio.solo.patch(`/projects/${studio.project}`, { blind: true });
    const { store, events } = studio.context;
    const [video, coding] = ['blindVideo', 'blindCoding'];
    const file = { name: 'v', path: 'v.mp4', sizeBytes: 1, modifiedMs: 1, subject: '', notes: '', derived: '{}' };
    const row = { ...file, id: video, project: studio.project, status: 'ready', addedAt: '' } as const;
    store.run(store.sql.insertInto('video').values(row));
    const own = { id: coding, video, kind: 'coder', account: mei.account.id, status: 'open', revision: 7 } as const;
    store.run(store.sql.insertInto('coding').values({ ...own, createdAt: '' }));
    const [hers, another] = [await listen(mei), await listen(studio.solo)];
    events.publish(studio.project, { type: 'coding', coding, video, revision: 7 });
    expect((await hers.read()).value).toContain('"revision":7');
    expect((await another.read()).value).toContain('"revision":0');
    await Promise.all([hers.cancel(), another.cancel()]);
  });

  it('do not reach who is no member any more', async () => {
    const reader = await listen(mei);
    await studio.solo.delete(`/projects/${studio.project}/members/${mei.account.id}`);
    publish('secret');
    expect(await text(reader)).not.toContain('secret');
    expect((await mei.get(`/projects/${studio.project}/events`)).status).toBe(404);
    await studio.solo.put(`/projects/${studio.project}/members/${mei.account.id}`, { role: 'coder' });
  });

  it('do not reach who has signed out, or was disabled', async () => {
    const [leaving, disabled] = [await studio.person('leaving'), await studio.person('disabled')];
    const readers = [await listen(leaving), await listen(disabled)];
    expect((await leaving.delete('/session')).status).toBeLessThan(300);
    await studio.solo.patch(`/accounts/${disabled.account.id}`, { disabled: true });
    publish('secret');
    for (const reader of readers) expect(await text(reader)).not.toContain('secret');
  });
});

const textReader = (stream: ReadableStream<Uint8Array>) =>
  stream.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();

/** What is left of a stream, which ends. */
async function text(reader: ReadableStreamDefaultReader<string>): Promise<string> {
  let all = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return all;
    all += value;
  }
}

describe('a stream of events', () => {
  it('says something while nothing happens, and ends when the listener may not listen any more', async () => {
    vi.useFakeTimers();
    let may = true;
    const hub = new EventHub();
    const reader = textReader(eventStream(hub, 'p', (events) => (may ? events : null), { heartbeatMs: 1000 }));
    await reader.read();
    await vi.advanceTimersByTimeAsync(1000);
    expect((await reader.read()).value).toBe(':\n\n');
    may = false;
    await vi.advanceTimersByTimeAsync(1000);
    vi.useRealTimers();
    expect((await reader.read()).done).toBe(true);
  });

  it('gathers what happens within a moment, and asks once whether it may be told', async () => {
    const hub = new EventHub();
    const shown = vi.fn((events: readonly StudioEvent[]) => events);
    const reader = textReader(eventStream(hub, 'p', shown));
    await reader.read();
    for (const video of ['a', 'b', 'c']) hub.publish('p', videoEvent(video));
    expect((await reader.read()).value).toBe(textOf('a') + textOf('b') + textOf('c'));
    expect(shown).toHaveBeenCalledTimes(2);
    await reader.cancel();
  });

  it('is dropped when its listener falls far behind, and costs nothing afterwards', async () => {
    vi.useFakeTimers();
    const hub = new EventHub();
    const shown = vi.fn((events: readonly StudioEvent[]) => events);
    eventStream(hub, 'p', shown);
    for (let i = 0; i < 300; i++) {
      hub.publish('p', videoEvent('v'));
      await vi.advanceTimersByTimeAsync(50);
    }
    vi.useRealTimers();
    expect(shown.mock.calls.length).toBeGreaterThan(100);
    expect(shown.mock.calls.length).toBeLessThan(250);
  });

  it('is forgotten when its listener goes away', async () => {
    const hub = new EventHub();
    const shown = vi.fn((events: readonly StudioEvent[]) => events);
    const stream = eventStream(hub, 'p', shown, { gatherMs: 0, heartbeatMs: 5 });
    hub.publish('p', videoEvent('v'));
    await stream.cancel();
    hub.publish('p', videoEvent('v'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(shown).toHaveBeenCalledTimes(1);
  });
});
