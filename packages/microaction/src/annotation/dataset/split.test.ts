import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import type { Clip, Dataset } from '../dataset.ts';
import { mma52 } from '../formats/mma52.ts';
import { withSubjectsOfRawIds } from './rawId.ts';
import { splitDataset } from './split.ts';

const names = microActions52.actions.map(({ name }) => name);

/** Some people with some clips each, actions drawn from a long tail. */
const study = fc
  .array(fc.array(fc.array(fc.integer({ min: 0, max: 80 }), { maxLength: 5 }), { minLength: 1, maxLength: 6 }), {
    minLength: 1,
    maxLength: 40,
  })
  .map(
    (people): Dataset => ({
      taxonomy: microActions52,
      clips: people.flatMap((clips, person) =>
        clips.map(
          (draws, index): Clip => ({
            id: `${person}_${index}`,
            subject: `p${person}`,
            subset: 'old',
            instances: draws.map((draw, at) => ({ action: names[(draw * draw) % 52], start: at, end: at + 1 })),
          }),
        ),
      ),
    }),
  );
const ratios = fc.constantFrom<Record<string, number>>(
  { training: 70, validation: 15, test: 15 },
  { a: 1, b: 1 },
  { a: 0.9, b: 0.1 },
  { a: 5, b: 2, c: 2, d: 1 },
);

function subsetsOf(dataset: Dataset, key: (clip: Clip) => Iterable<string>): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const clip of dataset.clips) {
    for (const value of key(clip)) found.set(value, (found.get(value) ?? new Set()).add(clip.subset!));
  }
  return found;
}

describe('splitting by subject', () => {
  it('keeps every clip once, in order and else unchanged, and every subject in one subset', () => {
    fc.assert(
      fc.property(study, ratios, fc.integer(), (data, shares, seed) => {
        const split = splitDataset(data, { ratios: shares, seed });
        expect(split.clips.map((clip) => ({ ...clip, subset: 'old' }))).toEqual(data.clips);
        for (const subsets of subsetsOf(split, ({ subject }) => [subject!]).values()) expect(subsets.size).toBe(1);
        for (const { subset } of split.clips) expect(Object.keys(shares)).toContain(subset);
      }),
      { seed: 1 },
    );
  });

  it('is the same for the same seed', () => {
    fc.assert(
      fc.property(study, fc.integer(), (data, seed) => {
        expect(splitDataset(data, { seed })).toEqual(splitDataset(data, { seed }));
      }),
      { seed: 2, numRuns: 30 },
    );
  });

  it('comes near the ratios, within a few subjects', () => {
    fc.assert(
      fc.property(study, ratios, fc.integer(), (data, shares, seed) => {
        const split = splitDataset(data, { ratios: shares, seed });
        const largest = Math.max(
          ...[...Map.groupBy(data.clips, ({ subject }) => subject).values()].map((c) => c.length),
        );
        const total = Object.values(shares).reduce((a, b) => a + b);
        const subsets = Object.entries(shares);
        for (const [name, share] of subsets) {
          const clips = split.clips.filter(({ subset }) => subset === name).length;
          const strayed = Math.abs(clips - (data.clips.length * share) / total);
          expect(strayed).toBeLessThanOrEqual(largest * Math.max(2, subsets.length - 1) + 1e-9);
        }
      }),
      { seed: 3 },
    );
  });

  it('brings an action of three people to three subsets, though they share clips with rarer ones', () => {
    const clips = Array.from({ length: 60 }, (_, i): Clip => {
      // Three people nod; each of them also shows an action that nobody else shows.
      const own = i < 3 ? [names[20 + i], 'nodding'] : ['waving'];
      return { id: `${i}`, subject: `${i}`, instances: own.map((action) => ({ action, start: 0, end: 1 })) };
    });
    for (let seed = 0; seed < 20; seed++) {
      const split = splitDataset({ taxonomy: microActions52, clips }, { seed });
      const reached = subsetsOf(split, ({ instances }) => instances.map(({ action }) => action));
      expect(reached.get('nodding')?.size).toBe(3);
      expect(reached.get('waving')?.size).toBe(3);
    }
  });

  it('refuses clips without subject unless told, and ratios without sense', () => {
    const data: Dataset = { taxonomy: microActions52, clips: [{ id: 'a', instances: [] }] };
    expect(() => splitDataset(data)).toThrow('1 of 1 clips name no subject, such as "a"');
    expect(splitDataset(data, { withoutSubject: 'alone' }).clips[0].subset).toBe('training');
    expect(() => splitDataset(data, { ratios: { a: 1, b: 0 } })).toThrow('found 0 for b');
    expect(() => splitDataset(data, { ratios: { a: 1 } })).toThrow('found 1 subsets');
  });

  const raw = new URL('../../../../../../shared/golden/metrics/annotations/train_raw_ids.csv', import.meta.url);
  it.skipIf(!existsSync(raw))(
    'of MMA-52 reaches every subset with all that three people show (skipped without it)',
    () => {
      const context = { source: 'raw', taxonomy: microActions52 };
      const data = withSubjectsOfRawIds(mma52.read(readFileSync(raw, 'utf8'), context).dataset);
      const split = splitDataset(data);
      const people = new Map<string, Set<string>>();
      for (const { subject, instances } of data.clips) {
        for (const { action } of instances) people.set(action, (people.get(action) ?? new Set()).add(subject!));
      }
      const reached = subsetsOf(split, ({ instances }) => instances.map(({ action }) => action));
      for (const [action, who] of people)
        if (who.size >= 3) expect([action, reached.get(action)!.size]).toEqual([action, 3]);
      const training = split.clips.filter(({ subset }) => subset === 'training').length / split.clips.length;
      expect(training).toBeCloseTo(0.7, 1);
    },
  );
});
