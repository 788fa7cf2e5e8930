import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeNpz } from 'onnxgrad/weights';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bodyPoints } from '../../pose/poseTrack.ts';
import { jointCount } from '../keyPoints/joints.ts';
import { bytesOf } from './estimate.ts';
import { type KeyPoints, packKeyPoints, unpackKeyPoints } from './keyPointFile.ts';
import { readKeyPoints, writeKeyPoints } from './keyPointFileNode.ts';

function keyPoints(times: number): KeyPoints {
  const values = (count: number, scale: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(i) * scale);
  const x = values(times * 33, 100);
  x[5] = Number.NaN;
  return {
    track: {
      points: bodyPoints,
      timesSeconds: Float64Array.from({ length: times }, (_, i) => i / 30),
      x,
      y: values(times * 33, 200),
      confidence: values(times * 33, 1),
      widthPixels: 256,
      heightPixels: 320,
    },
    joints: values(times * jointCount * 3, 1),
  };
}

describe('a key point file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-keypoints-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('holds what was written, gaps and all', async () => {
    const path = join(folder, 'keypoints', 'train0000.npz');
    await writeKeyPoints(path, keyPoints(90));
    expect(await readKeyPoints(path)).toEqual(keyPoints(90));
  });

  it('has the same bytes for the same numbers, as many as were expected', () => {
    const bytes = packKeyPoints(keyPoints(200));
    expect(packKeyPoints(keyPoints(200))).toEqual(bytes);
    const expected = bytesOf({ frameCount: 200 }, { widthPixels: 256, heightPixels: 320, videos: false });
    expect(bytes.length).toBeLessThanOrEqual(expected);
    expect(bytes.length).toBeGreaterThan(expected - 1500);
  });

  it.each([
    ['x: found nothing, expected float32 [2, 33]', 'bad-key-points', ['timesSeconds', 'sizePixels']],
    ['timesSeconds: found nothing, expected float64 [0]', 'bad-key-points', []],
  ])('says what is missing: %s', async (message, code, kept) => {
    const path = join(folder, 'part.npz');
    const whole = new Map([
      ['timesSeconds', { dtype: 'float64' as const, shape: [2], data: Float64Array.of(0, 1) }],
      ['sizePixels', { dtype: 'int32' as const, shape: [2], data: Int32Array.of(256, 320) }],
    ]);
    await writeFile(path, writeNpz(new Map([...whole].filter(([key]) => kept.includes(key)))));
    await expect(readKeyPoints(path)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('says that it is damaged, missing or empty', async () => {
    const bytes = packKeyPoints(keyPoints(3));
    bytes[bytes.length >> 1] ^= 255;
    await expect(unpackKeyPoints(bytes, 'a.npz')).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('a.npz'),
    });
    await expect(readKeyPoints(join(folder, 'no.npz'))).rejects.toMatchObject({ code: 'no-such-file' });
    await writeFile(join(folder, 'empty.npz'), '');
    await expect(readKeyPoints(join(folder, 'empty.npz'))).rejects.toMatchObject({ code: 'empty-file' });
  });
});
