import type { ClipPlan } from './plan/plan.ts';
import { planClips } from './plan/planClips.ts';
import type { PlanOptions } from './plan/planOptions.ts';
import { planVideos } from './plan/planVideos.ts';
import { type ClipSettings, type SimulatedClip, simulateClip } from './simulateClip.ts';

export interface DatasetSettings extends PlanOptions, Partial<Pick<ClipSettings, 'sizePixels' | 'maskEyes'>> {
  /**
   * `mma52` (default): videos of several acts that overlap, for detection. `ma52`: trimmed clips of one act each, for
   * recognition.
   */
  readonly layout?: 'mma52' | 'ma52';
}

/**
 * A data set of simulated people, clip by clip: labels, key points, joints; `renderClip` draws its pictures. The same
 * settings give the same clips; none is kept, so any number can be gone through.
 *
 * @throws what `planDataset` throws
 */
export async function* simulateDataset(settings: DatasetSettings): AsyncGenerator<SimulatedClip> {
  const { seed, sizePixels = defaultSizePixels, maskEyes } = settings;
  for (const plan of planDataset(settings)) yield simulateClip(plan, { seed, sizePixels, maskEyes });
}

/**
 * @throws UsageError where a setting makes no sense
 * @throws UserError `unknown-action`
 */
export function planDataset({ layout = 'mma52', ...options }: DatasetSettings): readonly ClipPlan[] {
  return layout === 'ma52' ? planClips(options) : planVideos(options);
}

export const defaultSizePixels = 256;
