import { workerData } from 'piscina';
import { UserError } from '../errors.ts';
import { writeKeyPoints } from './output/keyPointFileNode.ts';
import type { ClipPlan } from './plan/plan.ts';
import { type ClipSettings, simulateClip } from './simulateClip.ts';

/** What a thread of `synthesizeNode.ts` is asked to make: the files of one clip that are not there yet. */
export interface ClipTask {
  readonly plan: ClipPlan;
  readonly settings: ClipSettings;
  /** Absent: not wanted, or there already. */
  readonly keyPoints?: string;
  readonly video?: string;
  readonly flow?: string;
}

/** Anything but 0 in its one number asks all threads to stop. */
export interface ThreadData {
  readonly stop: Int32Array;
}

/** A UserError, which loses its class and code on its way out of a thread. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

export default async function makeClip(task: ClipTask): Promise<Refusal | undefined> {
  try {
    await makeFiles(task);
  } catch (error) {
    if (error instanceof UserError) return { code: error.code, message: error.message };
    throw error;
  }
}

// ---- below: internals ----

async function makeFiles({ plan, settings, keyPoints, video, flow }: ClipTask): Promise<void> {
  const clip = simulateClip(plan, settings);
  if (keyPoints !== undefined) {
    stopIfAsked();
    const joints = clip.joints();
    await writeKeyPoints(keyPoints, { track: clip.keyPoints(joints), joints });
  }
  if (video !== undefined) {
    // Key points alone need neither.
    const [{ writeVideo }, { renderClip }] = await Promise.all([
      import('../files/writeVideo.ts'),
      import('./render/renderClip.ts'),
    ]);
    const { widthPixels, heightPixels } = clip.scene.camera;
    await writeVideo(video, stoppable(renderClip(clip)), {
      widthPixels,
      heightPixels,
      frameRate: plan.frameRate,
    });
  }
  if (flow !== undefined) {
    const [{ writeFlow }, { clipFlow }] = await Promise.all([
      import('./output/flowFileNode.ts'),
      import('./render/clipFlow.ts'),
    ]);
    await writeFlow(flow, stoppable(clipFlow(clip)), clip.scene.camera);
  }
}

const { stop } = workerData as ThreadData;

function stopIfAsked(): void {
  if (Atomics.load(stop, 0) !== 0) throw new Error('stopped');
}

function* stoppable<T>(items: Iterable<T>): Generator<T> {
  for (const item of items) {
    stopIfAsked();
    yield item;
  }
}
