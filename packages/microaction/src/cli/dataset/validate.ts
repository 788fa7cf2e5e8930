import { Command } from 'commander';
import type { Defect, Severity } from '../../annotation/dataset/defects.ts';
import type { Dataset } from '../../annotation/dataset.ts';
import { UsageError, UserError } from '../../errors.ts';
import { addSubsetOptions, readTogether, type SubsetOptions, seconds, wholeFrom } from '../inputs.ts';
import { counted } from '../numbers.ts';
import { heading } from '../numberTable.ts';
import { printable, truncate } from '../printable.ts';
import type { Session } from '../session.ts';
import { sizeOf } from '../writeDataset.ts';
import { readLists } from './readLists.ts';

export function validateCommand(session: Session): Command {
  const command = new Command('validate')
    .description('Find what is wrong with a data set, and say what to do. Exits with 1 where there are errors.')
    .argument('<path...>', 'annotation files, or folders of them; several become subsets named after them');
  return addSubsetOptions(command)
    .option('--videos <folder>', 'look up the videos here, ID.mp4 and the like, and measure them')
    .option('--tolerance <seconds>', 'by how much a length or an end may be off (default: 0.1)', seconds)
    .option('--rare-below <count>', 'an action with fewer instances is rare (default: 10)', wholeFrom(0))
    .option('--all', 'list every finding, not the first of each kind')
    .option('--json', 'print one JSON document on standard output and nothing else there')
    .addHelpText('after', examples)
    .action((paths: string[], options: ValidateOptions) => validate(session, paths, options));
}

// ---- below: internals ----

interface ValidateOptions extends SubsetOptions {
  readonly videos?: string;
  readonly tolerance?: number;
  readonly rareBelow?: number;
  readonly all?: true;
  readonly json?: true;
}

const examples = `
Examples:
  microaction dataset validate train.csv val.csv
  microaction dataset validate train.csv --videos clips --all
  microaction dataset validate train.csv --json | jq '.counts'
`;

async function validate(session: Session, paths: readonly string[], options: ValidateOptions): Promise<void> {
  let found: Awaited<ReturnType<typeof findings>> | Awaited<ReturnType<typeof listFindings>>;
  try {
    found = (await listFindings(session, paths, options)) ?? (await findings(session, paths, options));
  } catch (error) {
    // What cannot even be read is wrong, too, and a program wants to know it.
    if (!options.json || !(error instanceof UserError) || error instanceof UsageError) throw error;
    session.fail(error);
    await session.print(`${JSON.stringify({ failed: [{ error: error.message }] }, null, 2)}\n`);
    return;
  }
  const { defects, ...sizes } = found!;
  const counts = countsOf(defects);
  if (counts.error > 0) session.exitCode = 1;
  const document = { ...sizes, counts, defects };
  const words = Object.entries(sizes).map(([noun, count]) => counted(count, noun.replace(/s$/, '')));
  if (options.json) await session.print(`${JSON.stringify(document, null, 2)}\n`);
  else await session.print(report(defects, words.join(', '), session, options.all));
}

async function findings(session: Session, paths: readonly string[], options: ValidateOptions) {
  const [{ dataset }, { defectsOf }] = await Promise.all([
    readTogether(session, paths, options),
    import('../../annotation/dataset/defects.ts'),
  ]);
  const { tolerance: toleranceSeconds, rareBelow } = options;
  const actualSeconds = options.videos === undefined ? undefined : await measured(dataset, options.videos, session);
  return { ...sizeOf(dataset), defects: defectsOf(dataset, { toleranceSeconds, rareBelow, actualSeconds }) };
}

/** The same of lists of clips; undefined where the paths are annotations. */
async function listFindings(session: Session, paths: readonly string[], options: ValidateOptions) {
  const listed = await readLists(session, paths, options);
  if (!listed) return undefined;
  const { listDefectsOf } = await import('../../annotation/dataset/recognitionLists.ts');
  const clips = listed.lists.reduce((sum, { list }) => sum + list.clips.length, 0);
  return { clips, defects: listDefectsOf(listed.lists, listed.taxonomy, { rareBelow: options.rareBelow }) };
}

async function measured(dataset: Dataset, folder: string, session: Session): Promise<Map<string, number>> {
  const { measureVideos } = await import('../../files/measureVideos.ts');
  const ids = dataset.clips.map(({ id }) => id);
  const { seconds, problems } = await measureVideos(folder, ids, { signal: session.signal });
  for (const { file, error } of problems) session.fail(error, file);
  return seconds;
}

const severities = ['error', 'warning', 'note'] as const satisfies readonly Severity[];
const colours = { error: 'red', warning: 'yellow', note: 'cyan' } as const;

function countsOf(defects: readonly Defect[]): Record<Severity, number> {
  const count = (wanted: Severity) => defects.filter(({ severity }) => severity === wanted).length;
  return { error: count('error'), warning: count('warning'), note: count('note') };
}

const mostShown = 5;

function report(defects: readonly Defect[], what: string, session: Session, all: boolean | undefined): string {
  const counts = countsOf(defects);
  const summary = severities.map((severity) => counted(counts[severity], severity)).join(', ');
  const kinds = Map.groupBy(defects, ({ kind, severity }) => `${severity} ${kind}`);
  const sections = [...kinds.values()].map((same) => {
    const [{ kind, severity }] = same;
    const shown = all ? same : same.slice(0, mostShown);
    const title = `${session.style(colours[severity], severity)}  ${session.style('bold', kind)}${same.length > 1 ? `  ${same.length} times` : ''}\n`;
    const lines = shown.map(({ message }) => `  ${fit(message, session, 2)}\n`).join('');
    const rest = same.length > shown.length ? `  and ${same.length - shown.length} more; --all lists them\n` : '';
    const advice = [...new Set(same.map((one) => one.advice))];
    return (
      title + lines + rest + advice.map((text) => session.style('dim', `  ${fit(`-> ${text}`, session, 2)}\n`)).join('')
    );
  });
  return [heading(`${what}: ${summary}`, session), ...sections].join('\n');
}

/** Wrapped at blanks where the terminal is narrow, the rest indented as far. */
function fit(text: string, { columns }: Session, indent: number): string {
  const words = printable(text).split(' ');
  if (columns === undefined) return words.join(' ');
  const most = Math.max(20, columns - indent);
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(truncate(word, most));
  }
  return lines.join(`\n${' '.repeat(indent)}`);
}
