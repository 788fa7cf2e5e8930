import { expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { madeDetections } from '../detection/testing.ts';
import { diagnose } from './diagnose.ts';
import { diagnoseInThreads } from './diagnoseNode.ts';

it('gives the digits of one thread', async () => {
  const { truth, predictions } = madeDetections({ videos: 60, predictions: 4000, seed: 9 });
  const options = { tiou: [0.3, 0.5], worstVideos: 7 };
  const alone = diagnose(truth, predictions, microActions52, options);
  const threaded = await diagnoseInThreads(truth, predictions, microActions52, {
    ...options,
    threads: 2,
    threadsFrom: 0,
  });
  expect({ ...threaded, seconds: 0 }).toEqual({ ...alone, seconds: 0 });
  expect(alone.action.falsePositives.average).toBeGreaterThan(0);
});

it('refuses wrong options before a thread is started', async () => {
  const { truth, predictions } = madeDetections({ videos: 2, predictions: 10, seed: 9 });
  const wrong = diagnoseInThreads(truth, predictions, microActions52, { tiou: [0], threads: 2, threadsFrom: 0 });
  await expect(wrong).rejects.toThrow('found the tiou 0');
});
