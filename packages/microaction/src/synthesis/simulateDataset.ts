import type { ClipPlan } from './plan/plan.ts';
import { planClips } from './plan/planClips.ts';
import type { PlanOptions } from './plan/planOptions.ts';
import { planVideos } from './plan/planVideos.ts';
import { type ClipSettings, type SimulatedClip, simulateClip } from './simulateClip.ts';

/** `mma52`: videos of several acts that overlap. `ma52`: trimmed clips of one act each. */
export type Layout = 'mma52' | 'ma52';
export const layouts = ['mma52', 'ma52'] as const satisfies readonly Layout[];

export interface DatasetSettings extends PlanOptions, Partial<Pick<ClipSettings, 'sizePixels' | 'maskEyes'>> {
  /** `mma52` when absent. */
  readonly layout?: Layout;
}

/**
 * @throws UsageError where a setting makes no sense
 * @throws UserError `unknown-action`
 */
export function planDataset({ layout = 'mma52', ...options }: DatasetSettings): readonly ClipPlan[] {
  return layout === 'ma52' ? planClips(options) : planVideos(options);
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

export const defaultSizePixels = 256;
