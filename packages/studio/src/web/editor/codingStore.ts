import type {
  Change,
  ChangesAnswer,
  CodedInstance,
  Coding,
  Comment,
  Conflict,
  InstanceBody,
  PastChange,
} from '../../contract/coding.ts';
import {
  bodyOf,
  changeId,
  type Edit,
  EditHistory,
  inverse,
  newStepId,
  type Step,
  sameBody,
  stepsOf,
} from './editHistory.ts';
import type { OutboxStorage, UnsentChange } from './outboxStorage.ts';

/** An instance as the person sees it, sent or not. */
export type ShownInstance = InstanceBody & { readonly id: string };

/** What a person wants of an instance: null deletes it. */
export interface Wish {
  readonly instance: string;
  readonly after: InstanceBody | null;
}

/** What an undo took back or a redo did again: edits from what was to what they made of it. */
export interface Reversal {
  readonly edits: readonly Edit[];
  /** So many were left, since somebody else has changed the instance. */
  readonly skipped: number;
}

/** What the server is asked. Rejections with `status`, `code`, `details` (ApiProblem) are understood. */
export interface CodingServer {
  load(): Promise<Coding>;
  send(changes: readonly Change[], client: string): Promise<ChangesAnswer>;
}

/** Two wrote one instance, or the server refuses what one wrote; the person chooses. */
export interface EditConflict {
  readonly instance: string;
  readonly mine: InstanceBody | null;
  /** As the server has it. */
  readonly theirs: CodedInstance | null;
  /** Who wrote theirs and when; null where the server refused. */
  readonly by: string | null;
  readonly at: string | null;
  /** Why the server refused `mine`, in its words. */
  readonly refusal?: string;
}

export type SaveStatus =
  | { readonly kind: 'saved' | 'saving'; readonly sinceMs: number }
  | {
      readonly kind: 'unsaved';
      /** Since when the oldest unsent edit waits. */
      readonly sinceMs: number;
      readonly count: number;
      readonly code: string;
      readonly message: string;
      /** False: closing the page would lose it. */
      readonly isKept: boolean;
    };

export interface CodingStoreOptions {
  readonly server: CodingServer;
  readonly storage: OutboxStorage;
  /** Id of this page, by which it knows its own echo among the events. */
  readonly client: string;
  /** Calls back after some time; returns how to call that off. */
  readonly later?: (milliseconds: number, then: () => void) => () => void;
  /** Milliseconds of a clock that nobody sets. */
  readonly clock?: () => number;
}

/**
 * A coding being edited. Edits show at once and are sent in order behind it; until the server has acknowledged them,
 * having written them to disk, they are kept in the browser as well. What fails is sent again, with growing delay.
 */
export class CodingStore {
  readonly #options: Required<CodingStoreOptions>;
  /** As the server has it. */
  readonly #known = new Map<string, CodedInstance>();
  /** All of what the server acknowledged up to this revision is in `#known`. */
  #revision = 0;
  /** The latest that an answer spoke of; what is loaded from before it is stale. */
  #acknowledged = 0;
  #unsent: (UnsentChange & { step: string })[] = [];
  readonly #conflicts = new Map<string, EditConflict>();
  readonly #notKept = new Set<string>();
  /** As the person sees it: known, and unsent above it. */
  readonly #shown = new Map<string, ShownInstance>();
  #sorted: readonly ShownInstance[] | undefined;
  #conflictList: readonly EditConflict[] = [];
  #history = new EditHistory();
  /** Since this page was opened. */
  readonly #steps: Step[] = [];

  #isSending = false;
  #callOff: (() => void) | undefined;
  #failures = 0;
  /** After a refusal one at a time is sent, to find which it is about. */
  #sendsSingly = false;
  #failure: { code: string; message: string } | undefined;
  #sinceMs: number;
  #isClosed = false;
  #comments: readonly Comment[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(coding: Coding, options: CodingStoreOptions) {
    this.#options = { later: timeout, clock: () => performance.now(), ...options };
    this.#sinceMs = this.#options.clock();
    this.#learn(coding);
    for (const { id, kind, changes } of options.storage.read()) {
      for (const change of changes) this.#unsent.push({ ...change, base: this.#baseOf(change), step: id });
      this.#note({ id, kind, edits: changes }, false);
    }
    this.#showAll();
    this.#pump();
  }

  /** By start. The same array until something changes. */
  get instances(): readonly ShownInstance[] {
    this.#sorted ??= [...this.#shown.values()].sort(
      (a, b) => a.start - b.start || a.end - b.end || (a.id < b.id ? -1 : 1),
    );
    return this.#sorted;
  }

  get(id: string): ShownInstance | undefined {
    return this.#shown.get(id);
  }

  get comments(): readonly Comment[] {
    return this.#comments;
  }

  get conflicts(): readonly EditConflict[] {
    return this.#conflictList;
  }

  get canUndo(): boolean {
    return this.#history.canUndo;
  }

  get canRedo(): boolean {
    return this.#history.canRedo;
  }

  get status(): SaveStatus {
    if (this.#unsent.length === 0) return { kind: 'saved', sinceMs: this.#sinceMs };
    const problem =
      this.#failure ?? (this.#conflicts.size > 0 && !this.#nextBatch().length ? conflictProblem : undefined);
    if (!problem) return { kind: 'saving', sinceMs: this.#sinceMs };
    const isKept = this.#notKept.size === 0;
    return { kind: 'unsaved', sinceMs: this.#sinceMs, count: this.#unsent.length, isKept, ...problem };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** One entry to undo, however many wishes. What changes nothing is left out. */
  apply(wishes: readonly Wish[]): void {
    this.#do('edit', this.#editsFor(wishes));
  }

  /** @returns what was taken back, as it was once done, and how many edits not since somebody else has changed them; null: none left */
  undo(): Reversal | null {
    return this.#reverse('undo', () => this.#history.takeUndo());
  }

  /** @returns what was done again */
  redo(): Reversal | null {
    return this.#reverse('redo', () => this.#history.takeRedo());
  }

  /** Lets edits be undone that were made before this page was opened. */
  recall(past: readonly PastChange[]): void {
    const before = new Map(stepsOf(past).map((step) => [step.id, step]));
    // A step that was not wholly sent when the page was left: what was sent of it is known from the past alone.
    const here = this.#steps.map((step) => wholeStep(step, before.get(step.id)));
    for (const { id } of here) before.delete(id);
    this.#history = new EditHistory([...before.values(), ...here]);
    this.#tell();
  }

  /** Ends a conflict. `mine` is written over theirs, and can be undone. */
  settle(instance: string, whose: 'mine' | 'theirs'): void {
    const conflict = this.#conflicts.get(instance);
    if (!conflict) return;
    this.#conflicts.delete(instance);
    this.#forget(this.#unsent.filter((change) => change.instance === instance));
    this.#show(instance);
    if (whose === 'mine') this.apply([{ instance, after: conflict.mine }]);
    this.#changed();
    this.#pump();
  }

  /** Asks for what others changed. */
  async refresh(): Promise<void> {
    this.take(await this.#options.server.load());
  }

  /** Takes in the coding as the server has it; what is older than what is known already changes nothing. */
  take(coding: Coding): void {
    if (this.#isClosed || coding.revision < Math.max(this.#revision, this.#acknowledged)) return;
    this.#learn(coding);
    this.#showAll();
    this.#tell();
  }

  /** A comment that was acknowledged. */
  addComment(comment: Comment): void {
    if (this.#comments.some(({ id }) => id === comment.id)) return;
    this.#comments = [...this.#comments, comment];
    this.#tell();
  }

  /** Sends now what waits: the person asks for it, has signed in, or the network is back. */
  retryNow(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#pump();
  }

  /** Gives up all that is not sent. To be asked for only by a person who was shown how much it is. */
  discardUnsent(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#failure = undefined;
    this.#failures = 0;
    this.#conflicts.clear();
    this.#forget([...this.#unsent]);
    this.#showAll();
    this.#changed();
  }

  /** Resolves when nothing is unsent. */
  whenSaved(): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (this.#unsent.length > 0) return;
        stop();
        resolve();
      };
      const stop = this.subscribe(check);
      check();
    });
  }

  /** Stops sending; what is unsent stays kept. */
  close(): void {
    this.#isClosed = true;
    this.#callOff?.();
    this.#listeners.clear();
  }

  // ---- below: internals ----

  #editsFor(wishes: readonly Wish[]): Edit[] {
    return wishes
      .map(({ instance, after }) => ({
        instance,
        before: bodyOf(this.#shown.get(instance) ?? null),
        after: bodyOf(after),
      }))
      .filter(({ before, after }) => !sameBody(before, after));
  }

  #reverse(kind: 'undo' | 'redo', take: () => readonly Edit[] | undefined): Reversal | null {
    let skipped = 0;
    for (let entry = take(); entry; entry = take()) {
      const wanted = inverse(entry);
      const fitting = wanted.filter(({ instance, before }) =>
        sameBody(bodyOf(this.#shown.get(instance) ?? null), before),
      );
      skipped += wanted.length - fitting.length;
      if (fitting.length === 0) continue;
      this.#do(kind, fitting);
      return { edits: kind === 'undo' ? inverse(fitting) : fitting, skipped };
    }
    this.#tell();
    return skipped > 0 ? { edits: [], skipped } : null;
  }

  #do(kind: Step['kind'], edits: readonly Edit[]): void {
    if (edits.length === 0) return;
    const id = newStepId(kind);
    if (this.#unsent.length === 0) this.#sinceMs = this.#options.clock();
    const changes = edits.map(
      (edit, position): UnsentChange => ({
        ...edit,
        id: changeId(id, position),
        base: this.#baseOf({ instance: edit.instance, base: null }),
      }),
    );
    for (const change of changes) this.#unsent.push({ ...change, step: id });
    this.#note({ id, kind, edits }, true);
    this.#keep(id);
    for (const { instance, after } of edits) {
      const conflict = this.#conflicts.get(instance);
      if (conflict) this.#conflicts.set(instance, { ...conflict, mine: after });
      this.#show(instance);
    }
    this.#changed();
    this.#pump();
  }

  /** Null where an unsent change of the instance comes before. */
  #baseOf({ instance, base }: Pick<UnsentChange, 'instance' | 'base'>): number | null {
    if (base !== null || this.#unsent.some((change) => change.instance === instance)) return base;
    return this.#known.get(instance)?.version ?? 0;
  }

  #note(step: Step, isTaken: boolean): void {
    this.#steps.push(step);
    this.#history.add(step, isTaken);
  }

  #learn({ instances, comments, revision }: Coding): void {
    this.#known.clear();
    for (const instance of instances) this.#known.set(instance.id, instance);
    this.#comments = comments;
    this.#revision = revision;
  }

  /** In order; no instance twice, since the version of the second is known only from the answer. */
  #nextBatch(): UnsentChange[] {
    const batch: UnsentChange[] = [];
    const instances = new Set<string>();
    for (const change of this.#unsent) {
      if (this.#conflicts.has(change.instance)) continue;
      if (batch.length === (this.#sendsSingly ? 1 : mostInABatch) || instances.has(change.instance)) break;
      instances.add(change.instance);
      batch.push(change);
    }
    return batch;
  }

  #pump(): void {
    if (this.#isSending || this.#callOff || this.#isClosed) return;
    const batch = this.#nextBatch();
    if (batch.length === 0) return;
    this.#isSending = true;
    const changes = batch.map(({ id, instance, base, after }) => ({ id, instance, base: base ?? 0, after }));
    this.#options.server
      .send(changes, this.#options.client)
      .then(
        (answer) => this.#acknowledge(batch, answer),
        (error: unknown) => this.#fail(batch, error),
      )
      .finally(() => {
        this.#isSending = false;
        this.#changed();
        this.#pump();
      });
  }

  #acknowledge(batch: readonly UnsentChange[], { revision, versions }: ChangesAnswer): void {
    this.#failures = 0;
    this.#failure = undefined;
    this.#sendsSingly = false;
    const isNews = revision > this.#revision;
    this.#acknowledged = Math.max(this.#acknowledged, revision);
    this.#forget(batch);
    batch.forEach(({ instance, after }, position) => {
      const { version } = versions[position];
      if (isNews) this.#know(instance, after && version > 0 ? { ...after, id: instance, version } : null);
      this.#rebase(instance, version);
    });
    for (const { instance } of batch) this.#show(instance);
    if (this.#unsent.length === 0) this.#sinceMs = this.#options.clock();
    // Somebody else's lie in between: they are not in `#known` yet.
    const isGap = revision > this.#revision + 1;
    if (revision === this.#revision + 1) this.#revision = revision;
    if (isGap) this.refresh().catch(() => {});
  }

  /** The next unsent change of an instance follows this version. */
  #rebase(instance: string, base: number): void {
    const next = this.#unsent.findIndex((change) => change.instance === instance);
    if (next < 0 || this.#unsent[next].base !== null) return;
    this.#unsent[next] = { ...this.#unsent[next], base };
    this.#keep(this.#unsent[next].step);
  }

  #keep(id: string): void {
    const changes = this.#unsent.filter(({ step }) => step === id).map(({ step: _, ...change }) => change);
    const kind = this.#steps.find((step) => step.id === id)?.kind ?? 'edit';
    if (this.#options.storage.write({ id, kind, changes })) this.#notKept.delete(id);
    else this.#notKept.add(id);
  }

  #fail(batch: readonly UnsentChange[], error: unknown): void {
    if (this.#isClosed) return;
    const { status, code, message, details } = problemOf(error);
    if (status === 409 && code === 'conflict' && Array.isArray(details)) {
      this.#failure = undefined;
      for (const conflict of details as Conflict[]) this.#meet(conflict);
      this.refresh().catch(() => {});
      return;
    }
    if (refusesContent.has(status)) {
      if (batch.length === 1) this.#hold(batch[0].instance, { by: null, at: null, refusal: message });
      this.#sendsSingly = batch.length > 1;
      return;
    }
    this.#failure = { code, message };
    const milliseconds = Math.min(longestDelayMs, firstDelayMs * 2 ** this.#failures++);
    this.#callOff = this.#options.later(milliseconds, () => {
      this.#callOff = undefined;
      this.#pump();
    });
  }

  #meet({ instance, current, by, at }: Conflict): void {
    this.#know(instance, current);
    const { mine } = this.#hold(instance, { by, at });
    if (sameBody(bodyOf(current), mine)) this.settle(instance, 'theirs');
  }

  /** Sends no more of an instance until the person has chosen. */
  #hold(instance: string, why: Pick<EditConflict, 'by' | 'at' | 'refusal'>): EditConflict {
    const mine = this.#unsent.findLast((change) => change.instance === instance)?.after ?? null;
    const conflict = { instance, mine, theirs: this.#known.get(instance) ?? null, ...why };
    this.#conflicts.set(instance, conflict);
    return conflict;
  }

  #know(instance: string, now: CodedInstance | null): void {
    if (now) this.#known.set(instance, now);
    else this.#known.delete(instance);
  }

  #forget(changes: readonly UnsentChange[]): void {
    const ids = new Set(changes.map(({ id }) => id));
    const steps = new Set(this.#unsent.filter(({ id }) => ids.has(id)).map(({ step }) => step));
    this.#unsent = this.#unsent.filter(({ id }) => !ids.has(id));
    for (const { step } of this.#unsent) steps.delete(step);
    for (const step of steps) {
      this.#options.storage.remove(step);
      this.#notKept.delete(step);
    }
  }

  #showAll(): void {
    this.#shown.clear();
    for (const [id, instance] of this.#known) this.#shown.set(id, { id, ...(bodyOf(instance) as InstanceBody) });
    for (const { instance, after } of this.#unsent) this.#put(instance, after);
    this.#sorted = undefined;
  }

  #show(instance: string): void {
    const unsent = this.#unsent.findLast((change) => change.instance === instance);
    this.#put(instance, unsent ? unsent.after : bodyOf(this.#known.get(instance) ?? null));
    this.#sorted = undefined;
  }

  #put(id: string, body: InstanceBody | null): void {
    if (body) this.#shown.set(id, { id, ...body });
    else this.#shown.delete(id);
  }

  #changed(): void {
    this.#conflictList = [...this.#conflicts.values()];
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** A step changes each instance once. */
function wholeStep(step: Step, past: Step | undefined): Step {
  const here = new Set(step.edits.map(({ instance }) => instance));
  const sent = past?.edits.filter(({ instance }) => !here.has(instance)) ?? [];
  return sent.length > 0 ? { ...step, edits: [...sent, ...step.edits] } : step;
}

const mostInABatch = 1000;
/** Not what is wrong with the connection, the person's rights or the server, but with what was sent. */
const refusesContent = new Set([400, 413, 422]);
const firstDelayMs = 1000;
const longestDelayMs = 30_000;
const conflictProblem = { code: 'conflict', message: 'Somebody else changed the same instance.' };

function timeout(milliseconds: number, then: () => void): () => void {
  const timer = setTimeout(then, milliseconds);
  return () => clearTimeout(timer);
}

function problemOf(error: unknown): { status: number; code: string; message: string; details?: unknown } {
  if (error instanceof Error && 'status' in error) return error as Error & { status: number; code: string };
  return { status: 0, code: 'unreachable', message: error instanceof Error ? error.message : String(error) };
}
