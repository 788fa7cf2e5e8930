/**
 * How near simulated videos come to what was counted in the training split of MMA-52.
 *
 *   npx node benchmarks/synthesis/statistics.ts [--videos 4500] [--subjects 203] [--seed 1]
 *
 * The same numbers as `microaction dataset stats` gives for what `microaction synthesize` writes.
 */
import { parseArgs } from 'node:util';
import { statisticsOf } from '../../packages/microaction/src/annotation/dataset/statistics.ts';
import { clipOf } from '../../packages/microaction/src/synthesis/plan/clipOf.ts';
import {
  countedActions,
  countedConcurrency,
  countedOverlapping,
  countedVideos,
} from '../../packages/microaction/src/synthesis/plan/counted.ts';
import { planDataset } from '../../packages/microaction/src/synthesis/simulateDataset.ts';
import { microActions52 as taxonomy } from '../../packages/microaction/src/taxonomy/microActions52.ts';

const { values } = parseArgs({
  options: {
    videos: { type: 'string', default: '4500' },
    subjects: { type: 'string', default: '203' },
    seed: { type: 'string', default: '1' },
  },
});
const plans = planDataset({
  videos: Number(values.videos),
  subjects: Number(values.subjects),
  seed: Number(values.seed),
});
const clips = plans.map((plan) => clipOf(plan, { widthPixels: 256, heightPixels: 256 }));
const { all } = statisticsOf({ taxonomy, clips });

const rows: [what: string, counted: number, simulated: number][] = [];
const videos = sum(countedVideos.map(([, count]) => count));
const instances = sum(Object.values(countedActions).map(([count]) => count));
rows.push(['instances in a video, mean', instances / videos, all.instancesPerVideo!]);
for (const [size, count] of countedVideos.filter(([, count]) => count / videos > 0.01)) {
  const simulated = all.videosByInstances.find(({ instances }) => instances === size)?.videos ?? 0;
  rows.push([`videos with ${size}, %`, (100 * count) / videos, (100 * simulated) / all.videos]);
}
countedConcurrency.forEach((share, level) => {
  rows.push([`time with ${level} at once, %`, 100 * share, 100 * (all.concurrency.levels[level]?.share ?? 0)]);
});
rows.push(['instances that overlap, %', 100 * countedOverlapping, 100 * all.concurrency.overlappingShare!]);
for (const { action, share, meanSeconds } of all.actions) {
  const [count, mean] = countedActions[action];
  if (count / instances <= 0.01) continue;
  rows.push([`${action}, share in %`, (100 * count) / instances, 100 * share]);
  rows.push([`${action}, mean s`, mean, meanSeconds!]);
}

console.log(`${values.videos} simulated videos, seed ${values.seed}, against MMA-52 train`);
console.log(`${'what'.padEnd(36)} counted  simulated  difference`);
for (const [what, counted, simulated] of rows) {
  const difference = `${(100 * (simulated / counted - 1)).toFixed(1)} %`;
  const cells = [counted.toFixed(2).padStart(7), simulated.toFixed(2).padStart(9), difference.padStart(10)];
  console.log(`${what.padEnd(36)} ${cells.join('  ')}`);
}
const worst = rows.reduce((a, b) => (deviation(b) > deviation(a) ? b : a));
console.log(`worst: ${worst[0]}, ${(100 * deviation(worst)).toFixed(1)} %`);

// ---

function deviation([, counted, simulated]: (typeof rows)[number]): number {
  return Math.abs(simulated / counted - 1);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, value) => total + value, 0);
}
