/**
 * Recognition metrics at both levels, from the bytes of a score file to numbers, beside the Python reference.
 *
 *   npx node benchmarks/recognition.ts [SCORES.npy]
 *
 * The reference (scikit-learn 1.2.1 and the official code, scores in memory already) took 0.191 s for the 5,586 test
 * clips of MA-52 on the same kind of machine, two cores. Ours is the first run, with everything cold, and the median of
 * the twenty after it. Without SCORES, scores for 5,586 clips are made, on twenty levels, so that many are equal.
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { writeNpy } from 'onnxgrad/weights';
import {
  evaluateRecognition,
  readScores,
  type ScoreTable,
} from '../packages/microaction/src/evaluation/recognition/index.ts';
import { microActions52 } from '../packages/microaction/src/taxonomy/microActions52.ts';

const referenceMs = 191;
const { actions } = microActions52;

const path = process.argv[2];
const bytes = path === undefined ? makeScores(5586) : readFileSync(path);
const { clips } = readScores(bytes, path ?? 'made.npy') as ScoreTable;
const labels = {
  clips: Array.from({ length: clips }, (_, i) => ({ file: `${i}.mp4`, action: actions[i % actions.length].name })),
};
const [first, ...rest] = Array.from({ length: 21 }, () => {
  const start = performance.now();
  evaluateRecognition(labels, readScores(bytes, 'scores.npy'), microActions52);
  return performance.now() - start;
});
const sorted = rest.toSorted((a, b) => a - b);
console.log(`machine   ${cpus()[0].model}, Node ${process.version}`);
console.log(`clips     ${clips}`);
console.log(`first     ${first.toFixed(1)} ms`);
console.log(`ours      ${sorted[10].toFixed(1)} ms (${sorted[0].toFixed(1)} to ${sorted[19].toFixed(1)})`);
console.log(`reference ${referenceMs} ms for 5586 clips: ${(referenceMs / sorted[10]).toFixed(1)} times ours`);

// ---

function makeScores(clips: number): Uint8Array {
  let state = 1;
  const data = Float32Array.from({ length: clips * actions.length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return Math.floor(((state >>> 0) / 2 ** 32) * 20) / 20;
  });
  return writeNpy({ dtype: 'float32', shape: [clips, actions.length], data });
}
