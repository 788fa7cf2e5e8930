/** What of a keyboard event matters. */
export interface Stroke {
  readonly key: string;
  readonly code: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/**
 * What strokes mean on this person's keyboard.
 *
 * Keys go by what they type (`event.key`), not by where they lie, so that J is J on every layout and the help shows
 * what is printed on the keys. The place (`event.code`) decides in three cases: where a key types no Latin character
 * (Cyrillic or Greek layouts, an input method that is composing, option keys of a Mac), for the digits of layouts that
 * need shift for them (French), and for what a key types without shift, which is learnt as the person types.
 */
export class KeyboardLayout {
  /** What a place types without shift. */
  readonly #plain = new Map<string, string>();

  /** Places and what they type, as `navigator.keyboard.getLayoutMap()` has it in some browsers. */
  learn(known: Iterable<readonly [code: string, key: string]>): void {
    for (const [code, key] of known) this.#plain.set(code, key);
  }

  /** Names of a stroke, likeliest first: `Mod+Shift+z`, `Space`, `?`. `Mod` is ctrl, or command on a Mac. */
  chordsOf(stroke: Stroke): string[] {
    const { key, code, shiftKey, ctrlKey, metaKey, altKey } = stroke;
    const prefix = `${ctrlKey || metaKey ? 'Mod+' : ''}${altKey ? 'Alt+' : ''}`;
    const shifted = `${prefix}${shiftKey ? 'Shift+' : ''}`;
    const typed = key.normalize('NFKC');
    if (typed.length > 1 && isNamed(typed)) return [`${shifted}${typed}`];
    if (typed === ' ') return [`${shifted}Space`];
    const placed = usPlaces.get(code);
    if (!isLatin(typed) || (altKey && placed)) return placed ? [`${shifted}${placed}`] : [];
    const letter = typed.toLowerCase();
    if (/[a-z]/.test(letter)) return [`${shifted}${letter}`];
    if (!shiftKey && !altKey) this.#plain.set(code, typed);
    const plain = this.#plain.get(code) ?? placed ?? typed;
    // Where shift changes what is typed, it may be there for that alone: `?`, `+`.
    const chords = shiftKey && typed === plain ? [] : [`${prefix}${typed}`];
    if (shiftKey) chords.push(`${shifted}${plain}`);
    if (placed && /\d/.test(placed)) chords.push(`${prefix}${placed}`);
    return [...new Set(chords)];
  }
}

/** A chord for people: `Ctrl+Shift+Z`, `⌘⇧Z`. */
export function chordText(chord: string, isMac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '')): string {
  const parts = chord.split(/\+(?=.)/);
  const names = parts.map((part) => (isMac ? (macNames[part] ?? part) : (otherNames[part] ?? part)));
  const base = names.pop() ?? '';
  return [...names, base.length === 1 ? base.toUpperCase() : base].join(isMac ? '' : '+');
}

// ---- below: internals ----

const isNamed = (key: string) => /^[A-Z][A-Za-z0-9]+$/.test(key) && !['Process', 'Unidentified', 'Dead'].includes(key);
const isLatin = (key: string) => /^[\x21-\x7e]$/.test(key);

const macNames: Readonly<Record<string, string>> = {
  Mod: '⌘',
  Shift: '⇧',
  Alt: '⌥',
  Enter: '↩',
  Backspace: '⌫',
  Tab: '⇥',
};
const otherNames: Readonly<Record<string, string>> = {
  Mod: 'Ctrl',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
};

/** What the places type on a US keyboard, after which the standard names them. */
const usPlaces: ReadonlyMap<string, string> = new Map([
  ...Array.from({ length: 26 }, (_, i) => String.fromCharCode(97 + i)).map(
    (letter) => [`Key${letter.toUpperCase()}`, letter] as const,
  ),
  ...Array.from({ length: 10 }, (_, i) => [`Digit${i}`, String(i)] as const),
  ...Array.from({ length: 10 }, (_, i) => [`Numpad${i}`, String(i)] as const),
  ['Comma', ','],
  ['Period', '.'],
  ['Slash', '/'],
  ['Semicolon', ';'],
  ['Quote', "'"],
  ['BracketLeft', '['],
  ['BracketRight', ']'],
  ['Backslash', '\\'],
  ['Minus', '-'],
  ['Equal', '='],
  ['Backquote', '`'],
  ['Space', 'Space'],
]);
