import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.ts';
import { clipTensor, frameTensor, imageNet, unitRange } from './frameTensor.ts';

const frame = (first: number, widthPixels = 2, heightPixels = 1) => ({
  widthPixels,
  heightPixels,
  data: Uint8Array.from({ length: widthPixels * heightPixels * 3 }, (_, i) => first + i),
});

describe('a frame as a tensor', () => {
  it('is planar and from 0 to 1', () => {
    const { data, shape } = frameTensor({ ...frame(0), data: Uint8Array.from([255, 0, 51, 0, 102, 255]) });
    expect(shape).toEqual([3, 1, 2]);
    [1, 0, 0, 0.4, 0.2, 1].forEach((value, i) => {
      expect(data[i]).toBeCloseTo(value, 6);
    });
  });

  it('is normalised channel by channel', () => {
    const { data } = frameTensor(frame(100), imageNet);
    expect(data[0]).toBeCloseTo((100 / 255 - 0.485) / 0.229, 5);
    expect(data[3]).toBeCloseTo((104 / 255 - 0.456) / 0.224, 5);
    expect(data[4]).toBeCloseTo((102 / 255 - 0.406) / 0.225, 5);
  });
});

describe('a clip as a tensor', () => {
  it('puts channels before frames, also where each frame reuses the memory of the last', async () => {
    async function* frames() {
      const reused = frame(0);
      for (const first of [10, 20, 30]) yield Object.assign(reused, { data: reused.data.fill(first) });
    }
    const { data, shape } = await clipTensor(frames());
    expect(shape).toEqual([3, 3, 1, 2]);
    const wanted = [0, 1, 2].flatMap(() => [10, 10, 20, 20, 30, 30]);
    expect([...data].map((value) => Math.round(value * 255))).toEqual(wanted);
  });

  it('holds of each frame what frameTensor gives', async () => {
    const clip = await clipTensor([frame(3), frame(90)], unitRange);
    const second = frameTensor(frame(90));
    for (let c = 0; c < 3; c++) {
      expect(clip.data.subarray((c * 2 + 1) * 2, (c * 2 + 2) * 2)).toEqual(second.data.subarray(c * 2, c * 2 + 2));
    }
  });

  it('refuses frames of different size, and none', async () => {
    await expect(clipTensor([frame(0), frame(0, 3)])).rejects.toThrow(/frame 1 has 3 x 1 pixels, the first 2 x 1/);
    await expect(clipTensor([])).rejects.toThrow(UsageError);
  });
});
