import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeNpy } from 'onnxgrad/weights';
import { expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import type { SkippedVideo } from '../batches.ts';
import { parseRecipe } from '../recipe.ts';
import type { JudgedWindow } from './detectionTask.ts';
import { judgedFeatures } from './judgedFeatures.ts';

it('judges by windows of stored features, and tells once of those that cannot be used', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'judged-'));
  const pathOf = (id: string) => join(folder, `${id}.npy`);
  const [channels, steps] = [2, 40];
  const data = Float32Array.from({ length: channels * steps }, (_, i) => i);
  await writeFile(pathOf('whole'), writeNpy({ dtype: 'float32', shape: [channels, steps], data }));
  await writeFile(pathOf('damaged'), 'no features');
  await writeFile(pathOf('untimed'), writeNpy({ dtype: 'float32', shape: [channels, steps], data }));
  const recipe = parseRecipe(
    {
      task: 'detection',
      backbone: null,
      tuned: 'nothing',
      data: {
        features: { channels, strideFrames: 4, offsetFrames: 8 },
        windowSteps: 32,
        bucketSteps: [16, 32],
        batchSize: 1,
      },
      detector: { features: 8, levels: 2, heads: 2 },
      training: { epochs: 10, learningRate: { head: 1e-3, backbone: 1e-3 } },
    },
    'the test',
  );
  const videos = ['damaged', 'whole', 'untimed'].map((id) => ({
    id,
    path: pathOf(id),
    actions: [],
    ...(id !== 'untimed' && { durationSeconds: 6, frameRate: 30 }),
  }));
  const clips = videos.map(({ id, durationSeconds }) => ({ id, durationSeconds, instances: [] }));
  const told: SkippedVideo[] = [];
  const judged = judgedFeatures({ taxonomy: microActions52, clips }, videos, {
    recipe,
    onSkipped: (video) => told.push(video),
  });
  const windows: JudgedWindow[] = [];
  for (let round = 0; round < 2; round++) {
    for await (const window of judged.windows({ signal: new AbortController().signal })) windows.push(window);
  }
  await rm(folder, { recursive: true });

  // Windows of 32 steps, half over each other, the last one moved back to end with the video; the same each round.
  expect(
    windows.map(({ video, validSteps, grid }) => [video, validSteps, 'startFrame' in grid && grid.startFrame]),
  ).toEqual(
    [...Array(2)].flatMap(() => [
      ['whole', 32, 0],
      ['whole', 32, 32],
    ]),
  );
  expect([...windows[1].input.subarray(0, 3)]).toEqual([8, 9, 10]);
  expect([...windows[1].input.subarray(32, 35)]).toEqual([48, 49, 50]);
  expect(told.map(({ video }) => video)).toEqual(['damaged', 'untimed']);
  expect(told[1].reason).toContain('its annotations name no duration');
});
