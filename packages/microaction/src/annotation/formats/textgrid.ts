import { UsageError, UserError } from '../../errors.ts';
import { Problems, shown } from '../../problems.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { type Clip, compareInstances, type Instance } from '../dataset.ts';
import { checkDataset, spanProblem } from '../validate.ts';
import { clipFieldsOf, clipTexts, judgementOf, judgementTexts } from './clipFields.ts';
import { type AnnotationFormat, baseName, withoutMark } from './format.ts';
import { LeftOut } from './leftOut.ts';

interface Interval {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

interface Tier {
  readonly name: string;
  readonly intervals: Interval[];
}

/** Its one interval says what is known of the video, a line a field. */
const videoTier = 'video';
const scoreOf = (tier: string) => `${tier} [score]`;
const reasonOf = (tier: string) => `${tier} [reason]`;

/**
 * Praat TextGrids, one video each; long and short form are read, the long one is written. A tier an action,
 * and numbered further tiers where an action overlaps itself; score and reason stand on tiers beside it. An
 * interval is an instance when its text names an action, or is any text on a tier whose name does.
 */
export const textgrid: AnnotationFormat = {
  name: 'textgrid',
  title: 'Praat TextGrid',
  fileEnding: '.TextGrid',
  olderEncoding: 'windows-1252',
  oneClipPerFile: true,
  loses: [],

  read(text, { source, taxonomy }) {
    const { tiers, points, end } = readTiers(text, source);
    const leftOut = new LeftOut(source);
    for (const name of points) leftOut.add(`tier ${shown(name)} holds points, which have no length`);
    const about = tiers.find(({ name, intervals }) => name === videoTier && intervals.some(isAboutVideo));
    const lines = about?.intervals.find(isAboutVideo)?.text.split('\n') ?? [];
    const texts = new Map(lines.map((line) => [line.split(': ', 1)[0], line.replace(/^.*?: /, '')]));
    const { id, ...fields } = clipFieldsOf((name) => texts.get(name));
    const clip: Clip = {
      id: id ?? baseName(source),
      ...(about || !(end > 0) ? {} : { durationSeconds: end }),
      ...fields,
      instances: instancesOf(
        tiers.filter((tier) => tier !== about),
        taxonomy,
        source,
        leftOut,
      ).sort(compareInstances),
    };
    return { dataset: { taxonomy, clips: [clip] }, warnings: leftOut.warnings() };
  },

  write(dataset) {
    checkDataset(dataset);
    const [clip, ...others] = dataset.clips;
    if (!clip || others.length > 0) {
      throw new UsageError(`A TextGrid holds one video, found ${dataset.clips.length}; write one file for each.`);
    }
    const end = clip.instances.reduce((latest, instance) => Math.max(latest, instance.end), clip.durationSeconds ?? 0);
    const text = clipTexts(clip)
      .map(([name, value]) => `${name}: ${value.replace(/[\r\n]+/g, ' ')}`)
      .join('\n');
    // A grid must last: one without anything in it lasts a second.
    const about = { name: videoTier, intervals: [{ start: 0, end: end || 1, text }] };
    return writeTiers([...tiersOf(clip), about], end || 1);
  },

  recognises: (text) =>
    /^\s*(File type\s*=\s*)?"ooTextFile"\s+(Object class\s*=\s*)?"TextGrid"/.test(withoutMark(text)),
};

// ---- below: reading ----

type Token = { readonly kind: 'text' | 'number' | 'flag'; readonly value: string; readonly line: number };

/**
 * The values of a Praat text file in order. All else, the names of values among it, is for people: only what
 * stands between blanks as a quoted text, a number or a flag in angles counts, and `!` hides the rest of a line.
 */
function* tokensOf(text: string, source: string): Generator<Token> {
  const pattern = /"([^"]*(?:""[^"]*)*)"(?=\s|$)|(")|!([^\n]*)|<(\w+)>(?=\s|$)|([^\s"!][^\s"]*)/g;
  let [line, counted] = [1, 0];
  for (const match of text.matchAll(pattern)) {
    for (; counted < match.index; counted++) if (text.charCodeAt(counted) === 10) line += 1;
    const [, quoted, openQuote, , flag, word] = match;
    if (openQuote) throw new UserError('bad-annotations', `${source}, line ${line}: a quotation mark is not closed`);
    if (quoted !== undefined) yield { kind: 'text', value: quoted.replaceAll('""', '"'), line };
    else if (flag !== undefined) yield { kind: 'flag', value: flag, line };
    else if (word !== undefined && number.test(word)) yield { kind: 'number', value: word, line };
  }
}

const number = /^(?:[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?%?|[-+]?(?:nan|inf(?:inity)?)|--undefined--)$/i;

function readTiers(text: string, source: string) {
  const tokens = tokensOf(withoutMark(text).replace(/\r\n?/g, '\n'), source);
  let line = 1;
  const next = (kind: Token['kind'], what: string): string => {
    const { value: token, done } = tokens.next();
    const fail = (found: string) =>
      new UserError('bad-annotations', `${source}, line ${line}: found ${found}, expected ${what}`);
    if (done || !token) throw fail('the end of the file');
    line = token.line;
    if (token.kind !== kind) throw fail(shown(token.value));
    return token.value;
  };
  const seconds = (what: string): number => {
    const found = next('number', what);
    const value = Number(found.replace(/%$/, ''));
    if (Number.isFinite(value)) return value;
    throw new UserError('bad-annotations', `${source}, line ${line}: found ${found}, expected ${what}`);
  };
  const count = (what: string): number => {
    const value = seconds(what);
    if (Number.isInteger(value) && value >= 0) return value;
    throw new UserError('bad-annotations', `${source}, line ${line}: found ${value}, expected ${what}`);
  };
  for (const wanted of ['ooTextFile', 'TextGrid']) {
    const found = next('text', `"${wanted}"`);
    if (found === wanted) continue;
    throw new UserError('bad-annotations', `${source} is no TextGrid: found ${shown(found)}, expected "${wanted}"`);
  }
  seconds('the start of the grid in seconds');
  const end = seconds('the end of the grid in seconds');
  const tiers: Tier[] = [];
  const points: string[] = [];
  if (next('flag', '<exists> or <absent>') === 'absent') return { tiers, points, end };
  for (let left = count('the number of tiers'); left > 0; left--) {
    const kind = next('text', '"IntervalTier" or "TextTier"');
    if (kind !== 'IntervalTier' && kind !== 'TextTier') {
      throw new UserError(
        'bad-annotations',
        `${source}, line ${line}: found ${shown(kind)}, expected "IntervalTier" or "TextTier"`,
      );
    }
    const tier: Tier = { name: next('text', 'the name of a tier'), intervals: [] };
    seconds('the start of the tier in seconds');
    seconds('the end of the tier in seconds');
    for (let inTier = count(`how many there are on tier ${shown(tier.name)}`); inTier > 0; inTier--) {
      const start = seconds('a time in seconds');
      if (kind === 'IntervalTier') {
        const until = seconds('a time in seconds');
        tier.intervals.push({ start, end: until, text: next('text', 'the text of an interval') });
      } else {
        next('text', 'the text of a point');
        points.push(tier.name);
      }
    }
    if (kind === 'IntervalTier') tiers.push(tier);
  }
  return { tiers, points, end };
}

const isAboutVideo = ({ text }: Interval) => /^id: ./.test(text);

function instancesOf(tiers: readonly Tier[], taxonomy: Taxonomy, source: string, leftOut: LeftOut): Instance[] {
  const names = new Set(tiers.map(({ name }) => name));
  const beside = new Set([...names].flatMap((name) => [scoreOf(name), reasonOf(name)]));
  const textsBeside = new Map<string, Map<string, string>>();
  for (const { name, intervals } of tiers) {
    if (beside.has(name))
      textsBeside.set(name, new Map(intervals.map((interval) => [spanKey(interval), interval.text])));
  }
  const problems = new Problems(source);
  const instances: Instance[] = [];
  for (const { name, intervals } of tiers) {
    if (beside.has(name)) continue;
    const actionOfTier = taxonomy.find(name.replace(/ \(\d+\)$/, ''));
    for (const interval of intervals) {
      const label = interval.text.trim();
      if (label === '') continue;
      const action = taxonomy.find(label) ?? actionOfTier;
      if (!action) {
        leftOut.addUnknown(label, taxonomy);
        continue;
      }
      // Praat's editors leave times a hair before 0.
      const start =
        interval.start < 0 && interval.start > -0.001 ? 0 : Math.abs(interval.start) === 0 ? 0 : interval.start;
      const problem = spanProblem(start, interval.end);
      if (problem) {
        problems.add(`tier ${shown(name)}, ${shown(label)}`, problem);
        continue;
      }
      const [score, reason] = [scoreOf, reasonOf].map((of) => textsBeside.get(of(name))?.get(spanKey(interval)));
      instances.push({ action: action.name, start, end: interval.end, ...judgementOf(score, reason) });
    }
  }
  problems.throwIfAny();
  return instances;
}

const spanKey = ({ start, end }: Interval) => `${start} ${end}`;

// ---- below: writing ----

/** Each action's instances, in rows without overlap, with the rows for scores and reasons that they need. */
function tiersOf(clip: Clip): Tier[] {
  const rowsOf = new Map<string, Instance[][]>();
  for (const instance of [...clip.instances].sort(compareInstances)) {
    const rows = rowsOf.get(instance.action) ?? [];
    rowsOf.set(instance.action, rows);
    const free = rows.find((row) => (row.at(-1) as Instance).end <= instance.start);
    if (free) free.push(instance);
    else rows.push([instance]);
  }
  return [...rowsOf].flatMap(([action, rows]) =>
    rows.flatMap((row, i) => {
      const name = i === 0 ? action : `${action} (${i + 1})`;
      const tier = (tierName: string, textOf: (instance: Instance) => string) => ({
        name: tierName,
        intervals: row.map((instance) => ({ start: instance.start, end: instance.end, text: textOf(instance) })),
      });
      return [
        tier(name, () => action),
        ...(row.some(({ score }) => score !== undefined) ? [tier(scoreOf(name), (one) => judgementTexts(one)[0])] : []),
        ...(row.some(({ reason }) => reason !== undefined)
          ? [tier(reasonOf(name), (one) => judgementTexts(one)[1])]
          : []),
      ];
    }),
  );
}

/** The intervals of a tier with empty ones in the gaps, as Praat wants them. */
function withoutGaps(intervals: readonly Interval[], end: number): Interval[] {
  const filled: Interval[] = [];
  let at = 0;
  for (const interval of intervals) {
    if (interval.start > at) filled.push({ start: at, end: interval.start, text: '' });
    filled.push(interval);
    at = interval.end;
  }
  if (at < end) filled.push({ start: at, end, text: '' });
  return filled;
}

function writeTiers(tiers: readonly Tier[], end: number): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const lines = ['File type = "ooTextFile"', 'Object class = "TextGrid"', '', 'xmin = 0', `xmax = ${end}`];
  lines.push('tiers? <exists>', `size = ${tiers.length}`, 'item []:');
  tiers.forEach(({ name, intervals }, i) => {
    const all = withoutGaps(intervals, end);
    lines.push(`    item [${i + 1}]:`, '        class = "IntervalTier"', `        name = ${quoted(name)}`);
    lines.push('        xmin = 0', `        xmax = ${end}`, `        intervals: size = ${all.length}`);
    all.forEach((interval, j) => {
      lines.push(`        intervals [${j + 1}]:`, `            xmin = ${interval.start}`);
      lines.push(`            xmax = ${interval.end}`, `            text = ${quoted(interval.text)}`);
    });
  });
  return `${lines.join('\n')}\n`;
}
