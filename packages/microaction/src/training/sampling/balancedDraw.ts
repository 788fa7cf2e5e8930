import type { Dice } from '../../dice.ts';
import { shuffled } from '../../random.ts';

/**
 * As many draws as there are videos, those with rare classes more often: a video counts by the rarest class in it,
 * (the commonest class's videos / its videos) ^ balance. How often each comes is its share, rounded up or down by chance,
 * so that a balance of 0 gives each once.
 *
 * @param classesOf - of each video
 * @param balance - 0 to 1, from as often as they come to all classes alike
 * @returns numbers of videos, in random order
 */
export function balancedDraw(classesOf: readonly Iterable<number>[], balance: number, dice: Dice): number[] {
  const inOrder = shuffled([...classesOf.keys()], () => dice.uniform());
  if (balance === 0) return inOrder;
  const counts = new Map<number, number>();
  for (const classes of classesOf) for (const id of new Set(classes)) counts.set(id, (counts.get(id) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const weights = classesOf.map((classes) => {
    const least = Math.min(most, ...Array.from(new Set(classes), (id) => counts.get(id) as number));
    return (most / least) ** balance;
  });
  const step = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  const drawn: number[] = [];
  let mark = dice.uniform() * step;
  for (const video of inOrder) {
    for (mark += weights[video]; mark >= step && drawn.length < weights.length; mark -= step) drawn.push(video);
  }
  while (drawn.length < weights.length) drawn.push(inOrder[inOrder.length - 1]); // only rounding leaves one out
  return shuffled(drawn, () => dice.uniform());
}
