import { useSyncExternalStore } from 'react';
import { useTexts } from '../texts/texts.tsx';
import './shell.css';

export type NoticeKind = 'info' | 'ok' | 'problem';

/** Tells the person something in passing. Problems stay until they are dismissed. */
export function notify(text: string, kind: NoticeKind = 'info'): void {
  const notice = { id: ++lastId, text, kind };
  set([...notices.filter((other) => other.text !== text), notice].slice(-4));
  if (kind !== 'problem') setTimeout(() => dismiss(notice.id), 6000);
}

/** Where notices appear; screen readers read them out. */
export function Notices() {
  const t = useTexts();
  const shown = useSyncExternalStore(subscribe, () => notices);
  return (
    <section className="notices" aria-label={t.shell.messages} aria-live="polite">
      {shown.map(({ id, text, kind }) => (
        <div key={id} className={`notice ${kind}`} role={kind === 'problem' ? 'alert' : undefined}>
          <p>{text}</p>
          <button type="button" className="button quiet" aria-label={t.shell.dismiss} onClick={() => dismiss(id)}>
            ×
          </button>
        </div>
      ))}
    </section>
  );
}

// ---- below: internals ----

interface Notice {
  readonly id: number;
  readonly text: string;
  readonly kind: NoticeKind;
}

let lastId = 0;
let notices: readonly Notice[] = [];
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function set(next: readonly Notice[]): void {
  notices = next;
  for (const listener of listeners) listener();
}

const dismiss = (id: number) => set(notices.filter((notice) => notice.id !== id));
