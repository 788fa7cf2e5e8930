import { describe, expect, it } from 'vitest';
import fromTorch from '../../test/optim/fromTorch.json' with { type: 'json' };
import openTad from '../../test/optim/openTadSchedule.json' with { type: 'json' };
import { expectNear } from './optimTesting.ts';
import { type ScheduleOptions, schedule } from './schedules.ts';

const rates = (options: ScheduleOptions, steps: number, base: number) => {
  const rate = schedule(options);
  return Array.from({ length: steps }, (_, step) => rate(step, base));
};

describe('schedule', () => {
  it('warms up and falls as OpenTAD trains its detectors', () => {
    const { warmup_epoch, max_epoch, iters_per_epoch, lr } = openTad.epochs;
    const options = {
      kind: 'warmupCosine',
      warmupSteps: warmup_epoch * iters_per_epoch,
      totalSteps: max_epoch * iters_per_epoch,
    } as const;
    // OpenTAD goes from rate to rate by factors, which gathers rounding; ours is the closed form.
    expectNear(rates(options, 105, lr), openTad.learningRates, 1e-15);
    expect(schedule(options)(105, lr)).toBe(1e-8);
    expect(schedule(options)(1e6, lr)).toBe(1e-8);
  });

  it('begins every group at the same absolute rate and ends it at the same', () => {
    const rate = schedule({
      kind: 'warmupCosine',
      warmupSteps: 3,
      totalSteps: 9,
      startLearningRate: 0.1,
      minLearningRate: 0.2,
    });
    for (const base of [1, 4]) {
      expect([0, 1, 2, 3, 9].map((step) => rate(step, base))).toEqual([0.1, (0.1 + base) / 2, base, base, 0.2]);
    }
  });

  it('begins at the full rate without warm-up, and at the start rate with one step of it', () => {
    expect(rates({ kind: 'warmupCosine', warmupSteps: 0, totalSteps: 2, minLearningRate: 0 }, 3, 1)).toEqual([
      1, 0.5, 0,
    ]);
    expect(rates({ kind: 'warmupCosine', warmupSteps: 1, totalSteps: 2 }, 2, 1)).toEqual([0, 1]);
  });

  it('falls at milestones as torch does, also under a linear warm-up', () => {
    const options = { kind: 'multiStep', milestones: [3, 7] } as const;
    expectNear(rates(options, 10, 0.5), fromTorch.multiStep, 1e-16);
    const warmup = { steps: 4, startFactor: 0.1 };
    expectNear(rates({ ...options, warmup }, 10, 0.5), fromTorch.warmMultiStep, 1e-16);
  });

  it('falls along a cosine as torch does, and stays where it is told to', () => {
    const options = { kind: 'cosine', totalSteps: 10, minLearningRate: 0.001 } as const;
    expectNear(rates(options, 11, 0.5), fromTorch.cosine, 1e-16);
    const held = rates({ ...options, holdFromStep: 4 }, 20, 0.5);
    expectNear(held.slice(4), Array(16).fill(fromTorch.cosine[4]), 1e-16);
  });

  it('stays, from a warm-up that begins at zero unless told otherwise', () => {
    expect(rates({ kind: 'constant', warmup: { steps: 4 } }, 6, 2)).toEqual([0, 0.5, 1, 1.5, 2, 2]);
    expect(rates({ kind: 'constant', warmup: { steps: 0 } }, 2, 2)).toEqual([2, 2]);
    expect(rates({ kind: 'constant' }, 2, 2)).toEqual([2, 2]);
  });

  it('is the same after a trip through JSON', () => {
    const options: ScheduleOptions = { kind: 'multiStep', milestones: [2], gamma: 0.5, warmup: { steps: 1 } };
    expect(rates(JSON.parse(JSON.stringify(options)), 4, 1)).toEqual([0, 1, 0.5, 0.5]);
  });

  it('refuses what makes no sense, naming it', () => {
    const making = (options: object) => () => schedule(options as ScheduleOptions);
    expect(making({ kind: 'multiStep', milestones: [4, 4] })).toThrow('milestones are [4, 4]');
    expect(making({ kind: 'warmupCosine', warmupSteps: 5, totalSteps: 5 })).toThrow(
      'totalSteps is 5; expected more than',
    );
    expect(making({ kind: 'cosine', totalSteps: Number.NaN })).toThrow('totalSteps is NaN');
    expect(making({ kind: 'constant', warmup: { steps: -1 } })).toThrow('warmup: steps is -1');
    expect(making({ kind: 'linear' })).toThrow("kind is 'linear'");
  });
});
