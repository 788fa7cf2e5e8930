import { describe, expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { detectionMap } from './detectionMap.ts';
import { detectionMapInThreads } from './detectionMapNode.ts';
import { madeDetections } from './testing.ts';

describe('detectionMapInThreads', () => {
  it('gives the digits of one thread', async () => {
    const { truth, predictions } = madeDetections({ videos: 40, predictions: 3000, seed: 7 });
    const { seconds: _, ...alone } = detectionMap(truth, predictions, microActions52);
    const threads = { threads: 3, threadsFrom: 0 };
    const { seconds: __, ...shared } = await detectionMapInThreads(truth, predictions, microActions52, threads);
    expect(alone.average).toBeGreaterThan(0.05);
    expect(shared).toEqual(alone);
  });
});
