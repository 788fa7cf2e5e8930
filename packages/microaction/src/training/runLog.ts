import { appendFile, readFile } from 'node:fs/promises';
import { fileError } from '../files/fileError.ts';
import { writeAtomically } from '../files/writeAtomically.ts';

/** A line of the log of a run. Epochs count from 1, steps are those done. */
export type LogRecord = StepRecord | ValidationRecord | EventRecord;

export interface StepRecord {
  readonly kind: 'step';
  readonly epoch: number;
  readonly step: number;
  /** Mean over the steps since the record before: `loss` and its parts. */
  readonly losses: Readonly<Record<string, number>>;
  /** Of all gradients together, before clipping. */
  readonly gradientNorm: number;
  /** By group. */
  readonly learningRates: Readonly<Record<string, number>>;
  readonly lossScale?: number;
  readonly stepsPerSecond: number;
}

export interface ValidationRecord {
  readonly kind: 'validation';
  readonly epoch: number;
  readonly step: number;
  /** What the best epoch is told by. */
  readonly value: number;
  readonly measures: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly isBest: boolean;
}

/** Start, resumption, end, videos that were skipped ... */
export interface EventRecord {
  readonly kind: 'event';
  readonly step: number;
  readonly event: string;
  readonly details?: unknown;
}

/** The log of a run, one JSON value a line, each written when it is known. */
export class RunLog {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * A log that goes on after so many steps: what an earlier run said of later ones, which are done again, goes.
   */
  static async open(path: string, { afterSteps }: { readonly afterSteps: number }): Promise<RunLog> {
    const kept = (await readRunLog(path)).filter(({ step }) => step <= afterSteps);
    await writeAtomically(path, kept.map(lineOf).join(''));
    return new RunLog(path);
  }

  async add(record: LogRecord): Promise<void> {
    await appendFile(this.path, lineOf(record)).catch((error) => {
      throw fileError(error, this.path, 'written');
    });
  }
}

/** What a log holds, without a last line that a stop cut short; nothing where there is none. */
export async function readRunLog(path: string): Promise<LogRecord[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw fileError(error, path, 'read');
  });
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as LogRecord];
    } catch {
      return [];
    }
  });
}

// ---- below: internals ----

const lineOf = (record: LogRecord) => `${JSON.stringify(record)}\n`;
