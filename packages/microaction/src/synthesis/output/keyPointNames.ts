import { bodyPoints } from '../../pose/poseTrack.ts';
import { jointNames } from '../keyPoints/joints.ts';

const points = bodyPoints.length;

/** What the key point files hold, for whoever reads them with other programs. */
export const keyPointNames = {
  path: 'keypoints/names.json',
  content: `${JSON.stringify(
    {
      arrays: {
        timesSeconds: { shape: ['T'], unit: 'seconds from the start of the video' },
        x: { shape: ['T', points], unit: 'pixels to the right of the left edge; NaN where not found' },
        y: { shape: ['T', points], unit: 'pixels below the upper edge; NaN where not found' },
        confidence: { shape: ['T', points], unit: '0 to 1, as a pose network gives it' },
        sizePixels: { shape: [2], unit: 'width and height of the picture' },
        joints3d: {
          shape: ['T', jointNames.length, 3],
          unit: 'true metres: to the left of the person, up from the floor, towards the camera',
        },
      },
      points: bodyPoints,
      joints: jointNames,
    },
    null,
    1,
  )}\n`,
};
