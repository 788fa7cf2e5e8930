import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { durationSeconds, script } from '../../../scripts/demonstration/script.ts';
import { microActions52 } from '../src/taxonomy/microActions52.ts';
import { openVideo } from '../src/video/node.ts';

const path = fileURLToPath(new URL('../assets/demonstration.mp4', import.meta.url));

it('the demonstration video that ships has the size, rate and length that its script states', async () => {
  await using video = await openVideo(path);
  expect(video.info).toMatchObject({
    widthPixels: 720,
    heightPixels: 864,
    frameRate: 30,
    variableFrameRate: false,
    frameCount: durationSeconds * 30,
    durationSeconds,
    rotationDegrees: 0,
    hasAudio: false,
  });
  expect(video.warnings).toEqual([]);
});

it('every frame of the demonstration video decodes, and they are not all the same', async () => {
  await using video = await openVideo(path);
  const means = new Set<number>();
  for await (const { data } of video.frames({ widthPixels: 72 })) means.add(data.reduce((a, b) => a + b, 0));
  expect(means.size).toBeGreaterThan(durationSeconds * 20);
});

it('its script names actions of the taxonomy, several at once, within the video', () => {
  for (const { action, start, end } of script) {
    expect(microActions52.get(action).name).toBe(action);
    expect(start).toBeGreaterThan(0);
    expect(end).toBeGreaterThan(start);
    expect(end).toBeLessThanOrEqual(durationSeconds);
  }
  expect(script.some((a) => script.some((b) => a.start < b.start && b.start < a.end))).toBe(true);
});
