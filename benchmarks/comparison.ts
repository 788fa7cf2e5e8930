/** Ours and PyTorch's, in turns within one run, so that both meet the same machine. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    threads: { type: 'string', default: '2' },
    repeats: { type: 'string', default: '6' },
    rounds: { type: 'string', default: '2' },
  },
});
export const threads = Number(values.threads);
const [repeats, rounds] = [values.repeats, values.rounds].map(Number);

/**
 * Prints the time of each job, beside that of a Python script which prints the milliseconds of its own jobs of the same
 * names as one line of JSON, where a Python that has torch is found (`PYTHON`, else `python3`).
 *
 * @param script - where it lies: `new URL('window.py', import.meta.url)`
 */
export async function compareWithPyTorch(
  jobs: Readonly<Record<string, () => Promise<unknown>>>,
  script: URL,
): Promise<void> {
  const own = new Map<string, number[]>(Object.keys(jobs).map((job) => [job, []]));
  const beside = new Map<string, number[]>(Object.keys(jobs).map((job) => [job, []]));
  let version: string | undefined;
  for (let round = 0; round < rounds; round++) {
    for (const [job, run] of Object.entries(jobs)) own.get(job)?.push(...(await timed(run)));
    const torch = ofPyTorch(script);
    if (!torch) continue;
    version = torch.version;
    for (const job of Object.keys(jobs)) beside.get(job)?.push(...(torch[job] as number[]));
  }
  for (const [job, times] of own) {
    const line = `${job.padEnd(16)} ${shown(times)}`;
    const theirs = beside.get(job) ?? [];
    const [typical, best] = [median, least].map((of) => (of(times) / of(theirs)).toFixed(2));
    console.log(version ? `${line}, PyTorch ${version} ${shown(theirs)}: ${typical} of it (${best} at best)` : line);
  }
  if (!version) console.log('No Python with torch was found to compare with: set PYTHON.');
}

// ---- below: internals ----

/** Milliseconds of each repeat, after one to warm up. */
async function timed(run: () => Promise<unknown>): Promise<number[]> {
  const milliseconds: number[] = [];
  for (let repeat = 0; repeat <= repeats; repeat++) {
    const start = performance.now();
    await run();
    milliseconds.push(performance.now() - start);
  }
  return milliseconds.slice(1);
}

function ofPyTorch(script: URL): { version: string; [job: string]: string | number[] } | undefined {
  const python = process.env.PYTHON ?? 'python3';
  const { status, stdout } = spawnSync(python, [fileURLToPath(script), String(threads), String(repeats)], {
    encoding: 'utf8',
  });
  return status === 0 ? JSON.parse(stdout) : undefined;
}

const shown = (times: readonly number[]) => `${median(times).toFixed(0)} ms (${least(times).toFixed(0)} at best)`;

const least = (numbers: readonly number[]) => Math.min(...numbers);

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
