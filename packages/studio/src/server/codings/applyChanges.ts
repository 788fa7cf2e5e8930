import type { Change, ChangesAnswer, CodedInstance, Conflict } from '../../contract/coding.ts';
import type { CodingScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { Refusal } from '../http/refusal.ts';
import { codedInstance, type InstanceRow } from './codedInstance.ts';
import { freshCoding } from './freshCoding.ts';
import { InstanceRules } from './instanceRules.ts';
import { requireWritable } from './mayWrite.ts';
import { raiseRevision, revisionOf } from './revision.ts';

/**
 * Edits a coding: all changes or none, on disk when this returns. A change whose id was applied before is acknowledged
 * as it was the first time and not applied again, so that whoever lost the answer sends the same request once more.
 * Each change names the version of the instance that its writer saw; where somebody else was quicker, nothing is
 * applied.
 *
 * @throws Refusal 409 `conflict` with `Conflict[]`; 409 `id-taken` where an id is in use for something else; 422 as
 * `InstanceRules`; 403 or 409 as `requireWritable`
 */
export function applyChanges(studio: StudioContext, scope: CodingScope, request: Request): ChangesAnswer {
  const applied = studio.store.transaction(() => edit(studio, scope, request));
  return told(studio, scope, request, applied);
}

/** As `applyChanges`, for what many send at once: those of the same moment go to the disk together. */
export async function saveChanges(studio: StudioContext, scope: CodingScope, request: Request): Promise<ChangesAnswer> {
  const applied = await studio.store.savedTogether(() => edit(studio, scope, request));
  return told(studio, scope, request, applied);
}

// ---- below: internals ----

interface Request {
  readonly changes: readonly Change[];
  /** Which tab sends them. */
  readonly client?: string;
}

interface Applied {
  readonly answer: ChangesAnswer;
  readonly hasChanged: boolean;
}

function edit(studio: StudioContext, scope: CodingScope, { changes }: Request): Applied {
  const edit = new Edit(studio, freshCoding(studio.store, scope));
  for (const change of changes) edit.apply(change);
  return edit.finish();
}

function told({ events }: StudioContext, scope: CodingScope, { client }: Request, { answer, hasChanged }: Applied) {
  if (hasChanged) {
    const { id: coding, video } = scope.coding;
    events.publish(scope.project.id, { type: 'coding', coding, video, revision: answer.revision, client });
  }
  return answer;
}

/** One request, inside its transaction. */
class Edit {
  readonly #studio: StudioContext;
  readonly #scope: CodingScope;
  readonly #rules: InstanceRules;
  readonly #at: string;
  readonly #versions: ChangesAnswer['versions'] = [];
  readonly #conflicts: Conflict[] = [];
  #hasChanged = false;

  constructor(studio: StudioContext, scope: CodingScope) {
    this.#studio = studio;
    this.#scope = scope;
    this.#rules = new InstanceRules(scope);
    this.#at = studio.now();
  }

  apply({ id, instance, base, after: wanted }: Change): void {
    const body = wanted && this.#rules.named(wanted);
    const earlier = this.#appliedBefore(id, instance, body);
    if (earlier) {
      this.#versions.push({ instance, version: earlier.version });
      return;
    }
    if (!this.#hasChanged) requireWritable(this.#studio.store, this.#scope);
    if (body) this.#rules.requireTimes(body);
    const row = this.#row(instance);
    const live = row && !row.deleted ? row : undefined;
    // What follows a refused change of the same instance builds on it.
    const isConflict = base !== (live?.version ?? 0) || this.#conflicts.some((one) => one.instance === instance);
    if (isConflict) {
      this.#conflicts.push({ instance, change: id, ...this.#stateOf(instance, live) });
      return;
    }
    if (!live && !body) {
      throw new Refusal(422, 'nothing-to-delete', `There is no instance ${instance} to delete. Nothing was saved.`);
    }
    const after = body && { id: instance, ...body, version: (row?.version ?? 0) + 1 };
    this.#write(row, after);
    this.#record(id, instance, live ? codedInstance(live) : null, after);
    this.#versions.push({ instance, version: after?.version ?? 0 });
  }

  finish(): Applied {
    if (this.#conflicts.length > 0) {
      const message =
        'Somebody else changed the same instances in between. Nothing was overwritten: look at what they say now, and choose.';
      throw new Refusal(409, 'conflict', message, this.#conflicts);
    }
    const { store } = this.#studio;
    const { id } = this.#scope.coding;
    const revision = this.#hasChanged ? raiseRevision(store, id) : revisionOf(store, id);
    return { answer: { revision, versions: this.#versions }, hasChanged: this.#hasChanged };
  }

  #appliedBefore(id: string, instance: string, body: Change['after']): { version: number } | undefined {
    const { store } = this.#studio;
    const past = store.first(store.sql.selectFrom('change').selectAll().where('id', '=', id));
    if (!past) return undefined;
    const after = past.after === null ? null : (JSON.parse(past.after) as CodedInstance);
    if (past.coding === this.#scope.coding.id && past.instance === instance && isSameBody(after, body)) {
      return { version: after?.version ?? 0 };
    }
    throw new Refusal(
      409,
      'id-taken',
      `The change id ${id} was used for another change. Nothing was saved: make a new id.`,
    );
  }

  #row(instance: string): InstanceRow | undefined {
    const { store } = this.#studio;
    const row = store.first(store.sql.selectFrom('instance').selectAll().where('id', '=', instance));
    if (!row || row.coding === this.#scope.coding.id) return row;
    throw new Refusal(
      409,
      'id-taken',
      `The instance id ${instance} is in use elsewhere. Nothing was saved: make a new id.`,
    );
  }

  /** @param after - null: deleted; the row stays, so that its version goes on counting */
  #write(row: InstanceRow | undefined, after: CodedInstance | null): void {
    const { store } = this.#studio;
    const { sql } = store;
    if (!row && after) {
      store.run(sql.insertInto('instance').values({ ...after, coding: this.#scope.coding.id, deleted: 0 }));
    } else if (row) {
      const values = after ? { ...after, deleted: 0 } : { deleted: 1, version: row.version + 1 };
      store.run(sql.updateTable('instance').set(values).where('id', '=', row.id));
    }
    this.#hasChanged = true;
  }

  #record(id: string, instance: string, before: CodedInstance | null, after: CodedInstance | null): void {
    const { store } = this.#studio;
    const { coding, caller } = this.#scope;
    store.run(
      store.sql.insertInto('change').values({
        id,
        coding: coding.id,
        instance,
        account: caller.account,
        at: this.#at,
        before: before && JSON.stringify(before),
        after: after && JSON.stringify(after),
      }),
    );
  }

  /** What an instance is now, and who made it so: a person, or the model that proposed it. */
  #stateOf(instance: string, live: InstanceRow | undefined): Pick<Conflict, 'current' | 'by' | 'at'> {
    const { store } = this.#studio;
    const { sql } = store;
    const last = store.first(
      sql
        .selectFrom('change')
        .innerJoin('account', 'account.id', 'change.account')
        .select(['account.name as by', 'change.at'])
        .where('change.instance', '=', instance)
        .orderBy('change.sequence', 'desc')
        .limit(1),
    );
    const proposer = store.first(
      sql
        .selectFrom('coding')
        .select(['model as by', 'createdAt as at'])
        .where('id', '=', live?.proposedBy ?? ''),
    );
    const { by, at } = last ?? proposer ?? { by: null, at: this.#at };
    return { current: live ? codedInstance(live) : null, by: by ?? '', at };
  }
}

function isSameBody(a: Change['after'], b: Change['after']): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.action === b.action &&
    a.start === b.start &&
    a.end === b.end &&
    a.state === b.state &&
    a.score === b.score &&
    a.reason === b.reason
  );
}
