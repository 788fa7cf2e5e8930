import { basename } from 'node:path';
import { messageOf } from '../../packages/microaction/src/errors.ts';
import { readCheckpoint } from './checkpoints.ts';
import { type Comparison, compareAll, passes } from './compare.ts';
import { type GoldenCase, readCase, subjectOf } from './goldenCase.ts';
import { runners } from './runners/index.ts';
import type { Results } from './runners/runner.ts';
import { readTolerances, zeroGradients } from './tolerance.ts';

/** What became of a case, or of a checkpoint beside it. */
export interface Outcome {
  readonly name: string;
  readonly folder: string;
  readonly status: 'pass' | 'fail' | 'not yet';
  readonly comparisons: readonly Comparison[];
  /** The tolerance in words. */
  readonly tolerance: string;
  /** Why it failed without figures, or what a case names that nothing here can run yet. */
  readonly reason?: string;
  readonly seconds: number;
}

/** Runs the case in a folder, and reads the checkpoints beside it: one outcome each. Throws nothing. */
export async function checkCase(folder: string): Promise<Outcome[]> {
  const started = performance.now();
  let golden: GoldenCase;
  try {
    golden = readCase(folder);
  } catch (error) {
    return [failed(basename(folder), folder, messageOf(error), started)];
  }
  const runner = runners.find(({ recognises }) => recognises(golden.json));
  const own = runner
    ? await outcome(golden, golden.name, () => runner.run(golden))
    : { ...failed(golden.name, folder, subjectOf(golden.json), started), status: 'not yet' as const };
  if (golden.weights.size === 0) return [own];
  const outcomes = [own];
  for (const file of golden.checkpoints) {
    const read = () => readCheckpoint(folder, file, golden, runner?.checkpoints, hasAverage(golden, file));
    outcomes.push(await outcome(golden, `${golden.name}/${file}`, read));
  }
  return outcomes;
}

// ---- below: internals ----

async function outcome(golden: GoldenCase, name: string, run: () => Promise<Results>): Promise<Outcome> {
  const started = performance.now();
  try {
    const { computed, expected = golden.outputs, tolerance = golden.json.raw('tolerance') } = await run();
    const tolerances = readTolerances(tolerance);
    const comparisons = compareAll(computed, expected, tolerances, zeroGradients(tolerance), noiseOf(golden));
    if (comparisons.length === 0) throw new Error('the case holds nothing to compare with');
    const status = comparisons.every(passes) ? 'pass' : 'fail';
    return { name, folder: golden.folder, status, comparisons, tolerance: tolerances.shown, seconds: since(started) };
  } catch (error) {
    return failed(name, golden.folder, messageOf(error), started);
  }
}

/** How far golden tensors in float32 are from those in float64, where the case says so. */
function noiseOf({ json }: GoldenCase): (tensor: string) => number {
  const field = 'fp32_vs_fp64_max_abs';
  const noise = json.has(field) ? json.fields(field) : undefined;
  return (tensor) => noise?.number(tensor, 0) ?? 0;
}

/** Whether a case says of a checkpoint that its moving average is half of every weight. */
const hasAverage = ({ json }: GoldenCase, file: string): boolean =>
  json.has('checkpoints') && /ema\s*\(=\s*half/.test(json.fields('checkpoints').text(file, ''));

const failed = (name: string, folder: string, reason: string, started: number): Outcome => ({
  name,
  folder,
  status: 'fail',
  comparisons: [],
  tolerance: '',
  reason,
  seconds: since(started),
});

const since = (started: number): number => (performance.now() - started) / 1000;
