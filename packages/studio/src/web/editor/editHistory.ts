import type { InstanceBody, PastChange } from '../../contract/coding.ts';

/** One instance before and after; null: not there. */
export interface Edit {
  readonly instance: string;
  readonly before: InstanceBody | null;
  readonly after: InstanceBody | null;
}

/** What one intention of a person changes: one entry to undo. */
export interface Step {
  /** Of its changes: `changeId(step, 0)`, `changeId(step, 1)` ... */
  readonly id: string;
  readonly kind: StepKind;
  readonly edits: readonly Edit[];
}
export type StepKind = 'edit' | 'undo' | 'redo';

/** What can be undone and redone, without limit. It is told of steps, and changes no instance by itself. */
export class EditHistory {
  readonly #undo: (readonly Edit[])[] = [];
  readonly #redo: (readonly Edit[])[] = [];

  constructor(steps: Iterable<Step> = []) {
    for (const step of steps) this.add(step);
  }

  get canUndo(): boolean {
    return this.#undo.length > 0;
  }

  get canRedo(): boolean {
    return this.#redo.length > 0;
  }

  /** Takes the latest edits off; once undone, that is to be added with `isTaken`. */
  takeUndo(): readonly Edit[] | undefined {
    return this.#undo.pop();
  }

  takeRedo(): readonly Edit[] | undefined {
    return this.#redo.pop();
  }

  /** @param isTaken - what this step inverts was taken off already; otherwise it is looked for */
  add({ kind, edits }: Step, isTaken = false): void {
    if (kind === 'edit') this.#redo.length = 0;
    else if (!isTaken) takeWhatIsInverted(kind === 'undo' ? this.#undo : this.#redo, edits);
    (kind === 'undo' ? this.#redo : this.#undo).push(edits);
  }
}

/** What brings the instances back, last first. */
export const inverse = (edits: readonly Edit[]): Edit[] =>
  edits.map(({ instance, before, after }) => ({ instance, before: after, after: before })).reverse();

export const newStepId = (kind: StepKind): string => `${kind}_${randomLetters(18)}`;

/** Ids of changes say which step they are of, so that the history can be read back from the server. */
export const changeId = (step: string, position: number): string => `${step}_${position.toString(36)}`;

/**
 * The steps that a coding's past is made of, oldest first. Changes that no person made here (proposals that were
 * offered, files that were imported) belong to none and cannot be undone.
 */
export function stepsOf(past: readonly PastChange[]): Step[] {
  const steps: { id: string; kind: StepKind; edits: Edit[] }[] = [];
  for (const { id, instance, before, after } of past) {
    const [, step, kind] = changePattern.exec(id) ?? [];
    if (!step) continue;
    const edit = { instance, before: bodyOf(before), after: bodyOf(after) };
    const latest = steps.at(-1);
    if (latest?.id === step) latest.edits.push(edit);
    else steps.push({ id: step, kind: kind as StepKind, edits: [edit] });
  }
  return steps;
}

/** Without what else the object says: its id, its version. */
export function bodyOf(instance: InstanceBody | null): InstanceBody | null {
  if (!instance) return null;
  const { action, start, end, state, score, reason } = instance;
  return { action, start, end, state, score, reason };
}

export function sameBody(a: InstanceBody | null, b: InstanceBody | null): boolean {
  if (!a || !b) return a === b;
  return bodyKeys.every((key) => a[key] === b[key]);
}

/** A new id; unlike `crypto.randomUUID` also where the page does not come over TLS. */
export function randomLetters(count: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(count)), (byte) => letters[byte & 31]).join('');
}

// ---- below: internals ----

const changePattern = /^((edit|undo|redo)_[a-z0-9]{18})_[a-z0-9]+$/;
const letters = 'abcdefghijklmnopqrstuvwxyz012345';
const bodyKeys = ['action', 'start', 'end', 'state', 'score', 'reason'] as const;

/**
 * Takes off the entry that the edits invert, and what lies above it: that was skipped, since somebody else had changed
 * all of it. The uppermost that fits is the one: what was skipped did not fit what was there.
 */
function takeWhatIsInverted(stack: (readonly Edit[])[], edits: readonly Edit[]): void {
  const position = stack.findLastIndex((entry) =>
    edits.every((edit) =>
      entry.some(
        ({ instance, before, after }) =>
          instance === edit.instance && sameBody(before, edit.after) && sameBody(after, edit.before),
      ),
    ),
  );
  if (position >= 0) stack.length = position;
}
