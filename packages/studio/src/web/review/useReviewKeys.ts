import { useEffect, useRef } from 'react';

/** What keys do, by `KeyboardEvent.key` in lower case; `digit` for 1 to 9. */
export type ReviewKeys = Readonly<Record<string, (digit: number) => void>>;

/** Keys of the page, unless something is being typed or a button is meant. */
export function useReviewKeys(keys: ReviewKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const { key, target, ctrlKey, metaKey, altKey, isComposing } = event;
      if (ctrlKey || metaKey || altKey || isComposing || document.querySelector('dialog[open]')) return;
      const isIn = (selector: string) => target instanceof Element && target.closest(selector) !== null;
      if (isIn('input, textarea, select') || (key === ' ' && isIn('button, a, summary'))) return;
      const name = key.toLowerCase();
      const run = /^[1-9]$/.test(key) ? latest.current.digit : latest.current[name];
      if (!run) return;
      event.preventDefault();
      // A key that is held down decides one dispute, not all.
      if (event.repeat && /^[mkd1-9]$/.test(name)) return;
      run(Number(key));
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}
