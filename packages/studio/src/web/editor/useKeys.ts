import { useEffect, useMemo, useRef } from 'react';
import { usePreferences } from '../api/session.tsx';
import { KeyboardLayout } from './keys/chords.ts';
import { type Focus, Keyboard } from './keys/keyboard.ts';
import { type Command, KeyMap } from './keys/keyMap.ts';
import { LabelReader, type LabelStroke, labelStrokes } from './keys/labelStrokes.ts';
import type { Workbench } from './workbench.ts';

export interface EditorKeys {
  readonly keyMap: KeyMap;
  readonly strokes: ReadonlyMap<string, LabelStroke>;
  readonly layout: KeyboardLayout;
}

/** The person's keys. */
export function useEditorKeys({ taxonomy }: Workbench): EditorKeys {
  const { keys } = usePreferences();
  return useMemo(() => {
    const keyMap = new KeyMap(keys);
    return { keyMap, strokes: labelStrokes(taxonomy, keyMap.singleKeys), layout };
  }, [keys, taxonomy]);
}

/** Has keys do what they ask for, wherever the focus is, but not while a person types or a dialog is open. */
export function useKeyboard(bench: Workbench, { keyMap, strokes }: EditorKeys, focusStage: () => void): void {
  const focus = useRef(focusStage);
  focus.current = focusStage;
  useEffect(() => {
    const keyboard = new Keyboard(layout, keyMap, new LabelReader(strokes), bench);
    const down = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]')) return;
      const at = focusOf(event.target);
      if (at === 'typing' && event.key === 'Escape') focus.current();
      if (keyboard.down(event, { focus: at, repeat: event.repeat })) event.preventDefault();
    };
    const up = (event: KeyboardEvent) => keyboard.up(event);
    const blur = () => keyboard.releaseAll();
    addEventListener('keydown', down);
    addEventListener('keyup', up);
    addEventListener('blur', blur);
    return () => {
      keyboard.releaseAll();
      removeEventListener('keydown', down);
      removeEventListener('keyup', up);
      removeEventListener('blur', blur);
    };
  }, [bench, keyMap, strokes]);
}

/** First chord of a command, for `aria-keyshortcuts` and titles. */
export const firstChord = ({ keyMap }: EditorKeys, command: Command): string | undefined => keyMap.chordsOf(command)[0];

// ---- below: internals ----

const layout = new KeyboardLayout();
// Only where the browser tells, and only over TLS or on this machine; elsewhere it is learnt.
void (navigator as { keyboard?: { getLayoutMap(): Promise<Iterable<[string, string]>> } }).keyboard
  ?.getLayoutMap()
  .then((known) => layout.learn(known))
  .catch(() => {});

const typed =
  'input:not([type=checkbox], [type=radio], [type=range], [type=button]), textarea, select, [contenteditable]';
const controls = 'button, a[href], summary, input, [role=separator], [role=slider]';
/** Where tab goes through instances; elsewhere it goes through controls, as everywhere. */
const stages = '[data-region=stage], [data-region=timeline]';

function focusOf(target: EventTarget | null): Focus {
  if (!(target instanceof Element)) return 'stage';
  if (target.closest(typed)) return 'typing';
  if (target.closest(controls)) return 'control';
  return !target.closest('[data-region]') || target.closest(stages) ? 'stage' : 'control';
}
