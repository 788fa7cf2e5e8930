import type { Command } from 'commander';
import type { Submission } from '../../submission/index.ts';
import type { Session } from '../session.ts';
import { writeAndTell } from '../writeDataset.ts';

export interface SubmissionOutput {
  readonly out: string;
  readonly overwrite?: true;
  readonly json?: true;
}

export function addSubmissionOutput(command: Command): Command {
  return command
    .requiredOption('--out <file>', 'the zip to write, or the table in it where the name ends in .csv')
    .option('--overwrite', 'replace the file if it is there already')
    .option('--json', 'print one JSON document on standard output and nothing else there');
}

/** Writes a submission that has passed its checks; what may still be a mistake is told. */
export async function writeSubmission(
  session: Session,
  { table, zip, warnings }: Submission,
  options: SubmissionOutput,
  summary: string,
  counts: object,
): Promise<void> {
  for (const warning of warnings) session.note(warning);
  const file = { path: options.out, content: /\.csv$/i.test(options.out) ? table : zip };
  await writeAndTell(session, [file], options, { summary: `${summary}\n`, facts: { ...counts, warnings } });
}
