import { describe, expect, it } from 'vitest';
import { detectKinematics } from '../kinematics/detectKinematics.ts';
import { fillGaps } from '../pose/fillGaps.ts';
import { type BodyPoint, bodyPoints } from '../pose/poseTrack.ts';
import { smooth } from '../pose/smooth.ts';
import { jointCount } from './keyPoints/joints.ts';
import { labelsOf } from './plan/labelsOf.ts';
import { planClips } from './plan/planClips.ts';
import { planVideos } from './plan/planVideos.ts';
import { renderClip } from './render/renderClip.ts';
import { simulateClip } from './simulateClip.ts';

const [video] = planVideos({ videos: 1, subjects: 1, seed: 5 });
const settings = { seed: 5, sizePixels: 96 };

describe('a simulated clip', () => {
  it('has a joint and a key point for every frame, and what was planned as labels', () => {
    const clip = simulateClip(video, settings);
    const joints = clip.joints();
    const track = clip.keyPoints(joints);
    expect(joints).toHaveLength(video.frameCount * jointCount * 3);
    expect(joints.every(Number.isFinite)).toBe(true);
    expect(track.points).toEqual(bodyPoints);
    expect(track.x).toHaveLength(video.frameCount * 33);
    expect(track.timesSeconds).toHaveLength(video.frameCount);
    expect(track.timesSeconds[30]).toBe(1);
    expect(track).toMatchObject({ widthPixels: 96, heightPixels: 96 });
    expect(clip.clip).toMatchObject({ id: 'train0000', widthPixels: 96, durationSeconds: video.frameCount / 30 });
    expect(clip.clip.instances).toEqual(labelsOf(video));
  });

  it('is the same each time, whatever is asked of it first', () => {
    const first = simulateClip(video, settings);
    const second = simulateClip(video, settings);
    for (const seconds of [4, 0, 1.37]) second.figureAt(seconds);
    const track = second.keyPoints();
    expect(second.joints()).toEqual(first.joints());
    expect(first.keyPoints()).toEqual(track);
    expect(first.keyPoints(first.joints())).toEqual(track);
  });

  it('shows another person where the data set has another seed', () => {
    expect(simulateClip(video, settings).subject).not.toEqual(simulateClip(video, { ...settings, seed: 6 }).subject);
  });

  it('keeps its movement in pictures of another size; only pixels are scaled', () => {
    const small = simulateClip(video, settings);
    const large = simulateClip(video, { ...settings, sizePixels: 384 });
    expect(large.joints()).toEqual(small.joints());
    const nose = bodyPoints.indexOf('nose');
    expect(large.keyPoints().x[nose] / small.keyPoints().x[nose]).toBeCloseTo(4, 0);
  });

  it('has the key points where the joints are seen', () => {
    const clip = simulateClip(video, settings);
    const { x, y } = clip.keyPoints();
    const at = (name: BodyPoint) => bodyPoints.indexOf(name);
    // Before a camera in front, the left shoulder is to the right, and eyes are above the mouth and it above the hips.
    const higher = (a: BodyPoint, b: BodyPoint) => y[at(a)] < y[at(b)];
    expect(x[at('leftShoulder')]).toBeGreaterThan(x[at('rightShoulder')]);
    expect(higher('leftEye', 'mouthLeft')).toBe(true);
    expect(higher('mouthLeft', 'leftHip')).toBe(true);
  });

  it('hides the eyes and nothing but the face where asked, and moves no point', () => {
    const [plan] = planClips({ videos: 1, subjects: 1, seed: 2, only: ['nodding'] });
    const open = simulateClip(plan, { ...settings, sizePixels: 128 });
    const masked = simulateClip(plan, { ...settings, sizePixels: 128, maskEyes: true });
    expect(masked.keyPoints()).toEqual(open.keyPoints());
    const { x, y } = open.keyPoints();
    const at = (name: BodyPoint) => bodyPoints.indexOf(name);
    const eyes = { x: (x[at('leftEye')] + x[at('rightEye')]) / 2, y: (y[at('leftEye')] + y[at('rightEye')]) / 2 };
    const ears = Math.hypot(x[at('leftEar')] - x[at('rightEar')], y[at('leftEar')] - y[at('rightEar')]);
    const { value: seen } = renderClip(open).next();
    const { value: hidden } = renderClip(masked).next();
    let changed = 0;
    let farthest = 0;
    for (let i = 0; i < 128 * 128; i++) {
      if (Math.max(...[0, 1, 2].map((c) => Math.abs(seen![4 * i + c] - hidden![4 * i + c]))) < 16) continue;
      changed += 1;
      farthest = Math.max(farthest, Math.hypot((i % 128) - eyes.x, Math.floor(i / 128) - eyes.y));
    }
    expect(changed).toBeGreaterThan(0.1 * ears ** 2);
    expect(farthest).toBeLessThan(2 * ears);
  });

  it('feeds the detector that was made for real people: it tells nodding from shaking the head, legs and waving', () => {
    const actions = ['nodding', 'shaking head', 'shaking legs', 'waving'];
    for (const shown of actions) {
      const plans = planVideos({ videos: 6, subjects: 6, seed: 3, only: [shown] });
      const found = plans.map((plan) => {
        const raw = fillGaps(simulateClip(plan, { seed: 3, sizePixels: 256 }).keyPoints());
        const { instances, curves } = detectKinematics(smooth(raw), raw);
        for (const { values } of curves) expect(values).toHaveLength(plan.frameCount);
        return new Set(instances.map(({ action }) => action));
      });
      const videosWith = (action: string) => found.filter((names) => names.has(action)).length;
      const others = actions.filter((action) => action !== shown);
      expect(videosWith(shown)).toBeGreaterThan(Math.max(2, ...others.map(videosWith)));
    }
  });
});
