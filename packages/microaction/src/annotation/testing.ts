import fc from 'fast-check';
import { microActions52 } from '../taxonomy/microActions52.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { parseTaxonomy } from '../taxonomy/taxonomyFile.ts';
import { type Clip, compareInstances, type Dataset, type Instance } from './dataset.ts';

// Arbitrary data sets for property tests. Not part of the library.

/** Names in several scripts, with marks that file formats give a meaning to. */
export const word = fc
  .stringMatching(/^[a-zäöß猫かれעبя0-9][ a-zA-Zäöß猫手かれעبя0-9,;:"'<&>|#%\\=/().@+-]{0,14}$/u)
  .map((text) => text.trim());

/** A line of text, possibly odd, never empty and never blank at its ends. */
export const phrase = fc
  .oneof(word, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }))
  .map((text) => text.replace(/[\p{Cc}\p{Cs}\u2028\u2029\uFEFF\uFFFE\uFFFF]/gu, '').trim() || 'why not');

/** A taxonomy of a lab: labels in several scripts, every one unambiguous. */
export const taxonomy: fc.Arbitrary<Taxonomy> = fc.oneof(
  fc.constant(microActions52),
  fc
    .record({
      parts: fc.uniqueArray(word, { minLength: 1, maxLength: 3, selector: lookUpKey }),
      names: fc.uniqueArray(word, { minLength: 1, maxLength: 8, selector: lookUpKey }),
      firstId: fc.integer({ min: 0, max: 100 }),
    })
    .map(({ parts, names, firstId }) =>
      parseTaxonomy(
        {
          name: 'a lab',
          bodyParts: parts.map((name, i) => ({ code: `P${i}`, name })),
          actions: names.map((name, i) => ({
            id: firstId + 2 * i,
            code: `code ${firstId + 2 * i} ü`,
            name: `${name} x`,
            bodyPart: `P${i % parts.length}`,
          })),
        },
        'arbitrary taxonomy',
      ),
    ),
);

export interface DatasetOptions {
  /** Times, in seconds; default: any. */
  readonly time?: fc.Arbitrary<number>;
  readonly clips?: { minLength?: number; maxLength?: number };
}

export function dataset({ time = anyTime, clips = { maxLength: 4 } }: DatasetOptions = {}): fc.Arbitrary<Dataset> {
  return taxonomy.chain((list) =>
    fc
      .uniqueArray(clip(list, time), { ...clips, selector: ({ id }) => id })
      .map((some): Dataset => ({ taxonomy: list, clips: some })),
  );
}

/** Whole milliseconds within ten minutes. */
export const millisecondTime = fc.integer({ min: 0, max: 600_000 }).map((ms) => ms / 1000);

// ---- below: internals ----

const anyTime = fc.oneof(millisecondTime, fc.double({ min: 0, max: 1e5, noNaN: true }).map(Math.abs));

function clip(list: Taxonomy, time: fc.Arbitrary<number>): fc.Arbitrary<Clip> {
  const positive = fc.oneof(fc.constantFrom(25, 30, 29.97, 60), fc.double({ min: 0.5, max: 1000, noNaN: true }));
  const pixels = fc.integer({ min: 1, max: 8000 });
  return fc
    .record(
      {
        id: phrase,
        file: word.map((name) => `videos/${name.replaceAll('/', '')}.mp4`),
        durationSeconds: positive,
        frameRate: positive,
        widthPixels: pixels,
        heightPixels: pixels,
        subset: fc.constantFrom('training', 'validation', 'test', 'ours'),
        subject: phrase,
        instances: fc.array(instance(list, time), { maxLength: 12 }),
      },
      { requiredKeys: ['id', 'instances'] },
    )
    .map((some) => ({ ...some, instances: some.instances.sort(compareInstances) }));
}

function instance(list: Taxonomy, time: fc.Arbitrary<number>): fc.Arbitrary<Instance> {
  return fc
    .record(
      {
        action: fc.constantFrom(...list.actions.map(({ name }) => name)),
        times: fc.tuple(time, time).filter(([a, b]) => a !== b),
        score: fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs),
        reason: phrase,
      },
      { requiredKeys: ['action', 'times'] },
    )
    .map(({ times, ...rest }) => ({ ...rest, start: Math.min(...times), end: Math.max(...times) }));
}

/** As labels are compared: without case, punctuation and small words. */
function lookUpKey(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\b(or|and)\b/g, ' ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
