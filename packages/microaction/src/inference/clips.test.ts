import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PoseNetworks } from '../pose/network.ts';
import { loadPoseNetworks } from '../pose/onnxNode.ts';
import { microActions52 } from '../taxonomy/microActions52.ts';
import { openVideo } from '../video/node.ts';
import { detectWithPose } from './detectWithPose.ts';

// Four clips of real people, which may not travel with the project; one micro-action of each is known.
const folder = fileURLToPath(new URL('../../../../../shared/clips/', import.meta.url));
const clips = [
  { file: 'A1_0030_01_0002.mp4', action: 'shaking body' },
  { file: 'A3_0020_01_0008.mp4', action: 'sitting straightly' },
  { file: 'B1_0019_02_0078.mp4', action: 'nodding' },
  { file: 'B3_0010_02_0101.mp4', action: 'turning head' },
];
const absent = !existsSync(folder);

describe.skipIf(absent)(`on real people${absent ? ' (skipped: the clips are not here)' : ''}`, () => {
  let networks: PoseNetworks;
  beforeAll(async () => {
    networks = await loadPoseNetworks();
  });
  afterAll(() => networks.dispose());

  for (const { file, action } of clips) {
    it(`is surest of the right body part, and has the right action among three, for ${action}`, async () => {
      await using video = await openVideo(folder + file);
      const { instances } = await detectWithPose(video, networks);
      const best = instances.toSorted((a, b) => b.score - a.score).slice(0, 3);
      expect(microActions52.bodyPartOf(best[0].action)).toBe(microActions52.bodyPartOf(action));
      expect(best.map((instance) => instance.action)).toContain(action);
    });
  }
});
