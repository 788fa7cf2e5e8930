import type { z } from 'zod';
import { UserError } from './errors.ts';

const mostShown = 20;

/** Gathers all that is wrong with one document, so that its author mends it in one go. */
export class Problems {
  readonly #source: string;
  readonly #shown: string[] = [];
  #count = 0;

  /** `source` names the document in the message. */
  constructor(source: string) {
    this.#source = source;
  }

  get count(): number {
    return this.#count;
  }

  /** `where` is the line, row or path; `what` says what was found and what was expected. */
  add(where: string, what: string): void {
    this.#count += 1;
    if (this.#shown.length < mostShown) this.#shown.push(where ? `${where}: ${what}` : what);
  }

  /** Adds what a schema found wrong with a value, each at its path: `videos[2].instances[0].start`. */
  addIssues(error: z.ZodError, value: unknown): void {
    for (const issue of error.issues) {
      const path = issue.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
      const found = issue.path.reduce<unknown>((at, step) => (at as Record<PropertyKey, unknown>)?.[step], value);
      const what = issue.message.replace(/^(Invalid|Too)[^:]*: /, '').replace(/, received .*$/, '');
      this.add(path.replace(/^\./, '') || 'the document', `found ${shown(found)}, ${what}`);
    }
  }

  /** @throws UserError `bad-annotations` with all that was added, if anything was. */
  throwIfAny(): void {
    if (this.#count === 0) return;
    if (this.#count === 1) throw new UserError('bad-annotations', `${this.#source}: ${this.#shown[0]}`);
    const rest = this.#count - this.#shown.length;
    const lines = rest > 0 ? [...this.#shown, `and ${rest} more`] : this.#shown;
    throw new UserError('bad-annotations', `${this.#source} has ${this.#count} problems:\n  ${lines.join('\n  ')}`);
  }
}

/** A value as a message shows it: short, on one line. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
