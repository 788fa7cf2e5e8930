import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Change, CodedInstance, Conflict, InstanceBody } from '../../contract/coding.ts';
import type { CodingScope } from '../accounts/access.ts';
import { Refusal } from '../http/refusal.ts';
import { type TestStudio, testStudio } from '../serverTesting.ts';
import { saveChanges } from './applyChanges.ts';
import { codedInstance, instancesOf } from './codedInstance.ts';
import { addVideo, body, change } from './codingsTesting.ts';
import { ownCoding } from './ownCoding.ts';

let studio: TestStudio;
beforeAll(async () => {
  studio = await testStudio();
});
afterAll(() => studio.close());

/** A new, empty coding, as its coder comes to it. */
function emptyCoding(): CodingScope {
  const { store } = studio.context;
  const { sql } = store;
  const id = addVideo(studio.context, studio.project);
  const { account } = studio.solo;
  const caller = {
    account: account.id,
    name: account.name,
    administrator: true,
    by: 'cookie',
    onlyProject: null,
  } as const;
  const project = store.first(sql.selectFrom('project').selectAll().where('id', '=', studio.project))!;
  const video = store.first(sql.selectFrom('video').selectAll().where('id', '=', id))!;
  const scope = { caller: { ...caller, mayWrite: true }, project, video, role: 'owner' } as const;
  return { ...scope, coding: ownCoding(studio.context, scope) };
}

const stateOf = ({ coding }: CodingScope) => instancesOf(studio.context.store, coding.id).map(codedInstance);
const byId = (instances: Iterable<CodedInstance>) => [...instances].sort((a, b) => (a.id < b.id ? -1 : 1));

const anyBody: fc.Arbitrary<InstanceBody> = fc.record({
  action: fc.constantFrom('nodding', 'shaking legs', 'touching nose'),
  start: fc.integer({ min: 0, max: 20 }),
  end: fc.integer({ min: 21, max: 60 }),
  state: fc.constantFrom('coded', 'proposed', 'rejected'),
  score: fc.constantFrom(null, 0.25),
  reason: fc.constantFrom(null, 'seen twice'),
});

/** What a writer does next. Instances go by number; a request holds one to three edits. */
const anyStep = fc.record({
  writer: fc.constantFrom(0, 1),
  does: fc.oneof(
    { weight: 6, arbitrary: fc.array(fc.tuple(fc.nat(3), fc.option(anyBody)), { minLength: 1, maxLength: 3 }) },
    { weight: 2, arbitrary: fc.constant('resend' as const) },
    { weight: 1, arbitrary: fc.constant('look' as const) },
  ),
  answerIsLost: fc.boolean(),
});

/** What the protocol promises, in its simplest form. */
class Model {
  readonly instances = new Map<string, { body: InstanceBody | null; version: number }>();
  readonly #applied = new Map<string, number>();

  /** @returns the new versions, or null for a conflict */
  apply(changes: readonly Change[]): number[] | null {
    const draft = new Map(this.instances);
    const versions: number[] = [];
    for (const { id, instance, base, after } of changes) {
      const past = this.#applied.get(id);
      const now = draft.get(instance);
      if (past === undefined && base !== (now?.body ? now.version : 0)) return null;
      if (past === undefined) draft.set(instance, { body: after, version: (now?.version ?? 0) + 1 });
      versions.push(past ?? (after ? draft.get(instance)!.version : 0));
    }
    for (const [i, { id }] of changes.entries()) this.#applied.set(id, versions[i]);
    for (const [id, instance] of draft) this.instances.set(id, instance);
    return versions;
  }

  state(): CodedInstance[] {
    return [...this.instances].flatMap(([id, { body, version }]) => (body ? [{ id, ...body, version }] : []));
  }
}

describe('the protocol of changes', () => {
  it('ends as a simple model does, however two writers interleave, repeat and lose answers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 30 }), async (steps) => {
        const scope = emptyCoding();
        const ids = Array.from({ length: 4 }, () => randomUUID());
        const model = new Model();
        const writers = [0, 1].map(() => ({ seen: new Map<string, number>(), unanswered: [] as Change[] }));
        for (const { writer, does, answerIsLost } of steps) {
          const { seen, unanswered } = writers[writer];
          if (does === 'look') {
            seen.clear();
            for (const { id, version } of stateOf(scope)) seen.set(id, version);
            continue;
          }
          const changes = does === 'resend' ? [...unanswered] : does.flatMap(([i, after]) => edit(ids[i], after, seen));
          if (changes.length === 0) continue;
          const expected = model.apply(changes);
          const found = await attempt(scope, changes);
          expect(found).toEqual(expected);
          if (answerIsLost) writers[writer].unanswered = changes;
          else if (found) for (const [i, { instance }] of changes.entries()) seen.set(instance, found[i]);
        }
        expect(byId(stateOf(scope))).toEqual(byId(model.state()));
        const repeated = writers.flatMap(({ unanswered }) => (unanswered.length > 0 ? [unanswered] : []));
        for (const changes of repeated) expect(await attempt(scope, changes)).toEqual(model.apply(changes));
        expect(byId(stateOf(scope))).toEqual(byId(model.state()));
      }),
      { numRuns: 100 },
    );
  });

  it('restores exactly what was there when changes are undone one by one, and redone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(3), fc.option(anyBody)), { maxLength: 20 }), async (edits) => {
        const scope = emptyCoding();
        const ids = Array.from({ length: 4 }, () => randomUUID());
        const withoutVersions = () => byId(stateOf(scope)).map(({ version: _, ...rest }) => rest);
        const put = async (instance: string, after: InstanceBody | null) => {
          const current = stateOf(scope).find(({ id }) => id === instance);
          if (!current && !after) return;
          await saveChanges(studio.context, scope, {
            changes: [change({ instance, base: current?.version ?? 0, after })],
          });
        };
        const states = [withoutVersions()];
        const done: { instance: string; before: InstanceBody | null; after: InstanceBody | null }[] = [];
        for (const [i, after] of edits) {
          const current = stateOf(scope).find(({ id }) => id === ids[i]);
          done.push({ instance: ids[i], before: current ? bodyOf(current) : null, after });
          await put(ids[i], after);
          states.push(withoutVersions());
        }
        for (const [i, { instance, before }] of [...done.entries()].reverse()) {
          await put(instance, before);
          expect(withoutVersions()).toEqual(states[i]);
        }
        for (const [i, { instance, after }] of done.entries()) {
          await put(instance, after);
          expect(withoutVersions()).toEqual(states[i + 1]);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('tells every conflict of a request, with what is there now', async () => {
    const scope = emptyCoding();
    const [a, b] = [change(), change()];
    await saveChanges(studio.context, scope, { changes: [a, b] });
    const late = [a, b].map(({ instance }) => change({ instance, base: 0, after: body({ end: 7 }) }));
    const refusal = await refusalOf(saveChanges(studio.context, scope, { changes: late }));
    expect((refusal.details as Conflict[]).map(({ change, current }) => [change, current?.version])).toEqual([
      [late[0].id, 1],
      [late[1].id, 1],
    ]);
  });
});

// ---- below: internals ----

/** An edit as a writer makes it who knows of the instances only what was seen; nothing where there is none to delete. */
function edit(instance: string, after: InstanceBody | null, seen: Map<string, number>): Change[] {
  const base = seen.get(instance) ?? 0;
  return base === 0 && !after ? [] : [change({ instance, base, after })];
}

/** @returns the new versions, or null for a conflict */
async function attempt(scope: CodingScope, changes: readonly Change[]): Promise<number[] | null> {
  try {
    return (await saveChanges(studio.context, scope, { changes })).versions.map(({ version }) => version);
  } catch (error) {
    if (error instanceof Refusal && error.code === 'conflict') return null;
    throw error;
  }
}

async function refusalOf(work: Promise<unknown>): Promise<Refusal> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

function bodyOf({ id: _, version: __, ...rest }: CodedInstance): InstanceBody {
  return rest;
}
