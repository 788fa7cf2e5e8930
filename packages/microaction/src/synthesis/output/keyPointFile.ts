import { readNpz, type TensorData, WeightsError, writeNpz } from 'onnxgrad/weights';
import { UserError } from '../../errors.ts';
import { bodyPoints, type PoseTrack } from '../../pose/poseTrack.ts';
import { jointCount } from '../keyPoints/joints.ts';

/** What is known of the movement in one clip. */
export interface KeyPoints {
  /** What the pose networks would have seen: 33 points. */
  readonly track: PoseTrack;
  /** The truth: [T, J, 3] metres, as `jointsOf` orders them. */
  readonly joints: Float32Array;
}

/** The bytes of a key point file: an `.npz` that NumPy reads. The same numbers give the same bytes. */
export function packKeyPoints({ track, joints }: KeyPoints): Uint8Array {
  const { timesSeconds, x, y, confidence, widthPixels, heightPixels } = track;
  const times = timesSeconds.length;
  const float32 = (data: Float32Array, ...shape: number[]): TensorData => ({ dtype: 'float32', shape, data });
  return writeNpz(
    new Map<string, TensorData>([
      ['timesSeconds', { dtype: 'float64', shape: [times], data: timesSeconds }],
      ['x', float32(x, times, bodyPoints.length)],
      ['y', float32(y, times, bodyPoints.length)],
      ['confidence', float32(confidence, times, bodyPoints.length)],
      ['sizePixels', { dtype: 'int32', shape: [2], data: Int32Array.of(widthPixels, heightPixels) }],
      ['joints3d', float32(joints, times, jointCount, 3)],
    ]),
  );
}

/**
 * Reads what `packKeyPoints` wrote.
 *
 * @param name - of the file, for messages
 * @throws UserError `bad-key-points`, `bad-zip`, `bad-npy`
 */
export async function unpackKeyPoints(bytes: Uint8Array, name: string): Promise<KeyPoints> {
  const arrays = await readNpz(bytes, name).catch((error) => {
    throw error instanceof WeightsError ? new UserError(error.code, error.message, { cause: error }) : error;
  });
  const times = arrays.get('timesSeconds')?.shape[0] ?? 0;
  const array = <D extends 'float32' | 'float64' | 'int32'>(key: string, dtype: D, ...shape: number[]) => {
    const found = arrays.get(key);
    if (found?.dtype === dtype && String(found.shape) === String(shape)) return (found as TensorData<D>).data;
    const what = found ? `${found.dtype} [${found.shape.join(', ')}]` : 'nothing';
    const expected = `${dtype} [${shape.join(', ')}]`;
    throw new UserError(
      'bad-key-points',
      `${name}: ${key}: found ${what}, expected ${expected}; is it a key point file of a simulated data set?`,
    );
  };
  const timesSeconds = array('timesSeconds', 'float64', times);
  const [widthPixels, heightPixels] = array('sizePixels', 'int32', 2);
  const byPoint = (key: string) => array(key, 'float32', times, bodyPoints.length);
  return {
    track: {
      points: bodyPoints,
      timesSeconds,
      x: byPoint('x'),
      y: byPoint('y'),
      confidence: byPoint('confidence'),
      widthPixels,
      heightPixels,
    },
    joints: array('joints3d', 'float32', times, jointCount, 3),
  };
}
