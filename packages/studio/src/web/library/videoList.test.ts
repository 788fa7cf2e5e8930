import { describe, expect, it } from 'vitest';
import type { CodingSummary } from '../../contract/coding.ts';
import type { Video } from '../../contract/video.ts';
import { everything, isInTrouble, narrows, shownVideos } from './videoList.ts';

const coding = (change: Partial<CodingSummary>): CodingSummary => ({
  id: 'c',
  video: 'v',
  kind: 'coder',
  account: 'mei',
  title: 'mei',
  status: 'open',
  submittedAt: null,
  revision: 1,
  hidden: false,
  instanceCount: 3,
  proposalCount: 0,
  ...change,
});

const video = (name: string, change: Partial<Video> = {}): Video => ({
  id: name,
  project: 'p',
  name,
  path: `videos/${name}`,
  subject: '',
  notes: '',
  sizeBytes: 1,
  facts: null,
  status: 'ready',
  problem: null,
  plays: 'original',
  startSeconds: 0,
  has: { thumbnail: false, frames: false, motion: false, sound: false, points: false },
  motionRate: null,
  soundRate: null,
  addedAt: '2026-01-01T00:00:00Z',
  codings: [],
  looked: false,
  stage: 'uncoded',
  jobs: [],
  ...change,
});

const videos = [
  video('clip10.mp4', { addedAt: '2026-01-03T00:00:00Z', notes: 'Second interview' }),
  video('clip2.mp4', { addedAt: '2026-01-02T00:00:00Z', subject: 'P07', codings: [coding({})], stage: 'coding' }),
  video('talk.webm', { codings: [coding({ kind: 'model', account: null, title: 'kinematic' })], status: 'missing' }),
];
const names = (change: Partial<typeof everything>) =>
  shownVideos(videos, { ...everything, ...change }).map(({ name }) => name);

describe('the list of videos', () => {
  it('shows the newest first', () => {
    expect(names({})).toEqual(['clip10.mp4', 'clip2.mp4', 'talk.webm']);
  });

  it('sorts names as people count', () => {
    expect(names({ sort: 'name', isDescending: false })).toEqual(['clip2.mp4', 'clip10.mp4', 'talk.webm']);
  });

  it('finds words in name, subject and notes, in any order', () => {
    expect(names({ text: 'INTERVIEW clip' })).toEqual(['clip10.mp4']);
    expect(names({ text: 'p07' })).toEqual(['clip2.mp4']);
    expect(names({ text: 'p07 interview' })).toEqual([]);
  });

  it('narrows to a stage, or to what needs attention', () => {
    expect(names({ stage: 'coding' })).toEqual(['clip2.mp4']);
    expect(names({ stage: 'trouble' })).toEqual(['talk.webm']);
  });

  it('narrows to who has coded, who has not, and models', () => {
    expect(names({ coder: 'by:mei' })).toEqual(['clip2.mp4']);
    expect(names({ coder: 'notBy:mei' })).toEqual(['clip10.mp4', 'talk.webm']);
    expect(names({ coder: 'model' })).toEqual(['talk.webm']);
    expect(names({ coder: 'noModel' })).toEqual(['clip10.mp4', 'clip2.mp4']);
  });

  it('knows whether it leaves anything out', () => {
    expect(narrows({ ...everything, sort: 'name' })).toBe(false);
    expect(narrows({ ...everything, stage: 'final' })).toBe(true);
  });

  it('counts a video that no browser plays as trouble, but not one that is being looked at', () => {
    expect(isInTrouble(video('a', { plays: 'none' }))).toBe(true);
    expect(isInTrouble(video('a', { plays: 'none', status: 'preparing' }))).toBe(false);
  });
});
