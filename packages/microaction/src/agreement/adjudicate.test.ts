import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clip, Dataset, Instance } from '../annotation/dataset.ts';
import * as arbitrary from '../annotation/testing.ts';
import { checkDataset } from '../annotation/validate.ts';
import { microActions52 } from '../taxonomy/microActions52.ts';
import { adjudicate } from './adjudicate.ts';

const one = (action: string, start: number, end: number): Instance => ({ action, start, end });
const coder = (...instances: Instance[]): Dataset => ({
  taxonomy: microActions52,
  clips: [{ id: 'a', durationSeconds: 30, instances }],
});

describe('adjudicating what coders coded', () => {
  it('agrees where all overlap by more than 0.9, at the medians', () => {
    const { merged, disputes, agreed } = adjudicate([
      coder(one('nodding', 0, 10)),
      coder(one('nodding', 0.2, 10.1)),
      coder(one('nodding', 0.1, 10.3)),
    ]);
    expect(disputes).toEqual([]);
    expect(agreed).toBe(1);
    expect(merged.clips[0].instances).toEqual([one('nodding', 0.1, 10.1)]);
  });

  it('disputes exactly 0.9, and lets the majority decide', () => {
    const { merged, disputes } = adjudicate([coder(one('nodding', 0, 10)), coder(one('nodding', 0, 9)), coder()]);
    expect(disputes).toEqual([
      {
        clip: 'a',
        action: 'nodding',
        start: 0,
        end: 10,
        about: 'presence',
        codings: [
          { coder: 0, span: { start: 0, end: 10 } },
          { coder: 1, span: { start: 0, end: 9 } },
          { coder: 2, span: null },
        ],
        vote: 'kept',
      },
    ]);
    expect(merged.clips[0].instances).toEqual([one('nodding', 0, 9.5)]);
  });

  it('tells disputes about edges from those about presence, and what was coded instead', () => {
    const { merged, disputes } = adjudicate([
      coder(one('nodding', 0, 10), one('waving', 20, 22)),
      coder(one('nodding', 0, 7), one('pointing oneself', 20, 22)),
    ]);
    expect(disputes.map(({ action, about, vote }) => [action, about, vote])).toEqual([
      ['nodding', 'edges', 'kept'],
      ['pointing oneself', 'presence', 'dropped'],
      ['waving', 'presence', 'dropped'],
    ]);
    expect(disputes[2].codings).toEqual([
      { coder: 0, span: { start: 20, end: 22 } },
      { coder: 1, span: null, instead: one('pointing oneself', 20, 22) },
    ]);
    expect(merged.clips[0].instances).toEqual([one('nodding', 0, 8.5)]);
  });

  it('votes among those who coded the clip, and keeps what one coded alone', () => {
    const alone: Clip = { id: 'b', instances: [one('waving', 0, 1)] };
    const first = coder(one('nodding', 0, 10));
    const { merged, codedByOne } = adjudicate([
      { ...first, clips: [...first.clips, alone] },
      coder(one('nodding', 0, 9.5)),
      { taxonomy: microActions52, clips: [] },
    ]);
    expect(codedByOne).toEqual(['b']);
    expect(merged.clips.map(({ instances }) => instances)).toEqual([[one('nodding', 0, 9.75)], alone.instances]);
  });

  it('of coders who agree gives what they coded, and accounts for every coding of others', () => {
    const times = fc.integer({ min: 0, max: 40 });
    fc.assert(
      fc.property(
        arbitrary.dataset({ time: times, clips: { minLength: 1 } }),
        fc.integer({ min: 1, max: 4 }),
        (data, n) => {
          const coders = [0, 1, 2].map((c): Dataset => {
            const clips = data.clips.map((clip) => ({
              ...clip,
              instances: clip.instances.filter((_, i) => (i + c) % n > 0 || n === 1),
            }));
            return { ...data, clips };
          });
          const { merged, disputes, agreed } = adjudicate(coders);
          checkDataset(merged);
          const total = coders.flatMap(({ clips }) => clips.flatMap(({ instances }) => instances)).length;
          const disputed = disputes.flatMap(({ codings }) => codings.filter(({ span }) => span !== null)).length;
          expect(3 * agreed + disputed).toBe(total);
          const instances = merged.clips.flatMap((clip) => clip.instances);
          expect(instances.length).toBe(agreed + disputes.filter(({ vote }) => vote === 'kept').length);
          if (n === 1) {
            expect(disputes).toEqual([]);
            const plain = ({ action, start, end }: Instance) => ({ action, start, end });
            expect(merged.clips.map((clip) => clip.instances)).toEqual(
              data.clips.map((clip) => clip.instances.map(plain)),
            );
          }
        },
      ),
      { seed: 1 },
    );
  });

  it('does not depend on the order of the coders', () => {
    const coders = [
      coder(one('nodding', 0, 4), one('nodding', 5, 9)),
      coder(one('nodding', 0.1, 4.5), one('nodding', 4.6, 9)),
      coder(one('nodding', 0, 9)),
    ];
    const merged = coders.map((_, i) => adjudicate([...coders.slice(i), ...coders.slice(0, i)]).merged.clips);
    expect(merged[1]).toEqual(merged[0]);
    expect(merged[2]).toEqual(merged[0]);
  });
});
