import { styleText } from 'node:util';
import type { Outcome } from './checkCase.ts';
import { type Comparison, passes } from './compare.ts';

/** Outcomes as aligned lines, what failed and why below them, and a closing count. */
export function table(outcomes: readonly Outcome[], stream: NodeJS.WriteStream = process.stdout): string {
  const rows = [titles, ...outcomes.map(cells)];
  const widths = titles.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row
      .map((text, column) => (isNumber[column] ? text.padStart(widths[column]) : text.padEnd(widths[column])))
      .join('  ')
      .trimEnd(),
  );
  const [head, ...body] = lines;
  const paint = (style: 'dim' | 'red' | 'green' | 'yellow', text: string) => styleText(style, text, { stream });
  const colour = { pass: 'green', fail: 'red', 'not yet': 'yellow' } as const;
  const painted = body.map((line, i) => paint(colour[outcomes[i].status], line));
  return [paint('dim', head), ...painted, ...outcomes.flatMap(complaints), '', counted(outcomes), ''].join('\n');
}

/** The same as plain data. */
export const asJson = (outcomes: readonly Outcome[]) => ({
  cases: outcomes.map((outcome) => ({ ...outcome, ...figures(outcome) })),
  passed: count(outcomes, 'pass'),
  failed: count(outcomes, 'fail'),
  notYet: count(outcomes, 'not yet'),
});

/** The largest differences of a case, each of whichever tensor has it. */
export function figures({ comparisons }: Pick<Outcome, 'comparisons'>) {
  const numbers = (of: (comparison: Comparison) => number | null) =>
    comparisons.filter(({ problem }) => !problem).flatMap((comparison) => of(comparison) ?? []);
  return {
    tensors: comparisons.length,
    largestAbsolute: Math.max(0, ...numbers(({ absolute }) => absolute)),
    largestRelative: Math.max(0, ...numbers(({ relative }) => relative)),
  };
}

// ---- below: internals ----

const titles = ['case', 'tensors', 'absolute', 'relative', 'tolerance', 'result'];
const isNumber = [false, true, true, true, false, false];
/** Complaints about one case beyond which it is plain that all is wrong. */
const mostComplaints = 8;
/** Of what a case that cannot be run names. */
const mostLetters = 60;

function cells(outcome: Outcome): string[] {
  const { name, status, comparisons, tolerance, reason = '' } = outcome;
  if (status === 'not yet') return [name, '', '', '', '', `not yet: ${shortened(reason)}`];
  if (comparisons.length === 0) return [name, '', '', '', '', status];
  const { tensors, largestAbsolute, largestRelative } = figures(outcome);
  return [name, String(tensors), shown(largestAbsolute), shown(largestRelative), tolerance, status];
}

function complaints({ name, status, comparisons, reason }: Outcome): string[] {
  if (status === 'not yet') return [];
  if (reason) return [`${name}: ${reason}`];
  const bad = comparisons.filter((comparison) => !passes(comparison));
  const more = bad.length - mostComplaints;
  const lines = bad
    .slice(0, mostComplaints)
    .map(({ tensor, problem, absolute, relative, allowed }) =>
      problem
        ? `${name}: ${tensor} ${problem}`
        : `${name}: ${tensor} differs by ${shown(absolute)} (${shown(relative)} of its largest), ${shown(allowed)} is allowed`,
    );
  return more > 0 ? [...lines, `${name}: and ${more} more tensors`] : lines;
}

const shortened = (text: string): string => (text.length > mostLetters ? `${text.slice(0, mostLetters - 1)}…` : text);

const shown = (value: number | null): string =>
  value === null ? '-' : value === 0 || !Number.isFinite(value) ? String(value) : value.toExponential(1);

function counted(outcomes: readonly Outcome[]): string {
  const parts = [`${count(outcomes, 'pass')} passed`, `${count(outcomes, 'fail')} failed`];
  return `${[...parts, `${count(outcomes, 'not yet')} not yet`].join(', ')}, ${outcomes.length} in all`;
}

const count = (outcomes: readonly Outcome[], status: Outcome['status']): number =>
  outcomes.filter((outcome) => outcome.status === status).length;
