import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Dice } from '../../dice.ts';
import { detectKinematics } from '../../kinematics/detectKinematics.ts';
import { fillGaps } from '../../pose/fillGaps.ts';
import { type BodyPoint, bodyPoints, type PoseTrack } from '../../pose/poseTrack.ts';
import { smooth } from '../../pose/smooth.ts';
import { project } from '../camera/camera.ts';
import { bodyPointsOf } from './bodyPointJoints.ts';
import { type DetectorOptions, simulateDetector } from './simulateDetector.ts';
import { frontView, sitter, trackOf } from './sitter.testing.ts';

const steady: DetectorOptions = { lossesPerMinute: 0, slipsPerMinute: 0 };

function seen(figure: Parameters<typeof trackOf>[0], options = steady, seed = 1, camera = frontView(), frames = 300) {
  const track = trackOf(figure, frames);
  return simulateDetector(track, Array(track.timesSeconds.length).fill(camera), new Dice(seed), options);
}

const column = (track: PoseTrack, values: 'x' | 'y' | 'confidence', point: BodyPoint) =>
  Array.from(track.timesSeconds, (_, t) => track[values][t * 33 + bodyPoints.indexOf(point)]);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What changes from frame to frame: deviation of third differences, which white noise of deviation 1 makes 1. */
function jitter(values: readonly number[]): number {
  const third = values.slice(3).map((value, i) => value - 3 * values[i + 2] + 3 * values[i + 1] - values[i]);
  return Math.sqrt(mean(third.map((value) => value * value)) / 20);
}

describe('a simulated detector', () => {
  it('sees points where the camera projects them, were it not for its errors', () => {
    fc.assert(
      fc.property(fc.integer({ min: -60, max: 60 }), fc.integer({ min: -20, max: 20 }), (yaw, lean) => {
        const figure = sitter(({ head, trunk }) => {
          head.yaw = yaw;
          trunk.roll = lean;
        });
        const track = seen(figure, { ...steady, noise: 0 }, 1, frontView(), 2);
        const points = bodyPointsOf(figure);
        for (let k = 0; k < 33; k++) {
          const [x, y] = project(frontView(), [points[3 * k], points[3 * k + 1], points[3 * k + 2]]);
          expect(track.x[33 + k]).toBeCloseTo(x, 2);
          expect(track.y[33 + k]).toBeCloseTo(y, 2);
        }
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it('trembles as the networks do: by fractions of a pixel where shoulders are 190 px apart', () => {
    const track = seen(sitter());
    for (const point of ['leftShoulder', 'rightShoulder', 'leftHip'] as const) {
      expect(jitter(column(track, 'x', point))).toBeGreaterThan(0.1);
      expect(jitter(column(track, 'x', point))).toBeLessThan(0.7);
    }
    for (const point of ['nose', 'leftWrist', 'rightKnee', 'leftFootIndex'] as const) {
      expect(jitter(column(track, 'y', point))).toBeGreaterThan(0.25);
      expect(jitter(column(track, 'y', point))).toBeLessThan(1.5);
    }
  });

  it('is off by some pixels that hardly change over a clip, and by others in another clip', () => {
    const still = sitter();
    const [exact, ...noisy] = [{ noise: 0 }, {}, {}, {}, {}, {}, {}].map((options, seed) =>
      mean(column(seen(still, { ...steady, ...options }, seed), 'x', 'leftKnee')),
    );
    expect(Math.max(...noisy.map((x) => Math.abs(x - exact)))).toBeGreaterThan(2);
    expect(Math.max(...noisy.map((x) => Math.abs(x - exact)))).toBeLessThan(25);
    const [first, last] = [(x: number[]) => mean(x.slice(0, 30)), (x: number[]) => mean(x.slice(-30))];
    const x = column(seen(still), 'x', 'leftKnee');
    expect(Math.abs(first(x) - last(x))).toBeGreaterThan(0.02);
    expect(Math.abs(first(x) - last(x))).toBeLessThan(6);
  });

  it('errs in proportion to the size of the person in the picture', () => {
    const errorOf = (focalPixels: number) => {
      const [with_, without] = [1, 0].map((noise) => seen(sitter(), { ...steady, noise }, 1, frontView(focalPixels)));
      return column(with_, 'x', 'leftWrist')[100] - column(without, 'x', 'leftWrist')[100];
    };
    expect(errorOf(2000) / errorOf(1000)).toBeCloseTo(2, 2);
  });

  it('is less sure of the ear that a turned head hides, not of the other', () => {
    const turned = seen(
      sitter(({ head }) => {
        head.yaw = 50;
      }),
    );
    expect(mean(column(turned, 'confidence', 'leftEar'))).toBeLessThan(0.35);
    expect(mean(column(turned, 'confidence', 'rightEar'))).toBeGreaterThan(0.45);
    expect(mean(column(seen(sitter()), 'confidence', 'leftEar'))).toBeGreaterThan(0.45);
  });

  it.each([
    ['behind the back', [-0.05, 0.75, -0.25], 'leftWrist'],
    ['behind the head', [0, 1.25, -0.2], 'leftPinky'],
  ] as const)('is unsure of a hand %s, and errs more', (_, wrist, point) => {
    const hidden = seen(sitter(undefined, { left: wrist }));
    const open = seen(sitter());
    expect(mean(column(hidden, 'confidence', point))).toBeLessThan(0.55);
    expect(mean(column(open, 'confidence', point))).toBeGreaterThan(0.7);
    expect(jitter(column(hidden, 'x', point))).toBeGreaterThan(1.4 * jitter(column(open, 'x', point)));
  });

  it('misses a face behind a hand, and a knee behind a crossed leg less so', () => {
    const [nose] = [bodyPointsOf(sitter())].map((points) => [points[0], points[1], points[2]] as const);
    const covered = seen(sitter(undefined, { left: [nose[0], nose[1] - 0.02, nose[2] + 0.12] }));
    expect(mean(column(covered, 'confidence', 'nose'))).toBeLessThan(0.35);
    const crossed = seen(
      sitter(({ legs }) => {
        legs.left.cross = 1;
      }),
    );
    const ankles = mean(column(crossed, 'confidence', 'rightAnkle'));
    expect(ankles).toBeGreaterThan(0.6);
  });

  it('hardly believes in points outside the picture', () => {
    const near = seen(sitter(), steady, 1, frontView(2400));
    expect(Math.min(...column(near, 'y', 'leftFootIndex'))).toBeGreaterThan(1296);
    expect(Math.max(...column(near, 'confidence', 'leftFootIndex'))).toBeLessThan(0.2);
  });

  it('loses the body for moments that fillGaps mends, the head never', () => {
    const track = seen(sitter(), { ...steady, lossesPerMinute: 60 }, 3, frontView(), 600);
    const lost = column(track, 'x', 'leftHip').map(Number.isNaN);
    expect(lost.filter(Boolean).length).toBeGreaterThan(15);
    expect(lost.filter(Boolean).length).toBeLessThan(200);
    expect(column(track, 'confidence', 'leftHip').map((value) => value === 0)).toEqual(lost);
    expect(column(track, 'x', 'nose').some(Number.isNaN)).toBe(false);
    const inner = column(fillGaps(track), 'x', 'leftHip').slice(lost.indexOf(false), lost.lastIndexOf(false));
    expect(inner.some(Number.isNaN)).toBe(false);
  });

  it('puts a hand beside its place now and then, fingers and all', () => {
    const slipping = seen(sitter(), { ...steady, slipsPerMinute: 60 });
    const x = column(slipping, 'x', 'leftWrist');
    const middle = [...x].sort((a, b) => a - b)[150];
    const aside = x.flatMap((value, t) => (Math.abs(value - middle) > 10 ? [t] : []));
    expect(aside.length).toBeGreaterThan(3);
    const fingers = column(slipping, 'x', 'leftIndex');
    const usual = [...fingers].sort((a, b) => a - b)[150];
    for (const t of aside) expect(Math.sign(fingers[t] - usual)).toBe(Math.sign(x[t] - middle));
  });

  it('gives the same track for the same dice, another one for others', () => {
    const track = seen(sitter(), {}, 5);
    expect(seen(sitter(), {}, 5)).toEqual(track);
    expect(seen(sitter(), {}, 6).x).not.toEqual(track.x);
  });

  it('makes tracks that the kinematic detector reads: nods are found, and stillness is not taken for them', () => {
    const nods = Array.from({ length: 240 }, (_, t) =>
      sitter(({ head }) => {
        head.pitch = t > 60 && t < 150 ? 9 * Math.sin((t - 60) / 3.5) : 0;
      }),
    );
    const found = (track: PoseTrack) => {
      const raw = fillGaps(track);
      return detectKinematics(smooth(raw), raw).instances.filter(({ score = 0 }) => score > 0.3);
    };
    const nodding = found(seen(nods, {})).filter(({ action }) => action === 'nodding');
    expect(nodding).toHaveLength(1);
    expect(nodding[0].start).toBeGreaterThan(1);
    expect(nodding[0].end).toBeLessThan(6);
    expect(found(seen(sitter(), {})).map(({ action }) => action)).not.toContain('nodding');
  });
});
