import { shown } from '../../problems.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { whyUnknown } from './labels.ts';

/** Gathers what a reader could not keep; the same thing is told once, with its number. */
export class LeftOut {
  readonly #source: string;
  readonly #counts = new Map<string, number>();
  readonly #guesses = new Map<string, number>();
  readonly #unknown = new Map<string, { count: number; taxonomy: Taxonomy }>();

  constructor(source: string) {
    this.#source = source;
  }

  /** `why` is a sentence without its full stop. */
  add(why: string): void {
    this.#counts.set(why, (this.#counts.get(why) ?? 0) + 1);
  }

  /** Something kept, but guessed at; `how` is a sentence without its full stop. */
  addGuess(how: string): void {
    this.#guesses.set(how, (this.#guesses.get(how) ?? 0) + 1);
  }

  /** Something whose label names no action. */
  addUnknown(label: string, taxonomy: Taxonomy): void {
    const before = this.#unknown.get(label);
    this.#unknown.set(label, { count: (before?.count ?? 0) + 1, taxonomy });
  }

  warnings(): string[] {
    const counts = [...this.#counts].map(([why, count]) => `${this.#source}: ${why}. Not kept: ${count}.`);
    const guesses = [...this.#guesses].map(([how, count]) => `${this.#source}: ${how} (${count}).`);
    return [...this.#unknownLabels(), ...counts, ...guesses];
  }

  /** A few with the likeliest meant; many are another language than the taxonomy's. */
  #unknownLabels(): string[] {
    const all = [...this.#unknown];
    if (all.length <= fewLabels) {
      return all.map(([label, { count, taxonomy }]) => {
        return `${this.#source}: ${whyUnknown(shortened(label), taxonomy)} Not kept: ${count}.`;
      });
    }
    const most = all.sort((a, b) => b[1].count - a[1].count).slice(0, 2 * fewLabels);
    const named = most.map(([label, { count }]) => `${shown(label)} (${count})`).join(', ');
    const sum = all.reduce((total, [, { count }]) => total + count, 0);
    const rest = all.length > most.length ? ` and ${all.length - most.length} more` : '';
    const { name } = all[0][1].taxonomy;
    return [
      `${this.#source}: ${all.length} labels are no actions of the taxonomy ${name}: ${named}${rest}. Not kept: ${sum}.`,
    ];
  }
}

const fewLabels = 4;

const shortened = (label: string) => {
  const line = label.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
};
