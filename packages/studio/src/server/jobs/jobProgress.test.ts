import { describe, expect, it } from 'vitest';
import { JobProgress } from './jobProgress.ts';

describe('how far a job is', () => {
  it('tells what remains by the speed so far', () => {
    const progress = new JobProgress('prepare');
    progress.update('measuring', 0, 60, 0);
    expect(progress.view(500).remainingSeconds).toBeNull();
    progress.update('measuring', 15, 60, 10_000);
    expect(progress.view(10_000).remainingSeconds).toBeCloseTo(30);
    progress.update('measuring', 45, 60, 30_000);
    expect(progress.view(30_000).remainingSeconds).toBeCloseTo(10);
  });

  it('counts the later stages in, as long as they take', () => {
    const progress = new JobProgress('detect');
    progress.update('finding the person', 0, 60, 0);
    progress.update('finding the person', 30, 60, 2000);
    expect(progress.view(2000).remainingSeconds).toBeGreaterThan(10);
  });

  it('never goes back', () => {
    const progress = new JobProgress('detect');
    let last = 0;
    for (const stage of ['opening', 'finding the person', 'following the person', 'reading the motion', 'unheard of']) {
      for (const done of [0, 3, 7, 10]) {
        progress.update(stage, done, 10);
        const { progress: now } = progress.view();
        expect(now).toBeGreaterThanOrEqual(last);
        last = now;
      }
    }
    expect(last).toBe(1);
  });

  it('knows nothing before it begins', () => {
    expect(new JobProgress('proxy').view()).toEqual({ stage: null, progress: 0, remainingSeconds: null });
  });
});
