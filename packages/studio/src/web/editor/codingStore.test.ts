import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  Change,
  ChangesAnswer,
  CodedInstance,
  Coding,
  Conflict,
  InstanceBody,
  PastChange,
} from '../../contract/coding.ts';
import { type CodingServer, CodingStore, type SaveStatus } from './codingStore.ts';
import { bodyOf } from './editHistory.ts';
import { outboxStorage } from './outboxStorage.ts';

describe('the coding in the browser', () => {
  it('shows an edit at once and is saved when the server has answered', async () => {
    const { store, server } = open();
    store.apply([{ instance: 'a', after: nod(1, 2) }]);
    expect(store.instances).toEqual([{ id: 'a', ...nod(1, 2) }]);
    expect(store.status.kind).toBe('saving');
    await server.answerAll();
    expect(store.status.kind).toBe('saved');
    expect(server.bodies()).toEqual({ a: nod(1, 2) });
  });

  it('undoes and redoes steps of several edits as one', async () => {
    const { store, server } = open();
    store.apply([
      { instance: 'a', after: nod(1, 2) },
      { instance: 'b', after: nod(3, 4) },
    ]);
    store.apply([{ instance: 'a', after: null }]);
    store.undo();
    store.undo();
    expect(store.instances).toEqual([]);
    expect(store.undo()).toBeNull();
    store.redo();
    expect(store.instances.map(({ id }) => id)).toEqual(['a', 'b']);
    await server.answerAll();
    expect(server.bodies()).toEqual({ a: nod(1, 2), b: nod(3, 4) });
  });

  it('undoes the latest of two steps that look the same', async () => {
    const { store } = open(new FakeServer({ a: nod(1, 2) }));
    for (const end of [3, 2, 3, 2]) store.apply([{ instance: 'a', after: nod(1, end) }]);
    store.undo();
    store.undo();
    expect(store.get('a')).toMatchObject({ end: 2 });
    store.undo();
    expect(store.get('a')).toMatchObject({ end: 3 });
    store.undo();
    expect(store.canUndo).toBe(false);
  });

  it('undoes what was done before the page was opened again', async () => {
    const first = open();
    first.store.apply([{ instance: 'a', after: nod(1, 2) }]);
    first.store.apply([{ instance: 'a', after: nod(1, 3) }]);
    first.store.undo();
    await first.server.answerAll();
    const { store, server } = open(first.server, first.storage);
    store.recall(server.past);
    expect(store.canRedo).toBe(true);
    store.redo();
    expect(store.get('a')).toMatchObject({ end: 3 });
    store.undo();
    store.undo();
    expect(store.instances).toEqual([]);
    expect(store.canUndo).toBe(false);
  });

  it('keeps what is unsent when the page closes, and sends it when it opens again', async () => {
    const first = open();
    first.store.apply([{ instance: 'a', after: nod(1, 2) }]);
    first.store.apply([{ instance: 'a', after: nod(1, 3) }]);
    await first.server.answer('lost');
    expect(first.store.status).toMatchObject({ kind: 'unsaved', count: 2, code: 'unreachable', isKept: true });
    first.store.close();
    const { store, server } = open(first.server, first.storage);
    expect(store.get('a')).toMatchObject({ end: 3 });
    await server.answerAll();
    expect(server.bodies()).toEqual({ a: nod(1, 3) });
    expect(first.storage.length).toBe(0);
    store.undo();
    expect(store.get('a')).toMatchObject({ end: 2 });
  });

  it('applies an edit once when its answer was lost', async () => {
    const { store, server, wait } = open();
    store.apply([{ instance: 'a', after: nod(1, 2) }]);
    store.apply([{ instance: 'a', after: nod(1, 4) }]);
    await server.answer('applied, answer lost');
    expect(store.status).toMatchObject({ kind: 'unsaved' });
    wait.pass();
    await server.answerAll();
    expect(store.status.kind).toBe('saved');
    expect(server.past).toHaveLength(2);
    expect(server.bodies()).toEqual({ a: nod(1, 4) });
  });

  it('waits longer after each failure, and no longer than half a minute', async () => {
    const { store, server, wait } = open();
    store.apply([{ instance: 'a', after: nod(1, 2) }]);
    for (let i = 0; i < 7; i++) {
      await server.answer('disk full');
      wait.pass();
    }
    expect(wait.delays).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    expect(store.status).toMatchObject({ kind: 'unsaved', code: 'disk-full' });
    await server.answerAll();
    expect(store.status.kind).toBe('saved');
  });

  it('lets the person choose between two versions of one instance, and overwrites neither before', async () => {
    for (const whose of ['mine', 'theirs'] as const) {
      const { store, server } = open(new FakeServer({ a: nod(1, 2), b: nod(5, 6) }));
      server.writeAsSomebodyElse('a', nod(1, 9));
      store.apply([
        { instance: 'a', after: nod(0, 2) },
        { instance: 'b', after: null },
      ]);
      await server.answerAll();
      expect(store.conflicts).toMatchObject([
        { instance: 'a', mine: nod(0, 2), theirs: nod(1, 9), by: 'somebody else' },
      ]);
      expect(store.status).toMatchObject({ kind: 'unsaved', code: 'conflict', count: 1 });
      expect(server.bodies()).toEqual({ a: nod(1, 9) });
      store.settle('a', whose);
      await server.answerAll();
      expect(store.conflicts).toEqual([]);
      expect(store.status.kind).toBe('saved');
      expect(server.bodies()).toEqual({ a: whose === 'mine' ? nod(0, 2) : nod(1, 9) });
      expect(bodies(store)).toEqual(server.bodies());
    }
  });

  it('takes in what others changed and leaves own unsent edits above it', async () => {
    const { store, server } = open(new FakeServer({ a: nod(1, 2), b: nod(5, 6) }));
    store.apply([{ instance: 'a', after: nod(1, 3) }]);
    server.writeAsSomebodyElse('b', nod(5, 7));
    await store.refresh();
    expect(bodies(store)).toEqual({ a: nod(1, 3), b: nod(5, 7) });
    await server.answerAll();
    expect(bodies(store)).toEqual(server.bodies());
  });

  it('does not undo what somebody else has changed since', async () => {
    const { store, server } = open(new FakeServer({ a: nod(1, 2) }));
    store.apply([
      { instance: 'a', after: nod(1, 3) },
      { instance: 'b', after: nod(4, 5) },
    ]);
    await server.answerAll();
    server.writeAsSomebodyElse('a', nod(1, 9));
    await store.refresh();
    expect(store.undo()).toEqual({ edits: [{ instance: 'b', before: null, after: nod(4, 5) }], skipped: 1 });
    expect(bodies(store)).toEqual({ a: nod(1, 9) });
  });

  it('gives up unsent edits only when told to', async () => {
    const { store, server } = open(new FakeServer({ a: nod(1, 2) }));
    store.apply([{ instance: 'a', after: nod(1, 3) }]);
    await server.answer('disk full');
    store.discardUnsent();
    expect(bodies(store)).toEqual({ a: nod(1, 2) });
    expect(store.status.kind).toBe('saved');
  });

  it('holds back what the server refuses, and sends the rest', async () => {
    const { store, server } = open();
    store.apply([
      { instance: 'a', after: nod(1, 2) },
      { instance: 'b', after: nod(3, 4, 'flying') },
      { instance: 'c', after: nod(5, 6) },
    ]);
    await server.answerAll();
    expect(server.bodies()).toEqual({ a: nod(1, 2), c: nod(5, 6) });
    expect(store.conflicts).toMatchObject([
      { instance: 'b', mine: { action: 'flying' }, theirs: null, refusal: 'unknown-action' },
    ]);
    store.settle('b', 'theirs');
    expect(store.status.kind).toBe('saved');
  });

  it('says when the browser cannot keep what is unsent', () => {
    const full = new FakeStorage();
    full.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    const { store, server } = open(undefined, full);
    store.apply([{ instance: 'a', after: nod(1, 2) }]);
    return server.answer('lost').then(() => {
      const status: SaveStatus = store.status;
      expect(status).toMatchObject({ kind: 'unsaved', isKept: false });
    });
  });

  it('ends equal to the server after any sequence of edits, failures, reloads and others who write', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { maxLength: 60 }), fc.boolean(), async (deeds, takesMine) => {
        let page = open(new FakeServer({ a: nod(1, 2), b: nod(3, 4) }));
        const { server, storage } = page;
        for (const each of deeds) {
          switch (each.do) {
            case 'edit':
              page.store.apply(each.wishes);
              break;
            case 'undo':
              page.store.undo();
              break;
            case 'redo':
              page.store.redo();
              break;
            case 'answer':
              await server.answer(each.how);
              break;
            case 'wait':
              page.wait.pass();
              break;
            case 'somebody else':
              server.writeAsSomebodyElse(each.instance, each.after);
              break;
            case 'refresh':
              await page.store.refresh();
              break;
            case 'reload':
              page.store.close();
              page = open(server, storage);
              page.store.recall(server.past);
              break;
          }
          await settled();
        }
        for (let round = 0; page.store.status.kind !== 'saved' && round < 200; round++) {
          page.wait.pass();
          await server.answerAll();
          for (const { instance } of page.store.conflicts) page.store.settle(instance, takesMine ? 'mine' : 'theirs');
        }
        await page.store.refresh();
        expect(page.store.status.kind).toBe('saved');
        expect(bodies(page.store)).toEqual(server.bodies());
        expect(storage.length).toBe(0);
        expect(new Set(server.past.map(({ id }) => id)).size).toBe(server.past.length);
      }),
      { numRuns: 400 },
    );
  });

  it('undoes a step as a whole that was half sent when the page was left', async () => {
    const beginning = { a: nod(1, 2), b: nod(3, 4) };
    let page = open(new FakeServer(beginning));
    const { server, storage } = page;
    page.store.apply([{ instance: 'a', after: null }]);
    // The second `a` waits for the version that the first one gets; `c` does not.
    page.store.apply([
      { instance: 'c', after: nod(0, 1) },
      { instance: 'a', after: nod(0, 1) },
    ]);
    for (const answers of [0, 2]) {
      for (let i = 0; i < answers; i++) await server.answer('answered');
      page.store.close();
      page = open(server, storage);
      page.store.recall(server.past);
    }
    page.store.undo();
    expect(bodies(page.store)).toEqual({ b: nod(3, 4) });
    page.store.undo();
    expect(bodies(page.store)).toEqual(beginning);
  });

  it('comes back to the beginning by undoing, and to the end by redoing, over reloads and failures', async () => {
    const alone = fc.array(
      deed.filter((each) => each.do !== 'somebody else'),
      { maxLength: 50 },
    );
    await fc.assert(
      fc.asyncProperty(alone, async (deeds) => {
        const beginning = { a: nod(1, 2), b: nod(3, 4) };
        let page = open(new FakeServer(beginning));
        const { server, storage } = page;
        for (const each of deeds) {
          if (each.do === 'edit') page.store.apply(each.wishes);
          if (each.do === 'undo') page.store.undo();
          if (each.do === 'redo') page.store.redo();
          if (each.do === 'answer') await server.answer(each.how);
          if (each.do === 'wait') page.wait.pass();
          if (each.do === 'reload') {
            page.store.close();
            page = open(server, storage);
            page.store.recall(server.past);
          }
          await settled();
        }
        while (page.store.redo());
        const end = bodies(page.store);
        while (page.store.undo());
        expect(bodies(page.store)).toEqual(beginning);
        while (page.store.redo());
        expect(bodies(page.store)).toEqual(end);
      }),
      { numRuns: 400 },
    );
  });
});

// ---- below: internals ----

const nod = (start: number, end: number, action = 'nodding'): InstanceBody => ({
  action,
  start,
  end,
  state: 'coded',
  score: null,
  reason: null,
});

type Reply = 'answered' | 'lost' | 'applied, answer lost' | 'disk full';

const instanceId = fc.constantFrom('a', 'b', 'c');
const body = fc.option(
  fc
    .record({ start: fc.integer({ min: 0, max: 3 }), length: fc.integer({ min: 1, max: 3 }) })
    .map(({ start, length }) => nod(start, start + length)),
);
const wishes = fc.uniqueArray(fc.record({ instance: instanceId, after: body }), {
  minLength: 1,
  maxLength: 3,
  selector: ({ instance }) => instance,
});
const deed = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('edit' as const), wishes }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('undo' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('redo' as const) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      how: fc.constantFrom<Reply>('answered', 'answered', 'lost', 'applied, answer lost', 'disk full'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('somebody else' as const), instance: instanceId, after: body }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('refresh' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reload' as const) }) },
);

function open(server = new FakeServer(), storage = new FakeStorage()) {
  const wait = new FakeWait();
  const options = {
    server,
    storage: outboxStorage('coding', storage),
    client: 'here',
    later: wait.later,
    clock: () => 0,
  };
  return { store: new CodingStore(server.coding(), options), server, storage, wait };
}

const bodies = (store: CodingStore) => Object.fromEntries(store.instances.map(({ id, ...rest }) => [id, bodyOf(rest)]));

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

class FakeWait {
  delays: number[] = [];
  #then: (() => void) | undefined;

  later = (milliseconds: number, then: () => void) => {
    this.delays.push(milliseconds);
    this.#then = then;
    return () => {
      this.#then = undefined;
    };
  };

  pass(): void {
    const then = this.#then;
    this.#then = undefined;
    then?.();
  }
}

class FakeStorage implements Storage {
  [name: string]: unknown;
  readonly #items = new Map<string, string>();
  get length() {
    return this.#items.size;
  }
  key = (position: number) => [...this.#items.keys()][position] ?? null;
  getItem = (key: string) => this.#items.get(key) ?? null;
  setItem = (key: string, value: string) => void this.#items.set(key, value);
  removeItem = (key: string) => void this.#items.delete(key);
  clear = () => this.#items.clear();
}

/** What the contract says of `POST /codings/{coding}/changes`, as short as it can be said. */
class FakeServer implements CodingServer {
  readonly past: PastChange[] = [];
  readonly #instances = new Map<string, { version: number; body: InstanceBody | null }>();
  #revision = 1;
  readonly #requests: {
    changes: readonly Change[];
    resolve(answer: ChangesAnswer): void;
    reject(error: Error): void;
  }[] = [];

  constructor(instances: Record<string, InstanceBody> = {}) {
    for (const [id, each] of Object.entries(instances)) this.#instances.set(id, { version: 1, body: each });
  }

  coding(): Coding {
    const instances = [...this.#instances].flatMap(([id]) => this.#current(id) ?? []);
    return { revision: this.#revision, instances, comments: [] } as unknown as Coding;
  }

  bodies(): Record<string, InstanceBody> {
    return Object.fromEntries(this.coding().instances.map((each) => [each.id, bodyOf(each) as InstanceBody]));
  }

  load = async () => this.coding();
  send = (changes: readonly Change[]) =>
    new Promise<ChangesAnswer>((resolve, reject) => this.#requests.push({ changes, resolve, reject }));

  writeAsSomebodyElse(instance: string, after: InstanceBody | null): void {
    this.#write({ id: `other-${this.past.length}`, instance, base: 0, after }, 'somebody else');
    this.#revision++;
  }

  async answer(how: Reply): Promise<void> {
    const request = this.#requests.shift();
    if (request) {
      const problem = how === 'lost' || how === 'disk full' ? undefined : this.#apply(request.changes);
      if (how === 'disk full') request.reject(refusal(507, 'disk-full'));
      else if (how !== 'answered') request.reject(new TypeError('network'));
      else if (problem && 'versions' in problem) request.resolve(problem);
      else request.reject(problem as Error);
    }
    await settled();
  }

  async answerAll(): Promise<void> {
    await settled();
    while (this.#requests.length > 0) await this.answer('answered');
  }

  #apply(changes: readonly Change[]): ChangesAnswer | Error {
    const isNew = ({ id }: Change) => !this.past.some((each) => each.id === id);
    const clashes = changes.filter((each) => isNew(each) && each.base !== (this.#current(each.instance)?.version ?? 0));
    if (clashes.length > 0) {
      const details = clashes.map(
        ({ id, instance }): Conflict => ({
          instance,
          change: id,
          current: this.#current(instance),
          by: 'somebody else',
          at: '2026-01-01T00:00:00Z',
        }),
      );
      return refusal(409, 'conflict', details);
    }
    const fresh = changes.filter(isNew);
    if (fresh.some(({ after }) => after?.action === 'flying')) return refusal(422, 'unknown-action');
    if (fresh.some(({ instance, after }) => !after && !this.#current(instance)))
      return refusal(422, 'nothing-to-delete');
    for (const each of fresh) this.#write(each, 'me');
    if (fresh.length > 0) this.#revision++;
    const versions = changes.map(({ instance }) => ({ instance, version: this.#current(instance)?.version ?? 0 }));
    return { revision: this.#revision, versions };
  }

  #write({ id, instance, after }: Change, by: string): void {
    const before = this.#current(instance);
    this.#instances.set(instance, { version: (this.#instances.get(instance)?.version ?? 0) + 1, body: after });
    const at = '2026-01-01T00:00:00Z';
    this.past.push({ sequence: this.past.length, id, instance, by, at, before, after: this.#current(instance) });
  }

  #current(id: string): CodedInstance | null {
    const { version, body: now } = this.#instances.get(id) ?? { version: 0, body: null };
    return now && { id, version, ...now };
  }
}

const refusal = (status: number, code: string, details?: unknown) =>
  Object.assign(new Error(code), { status, code, details });
