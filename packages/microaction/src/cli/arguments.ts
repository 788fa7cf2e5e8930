import { InvalidArgumentError } from 'commander';
import type { Region } from '../video/video.ts';

/** A parser of a number in a range. `expected` says the range in words: "a number above 0 and at most 60". */
export function numberWhere(accepts: (value: number) => boolean, expected: string): (text: string) => number {
  return (text) => {
    const value = strictNumber(text);
    if (Number.isFinite(value) && accepts(value)) return value;
    throw new InvalidArgumentError(`Expected ${expected}.`);
  };
}

/** `X,Y,W,H` in pixels of the displayed frame. */
export function region(text: string): Region {
  const [x, y, width, height, ...rest] = text.split(',').map((part) => strictNumber(part.trim()));
  if (rest.length === 0 && [x, y, width, height].every(Number.isFinite) && width > 0 && height > 0) {
    return { x, y, width, height };
  }
  throw new InvalidArgumentError('Expected four numbers X,Y,W,H in pixels, with W and H above 0: 320,40,400,680.');
}

/** A parser of a name out of a closed list. */
export function nameOf<Name extends string>(known: readonly Name[], what: string): (text: string) => Name {
  return (text) => {
    const name = known.find((name) => name === text.trim().toLowerCase());
    if (name !== undefined) return name;
    throw new InvalidArgumentError(`There is no ${what} "${text}"; ${listed(known)}.`);
  };
}

/** A parser of comma-separated names out of a closed list; given again, the option adds to itself. */
export function namesOf<Name extends string>(
  known: readonly Name[],
  what: string,
): (text: string, before?: readonly Name[]) => readonly Name[] {
  return (text, before = []) => {
    const parts = text.split(',').filter((part) => part.trim());
    if (parts.length === 0) throw new InvalidArgumentError(`It names no ${what}; ${listed(known)}.`);
    return [...new Set([...before, ...parts.map(nameOf(known, what))])];
  };
}

// ---- below: internals ----

const listed = (known: readonly string[]) => `known: ${known.join(', ')}`;

/** NaN unless the whole text is one decimal number: no blanks, no `0x10`, no `1_000`, no decimal comma. */
function strictNumber(text: string): number {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}
