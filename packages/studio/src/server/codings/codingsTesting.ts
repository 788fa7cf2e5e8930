import { randomUUID } from 'node:crypto';
import type { Change, InstanceBody } from '../../contract/coding.ts';
import type { VideoFacts } from '../../contract/video.ts';
import type { StudioContext } from '../context.ts';

/** A video of 60 s at 25 frames a second, without a file; with null nothing is known of it yet. */
export function addVideo({ store, now }: StudioContext, project: string, durationSeconds: number | null = 60): string {
  const id = randomUUID();
  const facts: VideoFacts | null = durationSeconds === null ? null : { ...plainFacts, durationSeconds };
  const file = { name: 'interview.mp4', path: `${id}.mp4`, sizeBytes: 1, modifiedMs: 0, subject: '', notes: '' };
  const state = { facts: facts && JSON.stringify(facts), status: 'ready', problem: null, derived: '{}' } as const;
  store.run(store.sql.insertInto('video').values({ id, project, ...file, ...state, addedAt: now(), removedAt: null }));
  return id;
}

export function body(changes: Partial<InstanceBody> = {}): InstanceBody {
  return { action: 'nodding', start: 1, end: 2, state: 'coded', score: null, reason: null, ...changes };
}

export function change(changes: Partial<Change> = {}): Change {
  return { id: randomUUID(), instance: randomUUID(), base: 0, after: body(), ...changes };
}

// ---- below: internals ----

const plainFacts: Omit<VideoFacts, 'durationSeconds'> = {
  frameRate: 25,
  variableFrameRate: false,
  frameCount: 1500,
  widthPixels: 640,
  heightPixels: 360,
  codec: 'avc1.42001e',
  container: 'mp4',
  hasAudio: false,
  browserPlays: true,
  warnings: [],
};
