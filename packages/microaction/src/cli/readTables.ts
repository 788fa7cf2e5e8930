import { open } from 'node:fs/promises';
import type { Command } from 'commander';
import type { DetectionTable, PredictionTable } from '../evaluation/detection/index.ts';
import type { Ties } from '../evaluation/sorting/descendingOrder.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { nameOf } from './arguments.ts';
import { addInputOptions, type InputOptions, stem } from './inputs.ts';
import { counted } from './numbers.ts';
import { readBytes } from './readBytes.ts';
import { readTaxonomy } from './readTaxonomy.ts';
import type { Session } from './session.ts';

/** What is held against what; the options that `addScoringOptions` makes. */
export interface ScoringOptions extends InputOptions {
  readonly truth: string;
  readonly split?: string;
  readonly predictedVideos?: true;
  readonly ties?: Ties;
}

export function addScoringOptions(command: Command): Command {
  return addInputOptions(command.requiredOption('--truth <file>', 'what people coded, in any format'))
    .option('--split <name>', 'only videos of this subset of the truth')
    .option('--predicted-videos', 'only videos that the predictions have, where they were made for some')
    .option('--ties <order>', `equal scores: ${tieHelp}`, nameOf(['numpy', 'stable'], 'order'));
}

export interface Tables {
  readonly truth: DetectionTable;
  /** In the order of the paths. */
  readonly predictions: readonly PredictionTable[];
  readonly taxonomy: Taxonomy;
}

/**
 * Reads the truth and prediction files. Predictions in videos that `--split` leaves out are left out with them; in
 * videos that the truth does not have at all they count as false positives, and that is told.
 */
export async function readTables(session: Session, paths: readonly string[], options: ScoringOptions): Promise<Tables> {
  const { split: subset, frameRate, from: format } = options;
  const { signal } = session;
  const taxonomy = await readTaxonomy(options.taxonomy);
  const { readTruthTable } = await import('../evaluation/detection/node.ts');
  const reading = { taxonomy, frameRate, signal };
  const whole = await readTruthTable(options.truth, { ...reading, format, subset });
  // Videos of other subsets are known, and no false positives of this one.
  const inSubset = new Set(whole.videos);
  const known =
    subset === undefined ? inSubset : new Set((await readTruthTable(options.truth, { ...reading, format })).videos);
  const video = (id: string) => inSubset.has(truthName(id, known)) || !known.has(truthName(id, known));
  const predictions: PredictionTable[] = [];
  for (const path of paths) {
    predictions.push(withTruthNames(await readPredictions(path, { ...reading, video }), known));
  }
  const predicted = new Set(predictions.flatMap(({ videos }) => videos));
  const truth = options.predictedVideos
    ? await readTruthTable(options.truth, { ...reading, format, subset, video: (id) => predicted.has(id) })
    : whole;
  for (const table of predictions) tellOddities(session, truth, table, taxonomy);
  return { truth, predictions, taxonomy };
}

/** Predictions in any format, those handed in at the challenge among them, whose zip no annotation format is. */
export async function readPredictions(
  path: string,
  options: Parameters<typeof import('../evaluation/detection/node.ts').readPredictionTable>[1],
): Promise<PredictionTable> {
  if (!(await looksLikeZip(path))) {
    const { readPredictionTable } = await import('../evaluation/detection/node.ts');
    return readPredictionTable(path, options);
  }
  const { readDetectionSubmission } = await import('../submission/index.ts');
  return readDetectionSubmission(await readBytes(path, options), path, options.taxonomy);
}

// ---- below: internals ----

/** The name that the truth has for a video: its own, or that of its file where `detect` was given a path. */
function truthName(id: string, known: ReadonlySet<string>): string {
  return !known.has(id) && known.has(stem(id)) ? stem(id) : id;
}

function withTruthNames(table: PredictionTable, known: ReadonlySet<string>): PredictionTable {
  const videos = table.videos.map((id) => truthName(id, known));
  return new Set(videos).size === videos.length ? { ...table, videos } : table; // two of one name stay apart
}

const tieHelp = 'numpy ranks them as the reference code (default), stable keeps the order of the file';

async function looksLikeZip(path: string): Promise<boolean> {
  try {
    await using file = await open(path);
    const { buffer } = await file.read({ buffer: Buffer.alloc(2), length: 2 });
    return buffer.toString('latin1') === 'PK';
  } catch {
    return false; // the reader says what is wrong
  }
}

function tellOddities(session: Session, truth: DetectionTable, table: PredictionTable, taxonomy: Taxonomy): void {
  const known = new Set(truth.videos);
  const strangers = table.videos.filter((id) => !known.has(id));
  if (strangers.length > 0) {
    session.note(
      `${table.source}: ${strangers.length} of its ${table.videos.length} videos are not in the truth, such as ${strangers[0]}; what is predicted there counts as wrong`,
    );
  }
  for (const { source, labels } of [truth, table]) {
    const odd = labels.filter((label) => taxonomy.find(label) === undefined);
    if (odd.length === 0) continue;
    const what = `${counted(odd.length, 'label')} outside the taxonomy ${taxonomy.name}, such as "${odd[0]}"`;
    session.note(`${source}: ${what}; scored as written`);
  }
}
