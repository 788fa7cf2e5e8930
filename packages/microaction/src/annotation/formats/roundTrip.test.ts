import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clip, Dataset } from '../dataset.ts';
import { dataset, millisecondTime } from '../testing.ts';
import { roundTimes } from '../validate.ts';
import { type AnnotationFormat, formats, type Loss } from './index.ts';

/** What a format promises to give back. */
function kept(clip: Clip, loses: readonly Loss[]): Clip {
  const fields = Object.entries(clip).filter(([name]) => !loses.includes(name as Loss));
  const instances = clip.instances.map(({ score, reason, ...instance }) => ({
    ...instance,
    ...(score !== undefined && !loses.includes('score') && { score }),
    ...(reason !== undefined && !loses.includes('reason') && { reason }),
  }));
  return { ...(Object.fromEntries(fields) as unknown as Clip), instances };
}

/** In order of id: formats that are objects by id put numbers first. */
const inOrder = (clips: readonly Clip[]) => [...clips].sort((a, b) => (a.id < b.id ? -1 : 1));

const withoutForeign = (set: Dataset) => inOrder(set.clips.map(({ foreign, ...clip }) => clip));

const expected = (set: Dataset, { loses }: AnnotationFormat) =>
  inOrder(set.clips.map((clip) => kept(clip, loses))).filter(
    ({ instances }) => instances.length > 0 || !loses.includes('clips without instances'),
  );

const exact = formats.filter((format) => format.timeStep === undefined && !format.oneClipPerFile);
const byMillisecond = formats.filter((format) => format.timeStep === 'millisecond');

function readBack(format: AnnotationFormat, set: Dataset): Dataset {
  return format.read(format.write(set), { source: 'arbitrary', taxonomy: set.taxonomy }).dataset;
}

describe.each(exact)('$name', (format) => {
  it('gives back every data set that it writes', () => {
    fc.assert(
      fc.property(dataset(), (set) => {
        expect(withoutForeign(readBack(format, set))).toEqual(expected(set, format));
      }),
    );
  });
});

describe.each(byMillisecond)('$name', (format) => {
  const clips = format.oneClipPerFile ? { minLength: 1, maxLength: 1 } : { maxLength: 4 };
  it('gives back every data set that it writes, times to the millisecond', () => {
    fc.assert(
      fc.property(dataset({ clips, time: millisecondTime }), (set) => {
        expect(withoutForeign(readBack(format, set))).toEqual(expected(set, format).map(roundTimes));
      }),
    );
  });
});

describe.each(formats)('$name', (format) => {
  const clips = format.oneClipPerFile ? { minLength: 1, maxLength: 1 } : { maxLength: 3 };
  const options = { frameRate: 30 };
  it('writes the same bytes again after reading its own', () => {
    fc.assert(
      fc.property(dataset({ clips }), (set) => {
        const text = format.write(set, options);
        const again = format.read(text, { source: 'arbitrary', taxonomy: set.taxonomy, ...options });
        expect(format.write(again.dataset, options)).toBe(text);
      }),
    );
  });

  it('recognises what it writes', () => {
    fc.assert(
      fc.property(dataset({ clips }), (set) => {
        const fileName = `some${format.fileEnding}`;
        const first = formats.find((candidate) => candidate.recognises(format.write(set, options), fileName));
        expect(first?.name).toBe(format.name);
      }),
    );
  });
});
