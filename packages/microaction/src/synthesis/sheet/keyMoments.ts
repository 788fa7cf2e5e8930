/**
 * The moments that tell most of a movement: the first one, then again and again the one farthest from all chosen. Time
 * counts too, so that what lasts is shown for longer than what passes.
 *
 * @param poses - [moments][numbers] what a pose is, in units that may be compared; as much time from each to the next
 * @returns positions in `poses`, in order of time; `count` of them, or all where there are no more
 */
export function keyMoments(poses: readonly ArrayLike<number>[], count: number): number[] {
  const furthest = Math.max(...poses.map((pose) => distance(pose, poses[0])));
  const apart = (i: number, j: number) =>
    distance(poses[i], poses[j]) + furthest * (timeCounts * ((i - j) / poses.length)) ** 2;
  const chosen = [0];
  const nearest = poses.map((_, i) => apart(i, 0));
  while (chosen.length < Math.min(count, poses.length)) {
    const next = nearest.reduce((best, value, i) => (value > nearest[best] ? i : best), 0);
    const farthest = nearest[next] > 0 ? next : poses.findIndex((_, i) => !chosen.includes(i));
    chosen.push(farthest);
    poses.forEach((_, i) => {
      nearest[i] = Math.min(nearest[i], apart(i, farthest));
    });
  }
  return chosen.sort((a, b) => a - b);
}

// ---- below: internals ----

/** How much a whole movement's time counts beside the greatest distance from its first pose. */
const timeCounts = 0.7;

/** Squared. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum;
}
