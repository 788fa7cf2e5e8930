import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clip, Dataset, Instance } from '../dataset.ts';
import { dataset } from '../testing.ts';
import { type AnyFormat, formats, joinFiles, readAnnotations, writeAnnotations } from './index.ts';

const options = { frameRate: 30 };

/** A data set as it comes back from a format's files. */
function through(format: AnyFormat, set: Dataset): Dataset {
  const files = writeAnnotations(set, format, 'set', options).map(({ name: source, content }) => {
    const context = { source, taxonomy: set.taxonomy, ...options };
    return { source, format, result: readAnnotations(content, context, format) };
  });
  return files.length === 0 ? { ...set, clips: [] } : joinFiles(files).dataset;
}

/** How far a time may move, in seconds, when a clip passes through these formats. */
function tolerance(passed: readonly AnyFormat[], { frameRate = options.frameRate }: Clip): number {
  const forgotten = passed.some(({ loses }) => loses.includes('frameRate'));
  const steps = { frame: 1 / Math.min(frameRate, forgotten ? options.frameRate : frameRate), millisecond: 0.001 };
  return passed.reduce((sum, { timeStep }) => sum + (timeStep ? steps[timeStep] : 0), 1e-9);
}

const fields = ['file', 'durationSeconds', 'frameRate', 'widthPixels', 'heightPixels', 'subset', 'subject'] as const;

/** A frame-based table gives its frame rate to clips that had none, and rounds a duration to frames. */
const rounded = new Set(['frameRate', 'durationSeconds']);

function compareClips(after: Clip, before: Clip, passed: readonly AnyFormat[]) {
  const lost = new Set(passed.flatMap(({ loses }) => loses));
  const near = tolerance(passed, before);
  for (const field of fields) {
    if (lost.has(field)) continue;
    if (!passed.some(({ timeStep }) => timeStep === 'frame') || !rounded.has(field)) {
      expect(after[field]).toEqual(before[field]);
    } else if (before[field] !== undefined) {
      const slack = field === 'durationSeconds' ? Math.max(near, 1 / (before.frameRate ?? options.frameRate)) : 0;
      expect(Math.abs(Number(after[field]) - Number(before[field]))).toBeLessThanOrEqual(slack);
    }
  }
  expect(after.instances).toHaveLength(before.instances.length);
  const remaining = [...after.instances];
  for (const wanted of before.instances) {
    const isSame = (one: Instance) =>
      one.action === wanted.action &&
      Math.abs(one.start - wanted.start) <= near &&
      // Instances shorter than the step are made one step long, in each format anew.
      Math.abs(one.end - wanted.end) <= 2 * near &&
      one.score === (lost.has('score') ? undefined : wanted.score) &&
      one.reason === (lost.has('reason') ? undefined : wanted.reason);
    const distance = ({ start, end }: Instance) => Math.abs(start - wanted.start) + Math.abs(end - wanted.end);
    const [nearest] = remaining.filter(isSame).sort((one, other) => distance(one) - distance(other));
    const at = remaining.indexOf(nearest);
    expect(at, `${JSON.stringify(wanted)} among ${JSON.stringify(remaining)}`).toBeGreaterThanOrEqual(0);
    remaining.splice(at, 1);
  }
}

const written = formats.filter(({ readOnly }) => !readOnly);
const pairs = written.flatMap((from) => written.map((to) => [from.name, to.name, from, to] as const));

describe('converting between formats', () => {
  it.each(pairs)('from %s to %s loses nothing but what they state', (_, __, from, to) => {
    fc.assert(
      fc.property(dataset({ clips: { maxLength: 2 } }), (set) => {
        const after = new Map(through(to, through(from, set)).clips.map((clip) => [clip.id, clip]));
        const dropsEmpty = [from, to].some(({ loses }) => loses.includes('clips without instances'));
        const kept = set.clips.filter(({ instances }) => instances.length > 0 || !dropsEmpty);
        expect([...after.keys()].sort()).toEqual(kept.map(({ id }) => id).sort());
        for (const clip of kept) compareClips(after.get(clip.id) as Clip, clip, [from, to]);
      }),
      { numRuns: 12, seed: 3 },
    );
  });
});
