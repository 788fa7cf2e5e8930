import { randomUUID } from 'node:crypto';
import type { Change, ChangesAnswer, CodedInstance, InstanceBody } from '../src/contract/coding.ts';

/** Sends a request to a studio; rejects where there is no answer. */
export type Send = (method: 'GET' | 'POST', path: string, body?: unknown) => Promise<{ status: number; body: unknown }>;

type Known = ReadonlyMap<string, CodedInstance | null>;

/** Edits instances of its own in a coding, one request after the other, and knows what has been acknowledged. */
export class ScriptedCoder {
  readonly #coding: string;
  readonly #random: () => number;
  /** By instance, as acknowledged; null: deleted. */
  #known = new Map<string, CodedInstance | null>();
  /** Sent, and perhaps not answered. */
  #sent: { changes: Change[]; after: Known } | null = null;
  /** Ids of all changes that were acknowledged. */
  readonly acknowledged: string[] = [];

  constructor(coding: string, random: () => number) {
    this.#coding = coding;
    this.#random = random;
  }

  /** Goes on until there is no answer. */
  async edit(send: Send): Promise<void> {
    for (;;) {
      this.#sent ??= this.#next();
      try {
        await this.#save(send);
      } catch (error) {
        if (error instanceof TypeError) return;
        throw error;
      }
    }
  }

  /**
   * Compares what a studio has with what was acknowledged; then sends what was not answered once more, and again.
   *
   * @returns what became of the request that had no answer
   * @throws Error naming what was lost, or what is there by half
   */
  async check(send: Send): Promise<'nothing was sent' | 'was applied' | 'was not applied'> {
    const found = await this.#instances(send);
    if (!this.#sent) {
      this.#compare(found, this.#known);
      return 'nothing was sent';
    }
    const { after, changes } = this.#sent;
    const isApplied = changes.every(({ instance }) => isSame(found.get(instance), after.get(instance)));
    this.#compare(found, isApplied ? after : this.#known);
    await this.#save(send);
    this.#sent = { changes, after };
    await this.#save(send);
    this.#compare(await this.#instances(send), after);
    return isApplied ? 'was applied' : 'was not applied';
  }

  // ---- below: internals ----

  async #save(send: Send): Promise<void> {
    const { changes, after } = this.#sent!;
    const { status, body } = await send('POST', `/codings/${this.#coding}/changes`, { changes });
    if (status !== 200) throw new Error(`A save was refused: ${JSON.stringify(body)}`);
    const { versions } = body as ChangesAnswer;
    for (const [i, { instance, id }] of changes.entries()) {
      const expected = after.get(instance)?.version ?? 0;
      if (versions[i].version !== expected) {
        throw new Error(`Version ${versions[i].version} of ${instance}, expected ${expected}.`);
      }
      if (!this.acknowledged.includes(id, -20)) this.acknowledged.push(id);
    }
    this.#known = new Map(after);
    this.#sent = null;
  }

  /** One to three edits of different instances. */
  #next(): { changes: Change[]; after: Known } {
    const after = new Map(this.#known);
    const count = 1 + Math.floor(this.#random() * 3);
    const instances = new Set(Array.from({ length: count }, () => this.#pick()));
    const changes = [...instances].map((instance): Change => {
      const current = this.#known.get(instance);
      const body = current && this.#random() < 0.1 ? null : this.#body();
      // A deleted one counts on, which only the server knows: so deleted ones stay deleted here.
      after.set(instance, body && { id: instance, ...body, version: (current?.version ?? 0) + 1 });
      return { id: randomUUID(), instance, base: current?.version ?? 0, after: body };
    });
    return { changes, after };
  }

  /** A new instance, or one of those that are there. */
  #pick(): string {
    const living = [...this.#known].flatMap(([id, instance]) => (instance ? [id] : []));
    const isNew = living.length === 0 || (living.length < 20 && this.#random() < 0.3);
    return isNew ? randomUUID() : living[Math.floor(this.#random() * living.length)];
  }

  #body(): InstanceBody {
    const start = Math.round(this.#random() * 50_000) / 1000;
    const end = start + 0.1 + Math.round(this.#random() * 5000) / 1000;
    return { action: 'nodding', start, end, state: 'coded', score: null, reason: null };
  }

  async #instances(send: Send): Promise<Map<string, CodedInstance>> {
    const { body } = await send('GET', `/codings/${this.#coding}`);
    return new Map((body as { instances: CodedInstance[] }).instances.map((instance) => [instance.id, instance]));
  }

  #compare(found: ReadonlyMap<string, CodedInstance>, expected: Known): void {
    for (const [id, instance] of expected) {
      if (isSame(found.get(id), instance)) continue;
      const [is, should] = [found.get(id) ?? null, instance].map((value) => JSON.stringify(value));
      throw new Error(`Instance ${id} is ${is}, and should be ${should}.`);
    }
    for (const { instance } of this.#sent?.changes ?? []) {
      if (expected.has(instance) || !found.has(instance)) continue;
      throw new Error(`Instance ${instance} is there, of a request of which the rest is not.`);
    }
  }
}

function isSame(a: CodedInstance | null | undefined, b: CodedInstance | null | undefined): boolean {
  if (!a || !b) return !a && !b;
  return (Object.keys(a) as (keyof CodedInstance)[]).every((key) => a[key] === b[key]);
}
