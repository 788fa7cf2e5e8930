import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../errors.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { dataset } from '../testing.ts';
import { checkDataset } from '../validate.ts';
import { type AnyFormat, formats, readAnnotations, writeAnnotations } from './index.ts';

/** Reads what may be broken: a data set that keeps its promises, or an error that a person can act on. */
function readOrRefuse(format: AnyFormat, content: string | Uint8Array, source: string, taxonomy: Taxonomy) {
  const given = format.binary && typeof content === 'string' ? new TextEncoder().encode(content) : content;
  try {
    checkDataset(readAnnotations(given, { source, taxonomy }, format).dataset);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toContain(source);
  }
}

function damaged(content: string, damages: readonly Damage[]): string {
  let text = content;
  for (const { at, length, instead } of damages) {
    const from = Math.floor(at * text.length);
    text = text.slice(0, from) + instead + text.slice(from + length);
  }
  return text;
}

/** Bytes by way of a text of as many letters. */
const damagedBytes = (content: Uint8Array, damages: readonly Damage[]): Uint8Array =>
  Uint8Array.from(damaged(String.fromCharCode(...content), damages), (letter) => letter.charCodeAt(0));

interface Damage {
  readonly at: number;
  readonly length: number;
  readonly instead: string;
}

/** One place of a text cut out, doubled or written over. */
const damage = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 0, max: 40 }),
  instead: fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom('"', '<', '&', ',', '\t', '\n', '-1', 'null', '1e999', '[', '}', '{}', 'NaN', '(', '\\'),
  ),
});

describe.each(formats)('$name', (format) => {
  const clips = { maxLength: 3 };

  it.skipIf(format.readOnly)('reads a damaged document, or says what is wrong with it', () => {
    fc.assert(
      fc.property(dataset({ clips }), fc.array(damage, { minLength: 1, maxLength: 4 }), (set, damages) => {
        for (const { name, content } of writeAnnotations(set, format, 'whole', { frameRate: 30 })) {
          const broken = typeof content === 'string' ? damaged(content, damages) : damagedBytes(content, damages);
          readOrRefuse(format, broken, name, set.taxonomy);
        }
      }),
      { seed: 2 },
    );
  });

  it('reads any text or JSON, or says what is wrong with it', () => {
    const names = [
      'version',
      'videos',
      'instances',
      'results',
      'database',
      'annotations',
      'observations',
      'events',
      'v',
      'attribute',
      'file',
      'view',
      'metadata',
      'z',
      'data',
      'annotation',
      'predictions',
      'result',
      'value',
      'ranges',
    ];
    const value = fc.object({ key: fc.constantFrom(...names), maxDepth: 5, withNullPrototype: false });
    fc.assert(
      fc.property(
        dataset({ clips }),
        fc.oneof(
          fc.string(),
          value.map((some) => JSON.stringify(some)),
        ),
        (set, text) => {
          readOrRefuse(format, text, 'damaged', set.taxonomy);
        },
      ),
      { seed: 3 },
    );
  });
});
