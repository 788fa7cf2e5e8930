import { Dice } from '../../dice.ts';
import type { SimulatedClip } from '../simulateClip.ts';
import { renderFrames } from './renderFrames.ts';

/** The pictures of a simulated clip, in order: RGBA, opaque, 8 bits, [height, width, 4]; each holds until the next. */
export function renderClip({ plan, subject, scene, figureAt }: SimulatedClip): Generator<Uint8ClampedArray> {
  const { frameCount, frameRate, seed } = plan;
  return renderFrames(new Dice(seed).fork('pictures'), subject, scene, { figureAt, frameCount, frameRate });
}
