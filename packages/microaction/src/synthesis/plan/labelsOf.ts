import { compareInstances, type Instance } from '../../annotation/dataset.ts';
import type { ClipPlan } from './plan.ts';

/**
 * What a coder would write down: each act as far as the clip shows it, in order. Times are frames divided by the
 * frame rate; the first is 0 at the earliest, the last that of the last frame, `frameCount - 1`, as in MMA-52.
 */
export function labelsOf({ acts, frameRate, frameCount }: ClipPlan): Instance[] {
  const frameOf = (seconds: number) => Math.max(0, Math.min(frameCount - 1, Math.round(seconds * frameRate)));
  return acts
    .map(({ action, start, end }) => ({ action, start: frameOf(start) / frameRate, end: frameOf(end) / frameRate }))
    .sort(compareInstances);
}
