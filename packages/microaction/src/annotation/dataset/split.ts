import { UsageError, UserError } from '../../errors.ts';
import { shown } from '../../problems.ts';
import { type Random, seededRandom, shuffled } from '../../random.ts';
import type { Clip, Dataset } from '../dataset.ts';

export interface SplitOptions {
  /** Subset to its share of the clips; any positive numbers, taken in proportion. Default 70 : 15 : 15. */
  readonly ratios?: Readonly<Record<string, number>>;
  /** Default 0. The same seed and data set give the same split. */
  readonly seed?: number;
  /** What a clip without subject is. `refuse` (default) throws; `alone` takes it for a person of its own. */
  readonly withoutSubject?: 'refuse' | 'alone';
}

/**
 * Sets the subset of every clip so that nobody is in two subsets and every action reaches every subset where its
 * subjects allow. Clips stay in their order.
 *
 * Iterative stratification (Sechidis, Tsoumakas & Vlahavas, ECML PKDD 2011) with people in place of examples:
 * the action with the fewest people left goes first, each of its people to the subset that still wants most
 * of it. Then people are moved or exchanged while that brings an action to a subset that has none. No subset
 * of k strays from its share by more than max(2, k - 1) times the clips of the busiest person.
 *
 * @throws UserError `no-subject`
 * @throws UsageError where the ratios make no sense
 */
export function splitDataset(dataset: Dataset, options: SplitOptions = {}): Dataset {
  const { ratios = { training: 70, validation: 15, test: 15 }, seed = 0, withoutSubject = 'refuse' } = options;
  const subsets = checkedRatios(ratios);
  const nameless = dataset.clips.filter(({ subject }) => subject === undefined);
  if (nameless.length > 0 && withoutSubject === 'refuse') {
    throw new UserError(
      'no-subject',
      `${nameless.length} of ${dataset.clips.length} clips name no subject, such as ${shown(nameless[0].id)}; without it a person may land in two subsets. Add subjects, or treat each such clip as a person of its own.`,
    );
  }
  const groups = Map.groupBy(dataset.clips, ({ subject }, index) => (subject === undefined ? index : subject));
  const random = seededRandom(seed);
  const people = shuffled([...groups.values()], random).map((clips) => personOf(clips));
  const plan = new Plan(
    people,
    subsets.map(({ share }) => share),
    random,
  );
  plan.stratify();
  plan.repair();
  const subsetOf = new Map<Clip, string>();
  people.forEach(({ clips }, index) => {
    for (const clip of clips) subsetOf.set(clip, subsets[plan.subsetOf[index]].name);
  });
  return { ...dataset, clips: dataset.clips.map((clip) => ({ ...clip, subset: subsetOf.get(clip)! })) };
}

// ---- below: internals ----

interface Person {
  readonly clips: readonly Clip[];
  /** Action to how many instances of it. */
  readonly actions: ReadonlyMap<string, number>;
}

function personOf(clips: readonly Clip[]): Person {
  const actions = new Map<string, number>();
  for (const { instances } of clips) for (const { action } of instances) add(actions, action, 1);
  return { clips, actions };
}

function checkedRatios(ratios: Readonly<Record<string, number>>): { name: string; share: number }[] {
  const entries = Object.entries(ratios);
  const wrong = entries.find(([, ratio]) => !(ratio > 0 && Number.isFinite(ratio)));
  if (entries.length < 2 || wrong) {
    const what = wrong ? `${shown(wrong[1])} for ${wrong[0]}` : `${entries.length} subsets`;
    throw new UsageError(`ratios: found ${what}, expected two subsets or more, each with a number above 0.`);
  }
  const total = entries.reduce((sum, [, ratio]) => sum + ratio, 0);
  return entries.map(([name, ratio]) => ({ name, share: ratio / total }));
}

class Plan {
  /** Position of each person's subset, -1 until it is known. */
  readonly subsetOf: number[];
  /** For each subset: how many more clips, and instances of each action, it wants. */
  readonly #clipsWanted: number[];
  readonly #wanted: Map<string, number>[];
  /** For each subset and action: how many people who show it are there. */
  readonly #present: Map<string, number>[];
  readonly #peopleOf = new Map<string, number[]>();
  readonly #people: readonly Person[];
  readonly #random: Random;
  readonly #slack: number;

  constructor(people: readonly Person[], shares: readonly number[], random: Random) {
    this.#people = people;
    this.#random = random;
    this.subsetOf = people.map(() => -1);
    const total = new Map<string, number>();
    people.forEach(({ actions }, person) => {
      for (const [action, count] of actions) {
        add(total, action, count);
        const list = this.#peopleOf.get(action);
        if (list) list.push(person);
        else this.#peopleOf.set(action, [person]);
      }
    });
    const clips = people.reduce((sum, one) => sum + one.clips.length, 0);
    this.#clipsWanted = shares.map((share) => share * clips);
    this.#wanted = shares.map((share) => new Map([...total].map(([action, count]) => [action, share * count])));
    this.#present = shares.map(() => new Map());
    this.#slack = 2 * people.reduce((most, one) => Math.max(most, one.clips.length), 0);
  }

  stratify(): void {
    const left = new Map([...this.#peopleOf].map(([action, { length }]) => [action, length]));
    while (left.size > 0) {
      const rarest = [...left].reduce((least, one) => (one[1] < least[1] ? one : least))[0];
      left.delete(rarest);
      const theirs = this.#peopleOf.get(rarest)!.filter((person) => this.subsetOf[person] < 0);
      theirs.sort((a, b) => this.#people[b].actions.get(rarest)! - this.#people[a].actions.get(rarest)!);
      for (const person of theirs) {
        this.#put(person, this.#subsetThatWants(rarest));
        for (const action of this.#people[person].actions.keys()) {
          if (left.has(action)) add(left, action, -1);
        }
      }
    }
    this.#people.forEach((_, person) => {
      if (this.subsetOf[person] < 0) this.#put(person, this.#subsetThatWants());
    });
  }

  /** Moves or exchanges people while that brings an action to a subset without it, and takes none away. */
  repair(): void {
    for (let again = true; again; ) {
      again = false;
      for (const [action, people] of this.#peopleOf) {
        for (let subset = 0; subset < this.#present.length; subset++) {
          if (this.#present[subset].get(action) || people.length < this.#present.length) continue;
          if (this.#bring(people, subset)) again = true;
        }
      }
    }
  }

  #subsetThatWants(action?: string): number {
    let best = -1;
    let most: readonly number[] = [];
    this.#clipsWanted.forEach((clips, subset) => {
      if (clips <= 0) return; // full, so that shares hold
      const wish = [action === undefined ? 0 : this.#wanted[subset].get(action)!, clips, this.#random()];
      const first = wish.findIndex((value, i) => value !== most[i]);
      if (best < 0 || wish[first] > most[first]) [best, most] = [subset, wish];
    });
    // Only people without clips are left when every subset is full.
    return Math.max(best, 0);
  }

  /** Takes the first change that leaves fewer gaps and keeps to the shares. */
  #bring(candidates: readonly number[], subset: number): boolean {
    const others = this.#people.flatMap((_, person) => (this.subsetOf[person] === subset ? person : []));
    for (const person of candidates) {
      const from = this.subsetOf[person];
      for (const other of [undefined, ...others]) {
        const before = this.#gaps;
        this.#put(person, subset);
        if (other !== undefined) this.#put(other, from);
        const kept = [from, subset].every((one) => Math.abs(this.#clipsWanted[one]) <= this.#slack);
        if (this.#gaps < before && kept) return true;
        this.#put(person, from);
        if (other !== undefined) this.#put(other, subset);
      }
    }
    return false;
  }

  /** Subsets without an action that has people enough for all of them. */
  #gaps = 0;

  #put(person: number, subset: number): void {
    const { clips, actions } = this.#people[person];
    const from = this.subsetOf[person];
    for (const [at, sign] of [
      [from, -1],
      [subset, 1],
    ]) {
      if (at < 0) continue;
      this.#clipsWanted[at] -= sign * clips.length;
      for (const [action, count] of actions) {
        add(this.#wanted[at], action, -sign * count);
        const now = add(this.#present[at], action, sign);
        const counts = this.#peopleOf.get(action)!.length >= this.#present.length;
        if (counts && now === (sign > 0 ? 1 : 0)) this.#gaps -= sign;
      }
    }
    this.subsetOf[person] = subset;
  }
}

function add(counts: Map<string, number>, key: string, amount: number): number {
  const sum = (counts.get(key) ?? 0) + amount;
  counts.set(key, sum);
  return sum;
}
