import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { type Clip, compareInstances, type Dataset, type Instance } from '../dataset.ts';
import { checkDataset } from '../validate.ts';
import { planCuts } from './cut.ts';

const nod = (start: number, end: number): Instance => ({ action: 'nodding', start, end });
const set = (...clips: Clip[]): Dataset => ({ taxonomy: microActions52, clips });
const edgesOf = (data: Dataset, options?: Parameters<typeof planCuts>[1]) =>
  planCuts(data, options).cuts.map(({ start, end }) => [start, end]);

/** A recording of up to two minutes with instances of up to 20 s, in half seconds so that tests can count all ways. */
const recording = fc
  .record({
    halves: fc.integer({ min: 1, max: 240 }),
    frameRate: fc.option(fc.constantFrom(24, 30), { nil: undefined }),
    spans: fc.array(fc.tuple(fc.nat(239), fc.integer({ min: 1, max: 40 })), { maxLength: 25 }),
  })
  .map(
    ({ halves, frameRate, spans }): Clip => ({
      id: 'r',
      durationSeconds: halves / 2,
      ...(frameRate !== undefined && { frameRate }),
      instances: spans
        .map(([start, length]) => nod(start / 2, Math.min(halves, start + length) / 2))
        .filter(({ start, end }) => start < end)
        .sort(compareInstances),
    }),
  );

describe('cutting recordings', () => {
  it('gives pieces of 5 to 15 s that follow each other from start to end', () => {
    fc.assert(
      fc.property(recording, (clip) => {
        const { cuts, dataset } = planCuts(set(clip));
        checkDataset(dataset);
        expect(cuts[0].start).toBe(0);
        expect(cuts.at(-1)!.end).toBe(clip.durationSeconds);
        expect(cuts.slice(1).map(({ start }) => start)).toEqual(cuts.slice(0, -1).map(({ end }) => end));
        if (cuts.length === 1) expect(clip.durationSeconds).toBeLessThanOrEqual(15);
        else for (const { start, end } of cuts) expect(Math.abs(end - start - 10)).toBeLessThanOrEqual(5 + 1e-9);
      }),
      { seed: 1 },
    );
  });

  it('keeps every second of every instance, and says which were cut', () => {
    fc.assert(
      fc.property(recording, (clip) => {
        const { cuts, dataset } = planCuts(set(clip));
        const back = dataset.clips.flatMap(({ instances }, i) =>
          instances.map(({ start, end }) => ({ start: start + cuts[i].start, end: end + cuts[i].start })),
        );
        const total = (spans: readonly { start: number; end: number }[]) =>
          spans.reduce((s, { start, end }) => s + end - start, 0);
        expect(total(back)).toBeCloseTo(total(clip.instances), 6);
        const whole = clip.instances.filter((one) => !cuts.some(({ truncated }) => truncated.includes(one)));
        for (const { start, end } of whole) {
          expect(back.some((one) => Math.abs(one.start - start) < 1e-6 && Math.abs(one.end - end) < 1e-6)).toBe(true);
        }
        const parts = back.length - whole.length;
        expect(cuts.reduce((sum, { truncated }) => sum + truncated.length, 0)).toBe(parts);
      }),
      { seed: 2 },
    );
  });

  it('cuts as few instances as any way on the half seconds does', () => {
    fc.assert(
      fc.property(recording, (clip) => {
        const halves = clip.durationSeconds! * 2;
        fc.pre(halves > 30);
        const cutAt = (half: number) =>
          clip.instances.filter(({ start, end }) => start * 2 < half && half < end * 2).length;
        const least = [0];
        for (let half = 1; half <= halves; half++) {
          let best = Number.POSITIVE_INFINITY;
          for (let piece = 10; piece <= 30 && piece <= half; piece++) best = Math.min(best, least[half - piece]);
          least[half] = best + (half === halves ? 0 : cutAt(half));
        }
        const { cuts } = planCuts(set(clip));
        const done = cuts.slice(1).reduce((sum, { start }) => sum + cutAt(start * 2), 0);
        expect(done).toBe(least[halves]);
      }),
      { seed: 3 },
    );
  });

  it('goes round instances, and lets one longer than a piece go on in the next', () => {
    expect(edgesOf(set({ id: 'r', durationSeconds: 20, instances: [nod(4, 11.25)] }))).toEqual([
      [0, 11.25],
      [11.25, 20],
    ]);
    const { cuts, dataset } = planCuts(set({ id: 'r', durationSeconds: 30, file: 'r.mp4', instances: [nod(1, 26)] }));
    expect(cuts).toEqual([
      { clip: 'r_1', source: 'r', file: 'r.mp4', start: 0, end: 15, truncated: [nod(1, 26)] },
      { clip: 'r_2', source: 'r', file: 'r.mp4', start: 15, end: 30, truncated: [nod(1, 26)] },
    ]);
    expect(dataset.clips).toEqual([
      { id: 'r_1', durationSeconds: 15, instances: [nod(1, 15)] },
      { id: 'r_2', durationSeconds: 15, instances: [nod(0, 11)] },
    ]);
  });

  it('leaves short recordings as they are, names no clip twice, and drops pieces without enough instances', () => {
    const short: Clip = { id: 'r_1', durationSeconds: 3, file: 's.mp4', instances: [nod(0, 1)] };
    const long: Clip = { id: 'r', durationSeconds: 20, instances: [] };
    const { cuts, dataset } = planCuts(set(short, long));
    expect(dataset.clips[0]).toBe(short);
    expect(cuts.map(({ clip }) => clip)).toEqual(['r_1', 'r_1_', 'r_2']);
    expect(planCuts(set(short, long), { minInstances: 1 }).cuts.map(({ clip }) => clip)).toEqual(['r_1']);
  });

  it('cuts on whole frames where no instance says otherwise', () => {
    const [, { start }] = planCuts(set({ id: 'r', durationSeconds: 29, frameRate: 29.97, instances: [] })).cuts;
    expect(start * 29.97).toBeCloseTo(Math.round(start * 29.97), 9);
  });

  it('refuses lengths into which not every recording can be cut', () => {
    expect(() => planCuts(set(), { minSeconds: 8 })).toThrow('found 8 and 15');
    expect(() => planCuts(set({ id: 'r', durationSeconds: 1e9, instances: [] }))).toThrow('"r" is 1000000000 s long');
  });
});
