/**
 * The moments of a movement that differ most: the first one, then again and again the one farthest from all chosen.
 *
 * @param poses - [moments][numbers] what a pose is, in units that may be compared
 * @returns positions in `poses`, in order of time; `count` of them, or all where there are no more
 */
export function keyMoments(poses: readonly ArrayLike<number>[], count: number): number[] {
  const chosen = [0];
  const nearest = poses.map((pose) => distance(pose, poses[0]));
  while (chosen.length < Math.min(count, poses.length)) {
    const next = nearest.reduce((best, value, i) => (value > nearest[best] ? i : best), 0);
    const farthest = nearest[next] > 0 ? next : poses.findIndex((_, i) => !chosen.includes(i));
    chosen.push(farthest);
    poses.forEach((pose, i) => {
      nearest[i] = Math.min(nearest[i], distance(pose, poses[farthest]));
    });
  }
  return chosen.sort((a, b) => a - b);
}

// ---- below: internals ----

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum;
}
