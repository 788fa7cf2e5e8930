/**
 * Diagnosing a detector at action and body level, beside DETAD, on the golden case `detad` (800 videos, 22,468
 * predictions, temporal IoU 0.5), or on your own files.
 *
 *   npx node benchmarks/diagnosis.ts [TRUTH.json PREDICTIONS.json]
 *
 * Both files in the JSON of OpenTAD. Ours is timed from tables in memory, as DETAD's analyses are; reading is printed
 * apart. DETAD's figure is not measured here: it is stated with the golden data, for three analyses and two levels.
 */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { gunzipSync } from 'node:zlib';
import { predictionsOfOpenTad, truthOfOpenTad } from '../packages/microaction/src/evaluation/detection/index.ts';
import { diagnose } from '../packages/microaction/src/evaluation/diagnosis/index.ts';
import { microActions52 } from '../packages/microaction/src/taxonomy/microActions52.ts';

const rounds = 7;
const detadSeconds = 174.9; // Golden data's README: Python 3.11, pandas 1.5.3, one process, a machine of two cores.
const golden = new URL('../../shared/golden/metrics/', import.meta.url);
const own = process.argv.length > 3;
const paths = own
  ? [process.argv[2], process.argv[3]]
  : [new URL('ground_truth/detad.json', golden), new URL('predictions/detad.json.gz', golden)];

if (!paths.every((path) => existsSync(path))) {
  console.log(`${paths.join(' or ')} is absent: nothing to diagnose`);
} else {
  measure();
}

// ---

function measure(): void {
  const begin = performance.now();
  const [truthBytes, predictionBytes] = paths.map(bytesOf);
  const truth = truthOfOpenTad(truthBytes, String(paths[0]));
  const predictions = predictionsOfOpenTad(predictionBytes, String(paths[1]));
  const reading = (performance.now() - begin) / 1000;

  const first = diagnose(truth, predictions, microActions52);
  const { videos } = first.action.counts;
  console.log(`data     ${videos} videos, ${truth.label.length} instances, ${predictions.label.length} predictions`);
  console.log(`machine  ${cpus()[0].model}, ${availableParallelism()} threads, Node ${process.version}`);
  console.log(`reading  ${reading.toFixed(3)} s`);
  console.log(`ours     ${first.seconds.toFixed(3)} s the first time, one thread`);
  const seconds = Array.from({ length: rounds }, () => diagnose(truth, predictions, microActions52).seconds);
  seconds.sort((a, b) => a - b);
  const [least, median, most] = [seconds[0], seconds[Math.floor(rounds / 2)], seconds[rounds - 1]];
  console.log(`         ${median.toFixed(3)} s warm (median of ${rounds}; ${least.toFixed(3)} to ${most.toFixed(3)})`);
  console.log(`memory   ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB at most`);
  if (own) return;
  console.log(`DETAD    ${detadSeconds} s, as stated with the golden data`);
  console.log(`ratio    ${(detadSeconds / first.seconds).toFixed(0)} the first time (at least 50 is asked)`);
}

function bytesOf(path: string | URL): Uint8Array {
  const bytes = readFileSync(path);
  return String(path).endsWith('.gz') ? gunzipSync(bytes) : bytes;
}
