import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clip, Dataset } from '../dataset.ts';
import { dataset, millisecondTime } from '../testing.ts';
import { roundTimes } from '../validate.ts';
import { type AnyFormat, formatOf, formats, joinFiles, type Loss, readAnnotations, writeAnnotations } from './index.ts';

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

const expected = (set: Dataset, { loses }: AnyFormat) =>
  inOrder(set.clips.map((clip) => kept(clip, loses))).filter(
    ({ instances }) => instances.length > 0 || !loses.includes('clips without instances'),
  );

const written = formats.filter(({ readOnly }) => !readOnly);
const exact = written.filter((format) => format.timeStep === undefined);
const byMillisecond = written.filter((format) => format.timeStep === 'millisecond');
const options = { frameRate: 30 };
const seeded = { seed: 1 };

function readBack(format: AnyFormat, set: Dataset): Dataset {
  const files = writeAnnotations(set, format, 'arbitrary', options).map(({ name: source, content }) => {
    const context = { source, taxonomy: set.taxonomy, ...options };
    return { source, format, result: readAnnotations(content, context, format) };
  });
  return files.length === 0 ? { ...set, clips: [] } : joinFiles(files).dataset;
}

const byName = (set: Dataset, format: AnyFormat) =>
  new Map(writeAnnotations(set, format, 'arbitrary', options).map(({ name, content }) => [name, content]));

describe.each(exact)('$name', (format) => {
  it('gives back every data set that it writes', () => {
    fc.assert(
      fc.property(dataset(), (set) => {
        expect(withoutForeign(readBack(format, set))).toEqual(expected(set, format));
      }),
      seeded,
    );
  });
});

describe.each(byMillisecond)('$name', (format) => {
  it('gives back every data set that it writes, times to the millisecond', () => {
    fc.assert(
      fc.property(dataset({ time: millisecondTime }), (set) => {
        expect(withoutForeign(readBack(format, set))).toEqual(expected(set, format).map(roundTimes));
      }),
      seeded,
    );
  });
});

describe.each(written)('$name', (format) => {
  it('writes the same bytes again after reading its own', () => {
    fc.assert(
      fc.property(dataset({ clips: { maxLength: 3 } }), (set) => {
        expect(byName(readBack(format, set), format)).toEqual(byName(set, format));
      }),
      seeded,
    );
  });

  it('recognises what it writes', () => {
    fc.assert(
      fc.property(dataset({ clips: { maxLength: 3 } }), (set) => {
        for (const [name, content] of byName(set, format)) expect(formatOf(content, name).name).toBe(format.name);
      }),
      seeded,
    );
  });
});
