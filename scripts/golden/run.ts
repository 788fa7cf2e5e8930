/**
 * Holds the project's models against golden cases of the official implementations:
 *
 *   npm run golden -- PATH... [--json]
 *
 * Every folder with a `case.json` at or below the paths is a case. Each is built from its own configuration, loads its
 * weights under their official names, and is compared tensor by tensor. Exit code 1 where one fails; cases that
 * nothing here can run yet are listed as such.
 */
import { parseArgs } from 'node:util';
import { checkCase, type Outcome } from './checkCase.ts';
import { findCases } from './goldenCase.ts';
import { asJson, table } from './table.ts';

const usage = 'usage: npm run golden -- PATH... [--json]';

function readArguments(): { paths: string[]; json: boolean } {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } });
  if (positionals.length === 0) throw new Error('no PATH to look for cases in');
  return { paths: positionals, json: values.json ?? false };
}

try {
  const { paths, json } = readArguments();
  const folders = findCases(paths);
  if (folders.length === 0) throw new Error(`no folder with a case.json below ${paths.join(', ')}`);
  const outcomes: Outcome[] = [];
  for (const [position, folder] of folders.entries()) {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${position + 1} of ${folders.length}: ${folder}`);
    outcomes.push(...(await checkCase(folder)));
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  process.stdout.write(json ? `${JSON.stringify(asJson(outcomes), null, 2)}\n` : table(outcomes));
  if (outcomes.some(({ status }) => status === 'fail')) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n${usage}\n`);
  process.exitCode = 2;
}
