import type { Taxonomy } from 'microaction';

/** How an action is labelled: the key of its body part, then its own. */
export interface LabelStroke {
  readonly first: string;
  readonly second: string;
}

/**
 * Two strokes for each action. The first is the letter of the body part's code, the second the number of the action's
 * code: 1 to 9, then 0 for 10, and a, b, c ... from 11 on. Where codes are not like that, or two would meet, the next
 * free key stands in.
 *
 * @param taken - single keys that commands have, for body parts whose code is no letter of its own
 * @returns by canonical name of the action
 */
export function labelStrokes(taxonomy: Taxonomy, taken: Iterable<string> = []): ReadonlyMap<string, LabelStroke> {
  const strokes = new Map<string, LabelStroke>();
  const firsts = new Set<string>();
  const avoided = new Set(taken);
  for (const { code } of taxonomy.bodyParts) {
    const wanted = /^[a-z]$/i.test(code) ? code.toLowerCase() : undefined;
    const first = free(wanted, (key) => firsts.has(key) || (key !== wanted && avoided.has(key)));
    if (!first) continue;
    firsts.add(first);
    const seconds = new Set<string>();
    for (const action of taxonomy.actionsOf(code)) {
      const second = free(secondKeys[Number(/\d+$/.exec(action.code)?.[0]) - 1], (key) => seconds.has(key));
      if (!second) continue;
      seconds.add(second);
      strokes.set(action.name, { first, second });
    }
  }
  return strokes;
}

/** Takes the two strokes of a label one after the other. */
export class LabelReader {
  readonly #parts = new Map<string, Map<string, string>>();
  #first: string | null = null;

  constructor(strokes: ReadonlyMap<string, LabelStroke>) {
    for (const [action, { first, second }] of strokes) {
      const actions = this.#parts.get(first) ?? new Map<string, string>();
      this.#parts.set(first, actions.set(second, action));
    }
  }

  /** The first stroke, while the second is awaited. */
  get first(): string | null {
    return this.#first;
  }

  get firsts(): readonly string[] {
    return [...this.#parts.keys()];
  }

  /** @returns the action, when the second stroke completes it; `part` after a first stroke; null: no stroke of a label */
  read(chords: readonly string[]): { action: string } | 'part' | null {
    const actions = this.#first === null ? undefined : this.#parts.get(this.#first);
    const second = chords.find((chord) => actions?.has(chord));
    const first = chords.find((chord) => this.#parts.has(chord));
    this.#first = null;
    if (actions && second !== undefined) return { action: actions.get(second) as string };
    if (first === undefined) return null;
    this.#first = first;
    return 'part';
  }

  /** Forgets a first stroke. @returns whether there was one */
  cancel(): boolean {
    const was = this.#first !== null;
    this.#first = null;
    return was;
  }
}

// ---- below: internals ----

const secondKeys = [...'1234567890', ...'abcdefghijklmnopqrstuvwxyz'];

const free = (wanted: string | undefined, isTaken: (key: string) => boolean) =>
  [...(wanted ? [wanted] : []), ...[...secondKeys].reverse()].find((key) => !isTaken(key));
