import { draw, eye } from './draw.ts';
import { skeletonOf } from './figure.ts';
import { personOf, shadowsOf } from './person.ts';
import { chair, chairShadows } from './room.ts';
import { poseAt } from './script.ts';

export const widthPixels = 720;
export const heightPixels = 864;

/** The picture at a moment of the script: RGBA, 8 bits, [height, width, 4]. */
export function frameAt(seconds: number): Uint8ClampedArray {
  const pose = poseAt(seconds);
  const skeleton = skeletonOf(pose);
  return draw(
    {
      solids: [...chair, ...personOf(skeleton, pose.eyelids, eye)],
      shadows: [...chairShadows, ...shadowsOf(skeleton)],
    },
    widthPixels,
    heightPixels,
  );
}
