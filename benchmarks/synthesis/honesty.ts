/**
 * Two tests of whether the simulator is honest.
 *
 *   npx node benchmarks/synthesis/honesty.ts [--videos 40] [--clips 1040] [--seed 7] [--keep FOLDER]
 *
 * Motion: videos are rendered, decoded, searched by the kinematic detector through the real pose networks (it was not
 * made for the simulator) and scored, by the project's own commands. Chance is the same predictions, each video's given
 * to another one and stretched to its length; the mean of 50 shuffles.
 *
 * Appearance: clips of one action each, all actions as often, are told apart by the nearest neighbour among clips of
 * other people, by nothing but the mean of their pictures. That should do badly: how they move has to be looked at.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Clip, Dataset } from '../../packages/microaction/src/annotation/dataset.ts';
import {
  type DetectionMap,
  detectionMap,
  predictionsOfDataset,
  truthOfDataset,
} from '../../packages/microaction/src/evaluation/index.ts';
import { readDataset } from '../../packages/microaction/src/files/readDataset.ts';
import { seededRandom, shuffled } from '../../packages/microaction/src/random.ts';
import { microActions52 as taxonomy } from '../../packages/microaction/src/taxonomy/microActions52.ts';
import { openVideo } from '../../packages/microaction/src/video/node.ts';

const { values } = parseArgs({
  options: {
    videos: { type: 'string', default: '40' },
    clips: { type: 'string', default: '1040' },
    seed: { type: 'string', default: '7' },
    keep: { type: 'string' },
  },
});
const columns: Record<string, (one: DetectionMap) => number> = {
  'mAP at tIoU 0.2': ({ body }) => body.map[1],
  'mAP at tIoU 0.5': ({ body }) => body.map[4],
  'mAP, mean of 0.1 to 0.9': ({ body }) => body.average,
};

const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'microaction-honesty-'));
try {
  console.log(`machine  ${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}`);
  if (Number(values.videos) > 0) await motion(join(folder, 'videos'), values.videos);
  if (Number(values.clips) > 0) await appearance(join(folder, 'clips'), values.clips);
} finally {
  if (values.keep === undefined) rmSync(folder, { recursive: true });
}

// ---

async function motion(out: string, videos: string): Promise<void> {
  const subjects = String(Math.ceil(Number(videos) / 2));
  microaction(['synthesize', out, '--videos', videos, '--subjects', subjects, '--seed', values.seed]);
  const predictionsPath = join(out, '..', 'predictions.json');
  if (!existsSync(predictionsPath)) {
    const files = readdirSync(join(out, 'videos')).map((name) => join(out, 'videos', name));
    writeFileSync(predictionsPath, microaction(['detect', ...files, '--json']));
  }
  const truthPath = join(out, 'annotations.json');
  const evaluation = ['evaluate', 'detection', '--truth', truthPath, '--predictions', predictionsPath];
  console.log(`\n${microaction(evaluation)}`);

  const truth = await dataset(truthPath);
  const predictions = named(await dataset(predictionsPath));
  const score = (dataset: Dataset) =>
    detectionMap(truthOfDataset(truth, truthPath), predictionsOfDataset(dataset, predictionsPath), taxonomy);
  const lengths = new Map(truth.clips.map(({ id, durationSeconds }) => [id, durationSeconds!]));
  const random = seededRandom(Number(values.seed));
  const chance = Array.from({ length: 50 }, () => score(exchanged(predictions, lengths, random)));
  const found = score(predictions);
  console.log(`body level, ${videos} videos      found  chance  ratio`);
  for (const [name, of] of Object.entries(columns)) {
    const byChance = chance.reduce((sum, one) => sum + of(one), 0) / chance.length;
    const cells = [of(found) * 100, byChance * 100].map((value) => value.toFixed(2).padStart(7));
    console.log(`  ${name.padEnd(24)} ${cells.join(' ')}  ${(of(found) / byChance).toFixed(1).padStart(5)}`);
  }
}

/** By the names of the data set, not by the paths that were given. */
function named({ clips, taxonomy }: Dataset): Dataset {
  return { taxonomy, clips: clips.map((clip) => ({ ...clip, id: parse(clip.id).name })) };
}

/** Each video gets the instances of another one, stretched to its length. */
function exchanged({ clips }: Dataset, lengths: ReadonlyMap<string, number>, random: () => number): Dataset {
  const others = shuffled(clips, random);
  // Whoever drew themselves gets the next one's.
  const donor = (i: number) => (others[i].id === clips[i].id ? others[(i + 1) % others.length] : others[i]);
  return {
    taxonomy,
    clips: clips.map(({ id }, i): Clip => {
      const factor = lengths.get(id)! / lengths.get(donor(i).id)!;
      const instances = donor(i).instances.map((one) => ({
        ...one,
        start: one.start * factor,
        end: one.end * factor,
      }));
      return { id, instances };
    }),
  };
}

async function appearance(out: string, clips: string): Promise<void> {
  const subjects = String(Math.max(3, Math.round(Number(clips) / 10)));
  const settings = ['--layout', 'ma52', '--balance', 'uniform', '--size', '128', '--seed', values.seed];
  microaction(['synthesize', out, '--videos', clips, '--subjects', subjects, ...settings]);
  const [known, asked] = [await looksOf(out, ['train']), await looksOf(out, ['val', 'test'])];
  const parts = taxonomy.actions.map(({ bodyPart }) => bodyPart);
  let actions = 0;
  let bodyParts = 0;
  for (const { look, action } of asked) {
    const nearest = known.reduce(
      (best, other) => {
        const distance = distanceOf(look, other.look);
        return distance < best.distance ? { distance, action: other.action } : best;
      },
      { distance: Number.POSITIVE_INFINITY, action: -1 },
    );
    if (nearest.action === action) actions += 1;
    if (parts[nearest.action] === parts[action]) bodyParts += 1;
  }
  const chance = known.filter(({ action }) => parts[action] === 'C').length / known.length;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  console.log(`\nnearest neighbour by mean picture, ${asked.length} clips against ${known.length} of other people`);
  console.log(`  action     ${percent(actions / asked.length)} right, chance ${percent(1 / taxonomy.actions.length)}`);
  console.log(`  body part  ${percent(bodyParts / asked.length)} right, always "upper limb" ${percent(chance)}`);
}

async function looksOf(out: string, subsets: readonly string[]) {
  const looks: { look: Float64Array; action: number }[] = [];
  for (const subset of subsets) {
    const lines = readFileSync(join(out, `${subset}_list_videos.txt`), 'utf8')
      .trim()
      .split(/\r?\n/);
    for (const line of lines) {
      const [name, label] = line.split(' ');
      looks.push({ look: await meanPicture(join(out, subset, name)), action: Number(label) });
    }
  }
  return looks;
}

/** [32, 32, 3] */
async function meanPicture(path: string): Promise<Float64Array> {
  await using video = await openVideo(path);
  const sum = new Float64Array(32 * 32 * 3);
  let count = 0;
  for await (const { data } of video.frames({ widthPixels: 32, heightPixels: 32 })) {
    for (let i = 0; i < sum.length; i++) sum[i] += data[i];
    count += 1;
  }
  return sum.map((value) => value / count);
}

function distanceOf(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum;
}

async function dataset(path: string): Promise<Dataset> {
  return (await readDataset(path, { taxonomy })).dataset;
}

/** What a command prints. */
function microaction(command: readonly string[]): string {
  const main = fileURLToPath(new URL('../../packages/microaction/src/cli/main.ts', import.meta.url));
  const begin = performance.now();
  const { status, stdout } = spawnSync(process.execPath, [main, ...command], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`microaction ${command[0]} ended with ${status}`);
  console.log(`${command[0].padEnd(10)} ${((performance.now() - begin) / 1000).toFixed(1)} s`);
  return stdout;
}
