import { randomUUID } from 'node:crypto';
import type { Change, InstanceBody } from '../../contract/coding.ts';
import type { VideoFacts } from '../../contract/video.ts';
import type { StudioContext } from '../context.ts';

interface MadeVideo {
  readonly name?: string;
  /** As the name when absent. */
  readonly path?: string;
  /** 60 when absent; null: nothing is known of the video yet. */
  readonly durationSeconds?: number | null;
  readonly subject?: string;
}

/** A video at 25 frames a second that is only known, not there. @returns its id */
export function addVideo({ store, now }: StudioContext, project: string, made: MadeVideo = {}): string {
  const { name = 'interview.mp4', path = name, durationSeconds = 60, subject = '' } = made;
  const id = randomUUID();
  const facts: VideoFacts | null = durationSeconds === null ? null : { ...plainFacts, durationSeconds };
  const file = { name, path, sizeBytes: 1, modifiedMs: 0, subject, notes: '' };
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
