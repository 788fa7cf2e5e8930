import type { KeyboardLayout, Stroke } from './chords.ts';
import { type Command, type KeyMap, repeats } from './keyMap.ts';
import type { LabelReader } from './labelStrokes.ts';

/** Where the keyboard's focus is: in a text field, on a button or the like, or nowhere in particular. */
export type Focus = 'typing' | 'control' | 'stage';

/** What a person asks for with a key. @returns false where there is nothing to do: the browser may have the key */
export interface KeyDeeds {
  command(command: Command): boolean;
  /** The first stroke of a label; null: called off. */
  part(first: string | null): void;
  labelDown(action: string): void;
  /** The label's key has come up, or the window has lost the keyboard. */
  labelUp(action: string): void;
}

/** Turns strokes into what they ask for. Knows nothing of the page. */
export class Keyboard {
  readonly #layout: KeyboardLayout;
  readonly #keyMap: KeyMap;
  readonly #reader: LabelReader;
  readonly #deeds: KeyDeeds;
  /** By place: what the key types may change while it is down, as when shift comes up first. */
  readonly #held = new Map<string, string>();

  constructor(layout: KeyboardLayout, keyMap: KeyMap, reader: LabelReader, deeds: KeyDeeds) {
    this.#layout = layout;
    this.#keyMap = keyMap;
    this.#reader = reader;
    this.#deeds = deeds;
  }

  /** @returns whether the browser should leave the key alone */
  down(stroke: Stroke, { focus, repeat = false }: { focus: Focus; repeat?: boolean }): boolean {
    const types = focus === 'typing' && !/^F\d+$/.test(stroke.key);
    if (types || modifiers.has(stroke.key)) return false;
    if (this.#held.has(stroke.code)) return true;
    const chords = this.#layout.chordsOf(stroke);
    if (focus === 'control' && chords.some((chord) => controlKeys.has(chord))) return false;
    if (!repeat && this.#label(stroke, chords)) return true;
    const command = this.#keyMap.commandFor(chords);
    if (!command) return false;
    if (repeat && !repeats.has(command)) return true;
    return this.#deeds.command(command);
  }

  up({ code }: Stroke): void {
    const action = this.#held.get(code);
    if (action === undefined) return;
    this.#held.delete(code);
    this.#deeds.labelUp(action);
  }

  /** The window has lost the keyboard: keys come up unseen. */
  releaseAll(): void {
    for (const code of [...this.#held.keys()]) this.up({ code } as Stroke);
    if (this.#reader.cancel()) this.#deeds.part(null);
  }

  /** Calls a first stroke off. @returns whether there was one */
  cancel(): boolean {
    const was = this.#reader.cancel();
    if (was) this.#deeds.part(null);
    return was;
  }

  // ---- below: internals ----

  #label({ code }: Stroke, chords: readonly string[]): boolean {
    const was = this.#reader.first;
    const read = this.#reader.read(chords);
    if (this.#reader.first !== was) this.#deeds.part(this.#reader.first);
    if (read === null) return was !== null && chords.includes('Escape');
    if (read === 'part') return true;
    this.#held.set(code, read.action);
    this.#deeds.labelDown(read.action);
    return true;
  }
}

/** What buttons, lists and links need for themselves. */
const controlKeys = new Set([
  'Space',
  'Enter',
  'Tab',
  'Shift+Tab',
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp',
  'ArrowDown',
  'Home',
  'End',
]);

const modifiers = new Set(['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock']);
