import { type Motions, movements } from './movements.ts';

/** The movement with the largest share, for each track. shares: [tracks, movements] */
export function verdicts(shares: Float32Array): number[] {
  return Array.from({ length: shares.length / movements.length }, (_, track) => {
    const row = shares.subarray(track * movements.length, (track + 1) * movements.length);
    return row.indexOf(Math.max(...row));
  });
}

/** The part of tracks that are taken for what they are, 0 to 1. */
export function accuracy(shares: Float32Array, { labels }: Motions): number {
  return verdicts(shares).filter((verdict, track) => verdict === labels[track]).length / labels.length;
}

/** How many tracks of one movement (first position) were taken for another (second). */
export function confusion(shares: Float32Array, { labels }: Motions): number[][] {
  const counts = movements.map(() => movements.map(() => 0));
  for (const [track, verdict] of verdicts(shares).entries()) counts[labels[track]][verdict]++;
  return counts;
}
