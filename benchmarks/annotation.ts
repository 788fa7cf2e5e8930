/**
 * Describing, checking, splitting and cutting a data set, and comparing coders, at the size of MMA-52.
 *
 *   npx node benchmarks/annotation.ts
 *
 * The data is made up, so nothing needs to be there; no reference states a time for any of this.
 */
import { adjudicate, agreementBetween } from '../packages/microaction/src/agreement/index.ts';
import {
  defectsOf,
  planCuts,
  splitDataset,
  statisticsOf,
} from '../packages/microaction/src/annotation/dataset/index.ts';
import type { Dataset } from '../packages/microaction/src/annotation/dataset.ts';
import { type Random, seededRandom } from '../packages/microaction/src/random.ts';
import { microActions52 } from '../packages/microaction/src/taxonomy/microActions52.ts';

const videos = 6528;
const runs = 5;

/** Three instances a video of about ten seconds, actions in a long tail, 200 people. */
function study(random: Random): Dataset {
  const names = microActions52.actions.map(({ name }) => name);
  const clips = Array.from({ length: videos }, (_, i) => ({
    id: `v${i}`,
    subject: `p${i % 200}`,
    durationSeconds: 10,
    frameRate: 30,
    instances: Array.from({ length: 3 }, () => {
      const start = random() * 6;
      return { action: names[Math.floor(52 * random() ** 3)], start, end: start + 0.3 + 3.7 * random() };
    }).sort((a, b) => a.start - b.start),
  }));
  return { taxonomy: microActions52, clips };
}

/** As another coder might see it: some instances missed, edges moved by up to 0.2 s. */
function recoded(data: Dataset, random: Random): Dataset {
  const moved = (time: number) => Math.max(0, time + 0.4 * (random() - 0.5));
  const clips = data.clips.map((clip) => ({
    ...clip,
    instances: clip.instances
      .filter(() => random() < 0.9)
      .map((one) => ({ ...one, start: moved(one.start), end: moved(one.end) }))
      .filter(({ start, end }) => start < end),
  }));
  return { ...data, clips };
}

const data = study(seededRandom(1));
const [first, second, third] = [2, 3, 4].map((seed) => recoded(data, seededRandom(seed)));
const long: Dataset = {
  ...data,
  clips: [
    {
      id: 'long',
      durationSeconds: 10 * 360,
      instances: data.clips
        .slice(0, 360)
        .flatMap(({ instances }, i) =>
          instances.map((one) => ({ ...one, start: one.start + 10 * i, end: one.end + 10 * i })),
        ),
    },
  ],
};
const cases: Record<string, () => unknown> = {
  statistics: () => statisticsOf(data),
  defects: () => defectsOf(data),
  'split by subject': () => splitDataset(data),
  'cut one hour': () => planCuts(long),
  'agreement, 2 coders': () => agreementBetween([first, second], { resamples: 0 }),
  'agreement, 2 coders, 1000 resamples': () => agreementBetween([first, second]),
  'agreement, 3 coders, 1000 resamples': () => agreementBetween([first, second, third]),
  'adjudicate, 3 coders': () => adjudicate([first, second, third]),
};
console.log(`${videos} videos, ${3 * videos} instances; node ${process.version}, median of ${runs} runs`);
for (const [name, run] of Object.entries(cases)) {
  run();
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  }).sort((a, b) => a - b);
  const [least, median, most] = [times[0], times[runs >> 1], times[runs - 1]].map((ms) => ms.toFixed(0));
  console.log(`${name.padEnd(38)} ${median.padStart(6)} ms  (${least} to ${most})`);
}
