/**
 * Detection mAP at both levels, from a file in memory to numbers, beside the Python reference (OpenTAD).
 *
 *   npx node benchmarks/detectionMap.ts [TRUTH.json PREDICTIONS.json[.gz]] [--subset S]
 *   npx node benchmarks/detectionMap.ts --made [PREDICTIONS] [--threads N]
 *
 * With files: the median of five runs. OpenTAD with 16 processes took 83.0 s (150.7 s of processor time) on the same
 * kind of machine, two cores, for the largest golden case: 4,537 videos, 54,152 predictions, nine thresholds, both
 * levels. Without: 5 million made predictions on 6,528 videos, scores of four decimals as OpenTAD writes them, once;
 * reading the document is timed apart. Memory is the highest that the process ever held, the document included.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { detectionMapInThreads } from '../packages/microaction/src/evaluation/detection/detectionMapNode.ts';
import { predictionsOfOpenTad, truthOfOpenTad } from '../packages/microaction/src/evaluation/detection/openTad.ts';
import { microActions52 } from '../packages/microaction/src/taxonomy/microActions52.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { made: { type: 'string' }, subset: { type: 'string' }, threads: { type: 'string' } },
});
const threads = Number(values.threads ?? availableParallelism());
console.log(`machine  ${cpus()[0].model}, ${threads} threads, Node ${process.version}`);
if (positionals.length === 2) await scoreFiles(positionals[0], positionals[1]);
else await scoreMade(Number(values.made ?? 5_000_000));
console.log(`memory   ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB at most`);

// ---

async function scoreFiles(truthPath: string, predictionsPath: string): Promise<void> {
  const truth = readBytes(truthPath);
  const predictions = readBytes(predictionsPath);
  const seconds: number[] = [];
  for (let run = 0; run < 5; run++) {
    const { readSeconds, scoreSeconds } = await score(truth, predictions);
    seconds.push(readSeconds + scoreSeconds);
  }
  const sorted = seconds.toSorted((a, b) => a - b);
  console.log(
    `ours     ${sorted[2].toFixed(3)} s, reading included (${sorted[0].toFixed(3)} to ${sorted[4].toFixed(3)})`,
  );
  console.log(`first    ${seconds[0].toFixed(3)} s, with everything cold`);
  console.log(`OpenTAD  83.0 s for the golden case "full": ${(83 / seconds[0]).toFixed(0)} times the first run`);
}

async function scoreMade(count: number): Promise<void> {
  const { truth, predictions } = makeDocuments(6_528, count);
  console.log(`document ${Math.round(predictions.length / 2 ** 20)} MiB, made`);
  const { readSeconds, scoreSeconds, average } = await score(truth, predictions);
  console.log(`ours     ${readSeconds.toFixed(1)} s to read, ${scoreSeconds.toFixed(1)} s to score (mAP ${average})`);
}

async function score(truthBytes: Uint8Array, predictionBytes: Uint8Array) {
  const begin = performance.now();
  const truth = truthOfOpenTad(truthBytes, 'truth', { subset: values.subset });
  const predictions = predictionsOfOpenTad(predictionBytes, 'predictions');
  const read = performance.now();
  const { average } = await detectionMapInThreads(truth, predictions, microActions52, { threads });
  const scored = performance.now();
  return { average, readSeconds: (read - begin) / 1000, scoreSeconds: (scored - read) / 1000 };
}

function readBytes(path: string): Uint8Array {
  const bytes = readFileSync(path);
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

/** Three instances a video; predictions around them and elsewhere, each video by score. */
function makeDocuments(videos: number, predictions: number): { truth: Uint8Array; predictions: Uint8Array } {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
  const names = microActions52.actions.map(({ name }) => name);
  const json = (parts: string[], head: string) => Buffer.from(`${head}{${parts.join(',')}}}`);
  const truthParts: string[] = [];
  const chunks: Buffer[] = [Buffer.from('{"results":{')];
  for (let v = 0; v < videos; v++) {
    const instances = Array.from({ length: 3 }, () => {
      const start = random() * 8;
      return { label: names[Math.floor(random() ** 2 * 52)], start, end: start + 0.5 + random() * 4 };
    });
    const annotations = instances.map(({ label, start, end }) => ({ label, segment: [start, end] }));
    truthParts.push(`"video${v}":${JSON.stringify({ duration: 15, annotations })}`);
    const share = Math.floor(((v + 1) * predictions) / videos) - Math.floor((v * predictions) / videos);
    const list = Array.from({ length: share }, () => {
      const near = instances[Math.floor(random() * 3)];
      const noise = () => (random() - 0.5) * 2;
      const label = random() < 0.6 ? near.label : names[Math.floor(random() * 52)];
      const start = Math.max(0, near.start + noise());
      const segment = [round(start, 2), round(Math.max(start + 0.1, near.end + noise()), 2)];
      return { segment, label, score: round(random() ** 4, 4) };
    });
    list.sort((a, b) => b.score - a.score);
    chunks.push(Buffer.from(`${v > 0 ? ',' : ''}"video${v}":${JSON.stringify(list)}`));
  }
  chunks.push(Buffer.from('}}'));
  return { truth: json(truthParts, '{"database":'), predictions: Buffer.concat(chunks) };
}

function round(value: number, places: number): number {
  return Math.round(value * 10 ** places) / 10 ** places;
}
