import type { SimulatedClip } from '../simulateClip.ts';
import { OpticalFlow } from './flow.ts';

/** Optical flow from each frame of a clip to the next: [height, width, 2] each, one fewer than frames. See `OpticalFlow`. */
export function* clipFlow({ plan, subject, scene, figureAt }: SimulatedClip): Generator<Float32Array> {
  const flow = new OpticalFlow(subject, scene);
  const momentAt = (frame: number) => ({
    figure: figureAt(frame / plan.frameRate),
    seconds: frame / plan.frameRate,
  });
  let from = momentAt(0);
  for (let frame = 1; frame < plan.frameCount; frame++) {
    const to = momentAt(frame);
    yield flow.between(from, to);
    from = to;
  }
}
