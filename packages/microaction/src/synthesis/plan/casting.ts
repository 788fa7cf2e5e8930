import type { Dice } from '../../dice.ts';
import { UsageError } from '../../errors.ts';
import { shown } from '../../problems.ts';
import { shuffled } from '../../random.ts';

/** Who is in which video, under which name. */
export interface Role {
  readonly id: string;
  readonly subset: string;
  readonly subject: number;
}

/**
 * Gives every video an id, a subset and a subject, in order of subset. Nobody is in two subsets; subjects are split as
 * those of MMA-52 are, videos in the same proportion, and everybody is in equally many of their subset, or in one more.
 * One or two subjects are all for training; from three on every subset has one.
 *
 * @throws UsageError unless there are as many videos as subjects, and both are whole numbers from 1
 */
export function castVideos(dice: Dice, videos: number, subjects: number): Role[] {
  for (const [name, value] of Object.entries({ videos, subjects })) {
    if (Number.isSafeInteger(value) && value > 0) continue;
    throw new UsageError(`${name}: found ${shown(value)}, expected a whole number from 1.`);
  }
  if (subjects > videos) {
    throw new UsageError(`subjects: found ${subjects} for ${videos} videos, expected at most one for each video.`);
  }
  const people = subjects < subsets.length ? [subjects, 0, 0] : apportion(subjects, subjectsOfMma52, 1);
  const shares = apportion(videos, people, 0);
  let first = 0;
  return subsets.flatMap(({ subset, prefix }, index) => {
    const count = shares[index];
    const theirs = Array.from({ length: count }, (_, video) => first + (video % people[index]));
    first += people[index];
    const order = dice.fork(subset);
    return shuffled(theirs, () => order.uniform()).map((subject, video) => ({
      id: `${prefix}${String(video).padStart(4, '0')}`,
      subset,
      subject,
    }));
  });
}

// ---- below: internals ----

const subsets = [
  { subset: 'training', prefix: 'train' },
  { subset: 'validation', prefix: 'val' },
  { subset: 'test', prefix: 'test' },
];

/** Table 1 of the MMA-52 paper. */
const subjectsOfMma52 = [140, 37, 26];

/** Whole numbers in proportion to the shares that sum to the total: by largest remainder, none below `least`. */
function apportion(total: number, shares: readonly number[], least: number): number[] {
  const sum = shares.reduce((a, b) => a + b, 0);
  const exact = shares.map((share) => (total * share) / sum);
  const counts = exact.map((value) => Math.max(least, Math.floor(value)));
  const missing = () => total - counts.reduce((a, b) => a + b, 0);
  const furthest = (sign: 1 | -1) => {
    const off = exact.map((value, i) => (sign < 0 && counts[i] <= least ? -Infinity : sign * (value - counts[i])));
    return off.indexOf(Math.max(...off));
  };
  while (missing() > 0) counts[furthest(1)] += 1;
  while (missing() < 0) counts[furthest(-1)] -= 1;
  return counts;
}
