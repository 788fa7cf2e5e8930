/** How far a tensor may lie from its golden one: `max|a − b| <= relative · max|b| + absolute + ofLargest · G`. */
export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
  /** A part of G, the largest gradient of the case: for gradients that are zero but for rounding. */
  readonly ofLargest: number;
}

/** What a case says about its tensors, by their names. */
export interface Tolerances {
  of(tensor: string): Tolerance;
  /** In words, for the table. */
  readonly shown: string;
}

/** A tensor whose gradient is zero in theory holds rounding noise in the golden file: only its size is checked. */
export interface ZeroGradients {
  readonly names: ReadonlySet<string>;
  readonly below: number;
}

export const isGradient = (tensor: string): boolean => /(^|\.)grad(_input)?\./.test(tensor);

/**
 * Reads the tolerance of a case in any of the forms there are: `{ forward: { rel, abs }, gradient: { rel, abs } }`, the
 * same with `rtol` and `atol`, `{ forward: TEXT, train_grads: TEXT }`, or one text such as `"forward atol 1e-4 +
 * 1e-4*max|ref|; grads 5e-3*max|g| per tensor"`. A number in a text is relative if the text says so (`rel`, `rtol`,
 * `of max`, `*max`), absolute if it says so (`abs`, `atol`), and else both.
 *
 * @throws Error for a tolerance in no known form
 */
export function readTolerances(tolerance: unknown): Tolerances {
  const rules = new Map<Subject, Tolerance>();
  if (typeof tolerance === 'string') readText(tolerance, rules);
  else if (isRecord(tolerance)) readRecord(tolerance, rules);
  else if (tolerance !== undefined && tolerance !== null) throw unknownForm(tolerance);
  return {
    of: (tensor) => {
      for (const subject of subjectsOf(tensor)) {
        const rule = rules.get(subject);
        if (rule) return rule;
      }
      return isGradient(tensor) ? defaults.gradient : defaults.forward;
    },
    shown: shownRules(rules),
  };
}

/** The gradients that a case declares to be zero; none unless it does. */
export function zeroGradients(tolerance: unknown): ZeroGradients {
  const names = isRecord(tolerance) && Array.isArray(tolerance.zero_gradients) ? tolerance.zero_gradients : [];
  const rule = isRecord(tolerance) ? String(tolerance.zero_gradients_rule ?? '') : '';
  const below = Number(/<\s*([\d.e+-]+)/.exec(rule)?.[1] ?? 1e-7);
  return { names: new Set(names.map(String)), below };
}

// ---- below: internals ----

/** What a rule is about. `all` is the rule of a case that names no subject. */
type Subject = 'forward' | 'gradient' | 'losses' | 'weights' | 'all';

const defaults = {
  forward: { relative: 1e-4, absolute: 1e-6, ofLargest: 0 },
  gradient: { relative: 1e-3, absolute: 1e-10, ofLargest: 0 },
} as const satisfies Record<string, Tolerance>;

const none: Tolerance = { relative: 0, absolute: 0, ofLargest: 0 };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function subjectsOf(tensor: string): Subject[] {
  if (isGradient(tensor)) return ['gradient', 'all'];
  if (/loss|cost|grad_norm/.test(tensor)) return ['losses', 'forward', 'all'];
  return /^(after|ema)/.test(tensor) ? ['weights', 'forward', 'all'] : ['forward', 'all'];
}

function subjectIn(text: string): Subject | undefined {
  if (/grad/i.test(text)) return 'gradient';
  if (/forward|fwd/i.test(text)) return 'forward';
  if (/loss/i.test(text)) return 'losses';
  return /param|weight/i.test(text) ? 'weights' : undefined;
}

function readRecord(record: Record<string, unknown>, rules: Map<Subject, Tolerance>): void {
  for (const [key, value] of Object.entries(record)) {
    const subject = subjectIn(key);
    if (!subject || /^zero_|^note|^rule/.test(key)) continue;
    if (typeof value === 'string') readClause(value, subject, rules);
    else if (isRecord(value)) {
      const [relative, absolute] = [value.rel ?? value.rtol ?? 0, value.abs ?? value.atol ?? 0].map(Number);
      if (!(relative >= 0 && absolute >= 0)) throw unknownForm(value);
      rules.set(subject, { relative, absolute, ofLargest: 0 });
    } else throw unknownForm(value);
  }
}

function readText(text: string, rules: Map<Subject, Tolerance>): void {
  const [bare, remarks] = withoutRemarks(text);
  if (/^\s*exact/i.test(bare)) {
    rules.set('all', none);
    return;
  }
  for (const clause of bare.split(/[;,]/)) readClause(clause, subjectIn(clause) ?? 'all', rules);
  if (rules.size === 0) throw unknownForm(text);
  const floor = new RegExp(`(${number})\\s*(?:of|\\*)\\s*the global max`).exec(remarks)?.[1];
  const gradient = rules.get('gradient');
  if (floor && gradient) rules.set('gradient', { ...gradient, ofLargest: Number(floor) });
}

function readClause(text: string, subject: Subject, rules: Map<Subject, Tolerance>): void {
  const [bare] = withoutRemarks(text);
  let { relative, absolute } = none;
  let found = false;
  for (const match of bare.matchAll(new RegExp(number, 'g'))) {
    const [before, after] = [bare.slice(0, match.index), bare.slice(match.index + match[0].length)];
    const isRelative = /(\brel|\brtol)\s*$/i.test(before) || /^\s*(\*\s*max|of max|rel)/i.test(after);
    const isAbsolute = /(\babs|\batol)\s*$/i.test(before) || /^\s*abs/i.test(after);
    if (!isAbsolute) relative = Number(match[0]);
    if (!isRelative) absolute = Number(match[0]);
    found = true;
  }
  if (found) rules.set(subject, { relative, absolute, ofLargest: 0 });
}

const number = '\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?';

/** A text without what stands in brackets, and that. */
function withoutRemarks(text: string): [string, string] {
  const remarks = text.match(/\(.*?\)/g) ?? [];
  return [text.replace(/\(.*?\)/g, ''), remarks.join(' ')];
}

function shownRules(rules: ReadonlyMap<Subject, Tolerance>): string {
  const words = { forward: 'forward', gradient: 'gradients', losses: 'losses', weights: 'weights', all: '' };
  if (rules.size === 0) return 'default';
  return [...rules].map(([subject, rule]) => `${words[subject]} ${shownRule(rule)}`.trim()).join(', ');
}

function shownRule({ relative, absolute }: Tolerance): string {
  if (!relative && !absolute) return 'exact';
  const parts = [relative && `${relative.toExponential(0)} rel`, absolute && `${absolute.toExponential(0)} abs`];
  return parts.filter(Boolean).join(' + ');
}

const unknownForm = (value: unknown): Error =>
  new Error(`case.json: the tolerance ${JSON.stringify(value)} is in no known form; see scripts/golden/tolerance.ts`);
