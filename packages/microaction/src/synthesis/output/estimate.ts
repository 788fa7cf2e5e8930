import { bodyPoints } from '../../pose/poseTrack.ts';
import { jointCount } from '../keyPoints/joints.ts';
import type { ClipPlan } from '../plan/plan.ts';
import type { Pictures } from './layouts.ts';

/** How large the files of a clip are going to be, bytes: key points exactly, the video about. */
export function bytesOf({ frameCount }: Pick<ClipPlan, 'frameCount'>, pictures: Pictures): number {
  const { widthPixels, heightPixels, videos, flow } = pictures;
  const keyPoints = keyPointFileBytes + frameCount * keyPointFrameBytes;
  const video = videoFileBytes + frameCount * widthPixels * heightPixels * videoBytesPerPixel;
  const flows = frameCount * widthPixels * heightPixels * flowBytesPerPixel;
  return keyPoints + (videos ? video : 0) + (flow ? flows : 0);
}

/** The same for all clips of a data set, its labels included. */
export function datasetBytes(plans: readonly Pick<ClipPlan, 'frameCount'>[], pictures: Pictures): number {
  return plans.reduce((sum, plan) => sum + bytesOf(plan, pictures) + labelBytes, 0);
}

// ---- below: internals ----

/** Three numbers a point, three a joint, the time. */
const keyPointFrameBytes = 4 * (3 * bodyPoints.length + 3 * jointCount) + 8;
/** Headers of the six arrays and of the archive, rounded up. */
const keyPointFileBytes = 2000;
/** Headers and tables of an MP4, rounded up. */
const videoFileBytes = 8000;
/** Measured on simulated pictures of 256 px with sensor noise, as `writeVideo` encodes them: 0.0065; and a reserve. */
const videoBytesPerPixel = 0.01;
/** Packed: 0.6 to 1.5 measured, the more where the camera trembles. */
const flowBytesPerPixel = 1.6;
/** A clip's rows of tables and JSON. */
const labelBytes = 1200;
