import { editDistance } from '../editDistance.ts';
import { UserError } from '../errors.ts';

/** A group of actions by the part of the body that moves, or that the hand touches. */
export interface BodyPart {
  /** Short and unique: `A` .. `G` in the built-in taxonomy. */
  readonly code: string;
  readonly name: string;
}

export interface Action {
  /** Position in the official label list, from 0; what models and label files count by. */
  readonly id: number;
  /** Code in the annotation manual, e.g. `B1`. Its order inside a body part is not that of the ids. */
  readonly code: string;
  /** Canonical name, e.g. `nodding`. */
  readonly name: string;
  /** What an observer must see. */
  readonly description: string;
  /** Code of the body part. */
  readonly bodyPart: string;
  /** Other names it is known by. */
  readonly aliases?: readonly string[];
}

/** What a taxonomy is as plain data: the content of the file that `--taxonomy` takes. */
export interface TaxonomyData {
  readonly name: string;
  readonly bodyParts: readonly BodyPart[];
  readonly actions: readonly Action[];
}

/** A closed list of actions in body parts, with look-ups. Immutable; serialises as its `TaxonomyData`. */
export class Taxonomy implements TaxonomyData {
  readonly name: string;
  readonly bodyParts: readonly BodyPart[];
  /** In order of id. */
  readonly actions: readonly Action[];
  readonly #byId: ReadonlyMap<number, Action>;
  readonly #byKey: ReadonlyMap<string, Action>;
  readonly #parts: ReadonlyMap<string, BodyPart>;

  constructor(data: TaxonomyData) {
    this.name = data.name;
    this.bodyParts = data.bodyParts;
    this.actions = [...data.actions].sort((a, b) => a.id - b.id);
    this.#parts = new Map(data.bodyParts.map((part) => [part.code, part]));
    this.#byId = new Map(this.actions.map((action) => [action.id, action]));
    const byKey = new Map<string, Action>();
    // Names win over codes, and both over aliases, should a custom taxonomy let them meet.
    for (const keysOf of [aliasesOf, codeOf, nameOf]) {
      for (const action of this.actions) for (const key of keysOf(action)) byKey.set(key, action);
    }
    this.#byKey = byKey;
  }

  /** The action of an id, code, name or known variant; case, punctuation and a plural's blanks forgiven. */
  find(actionOrId: string | number): Action | undefined {
    if (typeof actionOrId === 'number') return this.#byId.get(actionOrId);
    return this.#byKey.get(keyOf(actionOrId));
  }

  /** As `find`, but throws a `UserError` that names the likeliest meant. */
  get(actionOrId: string | number): Action {
    const action = this.find(actionOrId);
    if (action) return action;
    const near = typeof actionOrId === 'string' ? this.#nearest(actionOrId) : undefined;
    const hint = near ? ` Did you mean "${near.name}"?` : ' `microaction actions` lists them.';
    throw new UserError('unknown-action', `There is no action "${actionOrId}" in the taxonomy ${this.name}.${hint}`);
  }

  /** The body part of an action. */
  bodyPartOf(actionOrId: string | number): BodyPart {
    return this.#parts.get(this.get(actionOrId).bodyPart) as BodyPart;
  }

  /** The actions of one body part, in order of id. */
  actionsOf(bodyPartCode: string): readonly Action[] {
    return this.actions.filter((action) => action.bodyPart === bodyPartCode);
  }

  toJSON(): TaxonomyData {
    return { name: this.name, bodyParts: this.bodyParts, actions: this.actions };
  }

  #nearest(text: string): Action | undefined {
    const wanted = keyOf(text);
    let best: Action | undefined;
    let least = Math.max(2, Math.floor(wanted.length / 3)) + 1;
    for (const [key, action] of this.#byKey) {
      const distance = editDistance(wanted, key);
      if (distance < least) [best, least] = [action, distance];
    }
    return best;
  }
}

// ---- below: internals ----

const nameOf = (action: Action) => [keyOf(action.name)];
const codeOf = (action: Action) => [keyOf(action.code)];
const aliasesOf = (action: Action) => (action.aliases ?? []).map(keyOf);

/** `Scratching/Touching  Neck` and `scratching_or_touching_neck` meet here. */
function keyOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/&|\/|\bor\b|\band\b/g, ' ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(/\b(or|and)\b/g, ' ')
    .replace(/\s+/g, ' ');
}
