import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testPicture } from '../../../pose-models/scripts/testPicture.ts';
import { openVideo } from '../video/node.ts';
import type { Frame, Video } from '../video/video.ts';
import { estimatePose } from './estimatePose.ts';
import { fusePose } from './fusePose.ts';
import type { PoseNetworks } from './network.ts';
import { loadPoseNetworks } from './onnxNode.ts';
import type { BodyPoint, PoseTrack } from './poseTrack.ts';

let networks: PoseNetworks;
beforeAll(async () => {
  networks = await loadPoseNetworks();
});
afterAll(() => networks.dispose());

describe('estimating the pose of a drawn person', () => {
  it('follows it as it moves, at the times of the samples', async () => {
    const video = drawnVideo((time) => [{ x: 60 + 30 * time, y: 20, size: 256 }]);
    const seconds: number[] = [];
    const { moveNet, blazePose } = await estimatePose(video, {
      networks,
      sampleRate: 5,
      onProgress: ({ stage, doneSeconds }) => stage === 'following the person' && seconds.push(doneSeconds),
    });
    expect([...moveNet.timesSeconds]).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4, 1.6, 1.8]);
    expect(seconds).toEqual([...moveNet.timesSeconds]);
    for (const track of [moveNet, blazePose]) {
      expect(track.widthPixels).toBe(480);
      for (const [index, time] of track.timesSeconds.entries()) {
        const { x, y } = pointOf(track, 'nose', index); // between mouth and eyes, in the middle of the picture
        expect(Math.abs(x - (60 + 30 * time + 0.5 * 256))).toBeLessThan(4);
        expect(Math.abs(y - (20 + 0.21 * 256))).toBeLessThan(6);
      }
    }
  });

  it('takes the larger of two, or the one in the box', async () => {
    const video = drawnVideo(() => [
      { x: 0, y: 20, size: 256 },
      { x: 270, y: 60, size: 200 },
    ]);
    const larger = await estimatePose(video, { networks, sampleRate: 1 });
    expect(pointOf(larger.blazePose, 'nose', 0).x).toBeCloseTo(128, -1);
    const box = { x: 320, y: 70, width: 100, height: 190 };
    const boxed = await estimatePose(video, { networks, sampleRate: 1, person: box });
    expect(pointOf(boxed.blazePose, 'nose', 0).x).toBeCloseTo(370, -1);
  });

  it('says so when the box shows nobody', async () => {
    const video = drawnVideo(() => [{ x: 0, y: 20, size: 256 }]);
    const person = { x: 350, y: 10, width: 100, height: 200 };
    await expect(estimatePose(video, { networks, person })).rejects.toMatchObject({
      code: 'no-person',
      message: expect.stringContaining('350,10,100,200'),
    });
  });

  it('stops when told, and the networks can be used again', async () => {
    const controller = new AbortController();
    const video = drawnVideo(() => [{ x: 60, y: 20, size: 256 }]);
    const running = estimatePose(video, {
      networks,
      signal: controller.signal,
      onProgress: ({ stage }) => stage === 'following the person' && controller.abort(),
    });
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect((await estimatePose(video, { networks, sampleRate: 1 })).moveNet.timesSeconds).toHaveLength(2);
  });
});

describe('a video without a person', () => {
  let state = 1;
  const random = () => ((state = (state * 1103515245 + 12345) % 2147483648) / 2147483648) * 256;
  const pictures: Record<string, (x: number, y: number, channel: number) => number> = {
    'one colour': () => 128,
    noise: () => random(),
    'colour bars': (x, _, channel) => (((x / 60) >> channel) & 1) * 255,
    chequers: (x, y) => (((x >> 5) + (y >> 5)) & 1) * 255,
    'a slope': (x, y) => (x + y) / 4,
    'an empty room': (x, y, channel) => {
      const floor = y > 240 + Math.abs(x - 240) / 8;
      const door = x > 300 && x < 380 && y > 90 && y < 250;
      const table = x > 90 && x < 210 && y > 200 && y < 215;
      return [205, 200, 190][channel] - (floor ? 70 : 0) - (door ? 60 : 0) - (table ? 110 : 0);
    },
  };
  for (const [name, value] of Object.entries(pictures)) {
    it(`has no person: ${name}`, async () => {
      await expect(
        estimatePose(
          drawnVideo(() => [], value),
          { networks },
        ),
      ).rejects.toMatchObject({ code: 'no-person' });
    });
  }
});

const clips = new URL('../../../../../shared/clips/', import.meta.url);
describe.skipIf(!existsSync(clips))('real clips (skipped where they are not at hand)', () => {
  it('a nod moves the nose against the shoulders, well above the noise', async () => {
    const { rise, noise } = await noseAgainstShoulders('B1_0019_02_0078.mp4', 'y');
    expect(rise).toBeGreaterThan(6);
    expect(rise).toBeLessThan(20);
    expect(noise).toBeLessThan(1);
  });

  it('a head turn moves it sideways further than a nod does', async () => {
    const { rise } = await noseAgainstShoulders('B3_0010_02_0101.mp4', 'x');
    expect(rise).toBeGreaterThan(20);
  });

  async function noseAgainstShoulders(clip: string, axis: 'x' | 'y') {
    await using video = await openVideo(fileURLToPath(new URL(clip, clips)));
    const pose = fusePose(await estimatePose(video, { networks, sampleRate: 30 }));
    const values = Array.from(pose.timesSeconds, (_, index) => {
      const shoulders = pointOf(pose, 'leftShoulder', index)[axis] + pointOf(pose, 'rightShoulder', index)[axis];
      return pointOf(pose, 'nose', index)[axis] - shoulders / 2;
    });
    const bends = values.slice(2).map((value, index) => Math.abs(value - 2 * values[index + 1] + values[index]));
    const sorted = values.toSorted((a, b) => a - b);
    return {
      rise: sorted[Math.floor(sorted.length * 0.97)] - sorted[Math.floor(sorted.length * 0.03)],
      noise: (1.48 * bends.toSorted((a, b) => a - b)[bends.length >> 1]) / Math.sqrt(6),
    };
  }
});

function pointOf({ points, x, y }: PoseTrack, point: BodyPoint, time: number) {
  const index = time * points.length + points.indexOf(point);
  return { x: x[index], y: y[index] };
}

/** Two seconds of 480 x 300 at 25 frames a second: test pictures set into a background. */
function drawnVideo(
  persons: (timeSeconds: number) => { x: number; y: number; size: number }[],
  background: (x: number, y: number, channel: number) => number = () => 160,
): Video {
  const [width, height, frameRate, frameCount] = [480, 300, 25, 50];
  const draw = (index: number): Frame => {
    const timeSeconds = index / frameRate;
    const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
      const pixel = Math.floor(i / 3);
      return background(pixel % width, Math.floor(pixel / width), i % 3);
    });
    for (const { x, y, size } of persons(timeSeconds)) {
      const picture = testPicture(size);
      for (let row = 0; row < size; row++) {
        const from = row * size * 3;
        data.set(picture.subarray(from, from + size * 3), ((y + row) * width + Math.round(x)) * 3);
      }
    }
    return {
      index,
      timeSeconds,
      widthPixels: width,
      heightPixels: height,
      data,
      region: { x: 0, y: 0, width, height },
    };
  };
  const video: Video = {
    info: {
      durationSeconds: frameCount / frameRate,
      frameRate,
      variableFrameRate: false,
      frameCount,
      widthPixels: width,
      heightPixels: height,
      rotationDegrees: 0,
      codec: 'drawn',
      hasAudio: false,
    },
    async *frames({ startSeconds = 0, endSeconds = frameCount / frameRate, sampleRate = frameRate, signal } = {}) {
      for (let sample = 0; ; sample++) {
        signal?.throwIfAborted();
        const time = startSeconds + sample / sampleRate;
        if (time >= endSeconds - 1e-9) return;
        yield draw(Math.floor(time * frameRate + 1e-6));
      }
    },
    frameAt: async (time) => draw(Math.floor(time * frameRate)),
    frameAtIndex: async (index) => draw(index),
    warnings: [],
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
  return video;
}
