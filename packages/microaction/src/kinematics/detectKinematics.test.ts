import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ease, type Posture, places, reach, restingPlaces as rest, syntheticPose } from '../../test/syntheticPose.ts';
import { smooth } from '../pose/smooth.ts';
import { microActions52 } from '../taxonomy/microActions52.ts';
import { detectKinematics } from './detectKinematics.ts';

// The same cases every time: of 3,000 noisy still clips four (all at 1.5 pixels or more) hold extremes like a movement.
fc.configureGlobal({ seed: 52 });

type Motion = (t: number) => Posture;

function detect(
  motion: Motion,
  options: { seconds?: number; noisePixels?: number; seed?: number; sampleRate?: number } = {},
) {
  const raw = syntheticPose(motion, { seconds: 6, ...options });
  return detectKinematics(smooth(raw), raw).instances.toSorted((a, b) => b.score - a.score);
}

/** Oscillates from second 1.5 on for as many whole cycles as fit in three seconds. */
const waveEnd = (hertz: number) => 1.5 + Math.max(1, Math.round(3 * hertz)) / hertz;
const wave = (t: number, hertz: number, amplitude: number) =>
  t >= 1.5 && t <= waveEnd(hertz) ? amplitude * Math.sin(2 * Math.PI * hertz * (t - 1.5)) : 0;
const awayAndBack = (t: number) => ease(t, 1.5, 2.1) * (1 - ease(t, 3.5, 4.1));
const visit = [1, 1.5, 3.5, 4];
const touches =
  (place: readonly [number, number, number]): Motion =>
  (t) => ({ rightHand: reach(t, rest.rightHand, place, visit) });
const seeds = fc.integer({ min: 1, max: 1e6 });

describe('the kinematic detector', () => {
  it('says nothing of a person who sits still, however noisy the points', () => {
    fc.assert(
      fc.property(seeds, fc.double({ min: 0, max: 2, noNaN: true }), (seed, noisePixels) => {
        expect(detect(() => ({}), { seed, noisePixels })).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('says nothing when it is the camera that shakes', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.double({ min: 0.3, max: 4, noNaN: true }),
        fc.double({ min: 2, max: 60, noNaN: true }),
        (seed, hertz, pixels) => {
          const camera: Motion = (t) => ({
            cameraPixels: [pixels * Math.sin(2 * Math.PI * hertz * t), pixels * Math.cos(1.7 * Math.PI * hertz * t)],
          });
          expect(detect(camera, { seed })).toEqual([]);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('says nothing of legs that the picture does not show, whatever the network guesses', () => {
    const raw = syntheticPose((t) => ({ rightKnee: [-0.16, -0.02 + wave(t, 3, 0.05), 0.42] }), { seconds: 6 });
    const cropped = { ...raw, heightPixels: 800 };
    expect(detectKinematics(smooth(raw), raw).instances).not.toEqual([]);
    expect(detectKinematics(smooth(cropped), cropped).instances).toEqual([]);
  });

  it('finds a nod of any size, speed and noise that rises over the noise, from when to when', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.double({ min: 0.9, max: 3, noNaN: true }),
        fc.double({ min: 6, max: 14, noNaN: true }),
        fc.double({ min: 0, max: 0.6, noNaN: true }),
        (seed, hertz, amplitude, noisePixels) => {
          const [best] = detect((t) => ({ headPitchDegrees: wave(t, hertz, amplitude) }), {
            seed,
            noisePixels,
            seconds: 7,
          });
          expect(best.action).toBe('nodding');
          expect(Math.abs(best.start - 1.5)).toBeLessThan(0.7 / hertz + 0.2);
          expect(Math.abs(best.end - waveEnd(hertz))).toBeLessThan(0.7 / hertz + 0.2);
          const [, told] = /oscillates at ([\d.]+) Hz/.exec(best.reason)!;
          expect(Math.abs(Number(told) - hertz)).toBeLessThan(0.2 * hertz + 0.1);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('does not depend on where the person is and how large', () => {
    const motion: Motion = (t) => ({
      headYawDegrees: wave(t, 1.4, 12),
      rightHand: reach(t, rest.rightHand, places.nose, visit),
    });
    const raw = syntheticPose(motion, { seconds: 6 });
    const moved = { ...raw, x: raw.x.map((x) => 0.4 * x + 300), y: raw.y.map((y) => 0.4 * y + 90) };
    const names = (track: typeof raw) =>
      detectKinematics(smooth(track), track).instances.map(({ action, start, end }) => [action, start, end]);
    expect(names(moved)).toEqual(names(raw));
  });

  it('reports only actions of the taxonomy, with scores from 0 to 1, a reason, and a curve that exists', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.array(fc.double({ min: -0.5, max: 0.5, noNaN: true }), { minLength: 6, maxLength: 6 }),
        (seed, a) => {
          const motion: Motion = (t) => ({
            headYawDegrees: 60 * a[0] * Math.sin(t * 3),
            rightHand: [a[1] * Math.sin(t * 2), 0.3 + a[2], 0.3],
            trunkRollDegrees: 20 * a[3] * Math.sin(t),
            leftKnee: [0.16 + a[4] * Math.sin(t), 0, 0.42],
            shrugMetres: a[5] * 0.1 * Math.sin(t * 4),
          });
          const raw = syntheticPose(motion, { seconds: 6, seed });
          const { instances, curves } = detectKinematics(smooth(raw), raw);
          for (const { action, score, reason, curve, start, end } of instances) {
            expect(microActions52.get(action).name).toBe(action);
            expect(score).toBeGreaterThan(0);
            expect(score).toBeLessThanOrEqual(1);
            expect(reason).not.toBe('');
            expect(curves.map(({ id }) => id)).toContain(curve);
            expect(start).toBeGreaterThanOrEqual(0);
            expect(end).toBeGreaterThan(start);
            expect(end).toBeLessThanOrEqual(6);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('finds actions that run at the same time', () => {
    const both = detect((t) => ({
      headPitchDegrees: wave(t, 2, 8),
      rightKnee: [-0.16, -0.02 + wave(t, 3, 0.02), 0.42],
      leftHand: reach(t, rest.leftHand, places.chest, visit),
    }));
    const actions = both.map(({ action }) => action);
    expect(actions).toContain('nodding');
    expect(actions).toContain('shaking legs');
    expect(actions).toContain('scratching or touching chest');
  });

  // What a person does, and the action that must be found with the highest score.
  const cases: { does: string; motion: Motion; action: string }[] = [
    { does: 'shakes the head', motion: (t) => ({ headYawDegrees: wave(t, 1.5, 12) }), action: 'shaking head' },
    {
      does: 'turns the head and back',
      motion: (t) => ({ headYawDegrees: 25 * awayAndBack(t) }),
      action: 'turning head',
    },
    { does: 'tilts the head', motion: (t) => ({ headRollDegrees: 15 * awayAndBack(t) }), action: 'tilting head' },
    { does: 'bows the head', motion: (t) => ({ headPitchDegrees: 20 * ease(t, 2, 2.6) }), action: 'bowing head' },
    { does: 'raises the head', motion: (t) => ({ headPitchDegrees: -15 * ease(t, 2, 2.6) }), action: 'head up' },
    { does: 'sways', motion: (t) => ({ trunkRollDegrees: wave(t, 0.8, 4) }), action: 'shaking body' },
    {
      does: 'straightens out of a slouch, eyes ahead',
      motion: (t) => ({ trunkPitchDegrees: 30 * (1 - ease(t, 2, 2.8)), headPitchDegrees: -30 * (1 - ease(t, 2, 2.8)) }),
      action: 'sitting straightly',
    },
    {
      does: 'shrugs',
      motion: (t) => ({ shrugMetres: 0.04 * ease(t, 2, 2.3) * (1 - ease(t, 2.7, 3.1)) }),
      action: 'shrugging',
    },
    { does: 'rises', motion: (t) => ({ liftMetres: 0.3 * ease(t, 2, 3) }), action: 'rising up' },
    { does: 'waves', motion: (t) => ({ rightHand: [-0.35 + wave(t, 2, 0.08), 0.5, 0.3] }), action: 'waving' },
    {
      does: 'stretches an arm out',
      motion: (t) => ({ rightHand: reach(t, rest.rightHand, [-0.7, 0.4, 0.2], [1, 1.8, 9, 10]) }),
      action: 'stretching arms',
    },
    {
      does: 'puts the hands together',
      motion: (t) => ({
        rightHand: reach(t, rest.rightHand, [-0.03, 0.2, 0.3], [1, 1.6, 9, 10]),
        leftHand: reach(t, rest.leftHand, [0.03, 0.2, 0.3], [1, 1.6, 9, 10]),
      }),
      action: 'putting hands together',
    },
    {
      does: 'crosses the arms',
      motion: (t) => ({
        rightHand: reach(t, rest.rightHand, [0.24, 0.22, 0.18], [1, 1.6, 9, 10]),
        leftHand: reach(t, rest.leftHand, [-0.24, 0.2, 0.2], [1, 1.6, 9, 10]),
      }),
      action: 'crossing arms',
    },
    {
      does: 'spreads the legs',
      motion: (t) => ({
        rightKnee: [-0.16 - 0.08 * ease(t, 2, 2.5), -0.02, 0.42],
        leftKnee: [0.16 + 0.08 * ease(t, 2, 2.5), -0.02, 0.42],
      }),
      action: 'spread legs',
    },
    {
      does: 'closes the legs',
      motion: (t) => ({
        rightKnee: [-0.16 + 0.08 * ease(t, 2, 2.5), -0.02, 0.42],
        leftKnee: [0.16 - 0.08 * ease(t, 2, 2.5), -0.02, 0.42],
      }),
      action: 'closing legs',
    },
    {
      does: 'crosses the legs',
      motion: (t) => ({
        rightAnkle: [-0.15 + 0.4 * ease(t, 2, 3), -0.44 + 0.2 * ease(t, 2, 3), 0.5],
        rightKnee: [-0.16 + 0.12 * ease(t, 2, 3), -0.02, 0.42],
      }),
      action: 'crossing legs',
    },
    {
      does: 'bounces a leg',
      motion: (t) => ({ rightKnee: [-0.16, -0.02 + wave(t, 3, 0.02), 0.42] }),
      action: 'shaking legs',
    },
    {
      does: 'puts a foot forward',
      motion: (t) => ({ rightAnkle: [-0.15, -0.44, 0.4 + 0.25 * ease(t, 2, 2.6)] }),
      action: 'stretching feet',
    },
    { does: 'lifts a heel', motion: (t) => ({ rightHeelLiftMetres: 0.08 * ease(t, 2, 2.5) }), action: 'tiptoe' },
    { does: 'touches the nose', motion: touches(places.nose), action: 'touching nose' },
    { does: 'touches the forehead', motion: touches(places.forehead), action: 'scratching or touching forehead' },
    { does: 'touches an ear', motion: touches(places.rightEar), action: 'touching ears' },
    { does: 'touches the hair', motion: touches(places.topOfHead), action: 'playing or tidying hair' },
    { does: 'covers the mouth', motion: touches(places.mouth), action: 'covering mouth' },
    { does: 'touches the chest', motion: touches(places.chest), action: 'scratching or touching chest' },
    { does: 'touches the neck', motion: touches(places.neck), action: 'scratching or touching neck' },
    {
      does: 'touches the other shoulder',
      motion: touches(places.leftShoulder),
      action: 'scratching or touching shoulder',
    },
    {
      does: 'rubs the thigh',
      motion: (t) => ({ rightHand: [-0.14 + wave(t, 1, 0.05), 0.08, 0.3] }),
      action: 'touching legs',
    },
  ];
  for (const { does, motion, action } of cases) {
    it(`sees that someone ${does}: ${action}`, () => {
      expect(detect(motion)[0]?.action).toBe(action);
    });
  }
});
