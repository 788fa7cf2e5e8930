import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { numbersOf } from 'onnxgrad';
import { readNpz } from 'onnxgrad/weights';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { project } from '../camera/camera.ts';
import { shaken } from '../camera/drawCamera.ts';
import { clipFlow } from '../render/clipFlow.ts';
import { simulateClip } from '../simulateClip.ts';
import { planDataset } from '../simulateDataset.ts';
import { writeFlow } from './flowFileNode.ts';

describe('a flow file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-flow-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('says where the nose goes from each frame to the next', async () => {
    const [plan] = planDataset({ layout: 'ma52', videos: 1, subjects: 1, seed: 5, only: ['turning head'] });
    const clip = simulateClip({ ...plan, frameCount: 8 }, { seed: 5, sizePixels: 128 });
    const path = join(folder, 'flow.npz');
    await writeFlow(path, clipFlow(clip), clip.scene.camera);
    const flow = (await readNpz(await readFile(path))).get('flow')!;
    expect(flow).toMatchObject({ dtype: 'float16', shape: [7, 128, 128, 2] });
    const values = numbersOf(flow);
    const noseAt = (frame: number) => {
      const { head, size } = clip.figureAt(frame / plan.frameRate);
      const [up, front] = [-0.09 * size.headHeight, 0.44 * size.headHeight];
      const nose = [0, 1, 2].map((axis) => head.origin[axis] + up * head.up[axis] + front * head.front[axis]);
      return project(
        shaken(clip.scene.camera, clip.scene.shake, frame / plan.frameRate),
        nose as [number, number, number],
      );
    };
    for (let frame = 0; frame < 7; frame++) {
      const [from, to] = [noseAt(frame), noseAt(frame + 1)];
      const at = 2 * ((frame * 128 + Math.floor(from[1])) * 128 + Math.floor(from[0]));
      expect(Math.abs(values[at] - (to[0] - from[0]))).toBeLessThan(0.3);
      expect(Math.abs(values[at + 1] - (to[1] - from[1]))).toBeLessThan(0.3);
    }
    expect(Math.max(...Array.from({ length: 7 }, (_, i) => Math.abs(noseAt(i + 1)[0] - noseAt(i)[0])))).toBeGreaterThan(
      0.6,
    );
  });
});
