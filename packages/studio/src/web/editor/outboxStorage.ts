import type { InstanceBody } from '../../contract/coding.ts';
import type { StepKind } from './editHistory.ts';

/** A change that the server has not acknowledged. */
export interface UnsentChange {
  /** Never made anew, so that the server applies it once however often it is sent. */
  readonly id: string;
  readonly instance: string;
  /** The version that the person saw; null: whatever the change before it leads to. */
  readonly base: number | null;
  readonly before: InstanceBody | null;
  readonly after: InstanceBody | null;
}

/** A step of which changes are unsent. */
export interface UnsentStep {
  readonly id: string;
  readonly kind: StepKind;
  readonly changes: readonly UnsentChange[];
}

/** Where unsent steps outlive the page. */
export interface OutboxStorage {
  /** Those left by an earlier page, oldest first. */
  read(): UnsentStep[];
  /** @returns whether it is kept; false where the browser has no room or forbids it */
  write(step: UnsentStep): boolean;
  remove(step: string): void;
}

/**
 * In the browser's local storage, which writes before it returns: closing the page right after an edit loses nothing.
 * Two pages with one coding open both send what either left, which is harmless since changes have ids.
 */
export function outboxStorage(coding: string, storage: Storage = localStorage): OutboxStorage {
  const prefix = `microaction/unsent/${coding}/`;
  const keys = () =>
    Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '')
      .filter(isOurs)
      .sort();
  const isOurs = (key: string) => key.startsWith(prefix);
  return {
    read: () => keys().flatMap((key) => parsed(storage.getItem(key))),
    write(step) {
      const known = keys();
      const next = Number(known.at(-1)?.slice(prefix.length).split('/')[0] ?? 0) + 1;
      const key = known.find((each) => each.endsWith(`/${step.id}`)) ?? `${prefix}${padded(next)}/${step.id}`;
      try {
        storage.setItem(key, JSON.stringify(step));
        return true;
      } catch {
        return false;
      }
    },
    remove(step) {
      for (const key of keys()) if (key.endsWith(`/${step}`)) storage.removeItem(key);
    },
  };
}

// ---- below: internals ----

/** So that keys sort in the order of the edits, whatever the clock does. */
const padded = (sequence: number) => String(sequence).padStart(9, '0');

/** Nothing for what this version did not write. */
function parsed(text: string | null): UnsentStep[] {
  try {
    const step = JSON.parse(text ?? '') as UnsentStep;
    return Array.isArray(step.changes) && step.changes.every(({ id, instance }) => id && instance) ? [step] : [];
  } catch {
    return [];
  }
}
