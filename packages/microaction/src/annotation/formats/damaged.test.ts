import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../errors.ts';
import { dataset } from '../testing.ts';
import { checkDataset } from '../validate.ts';
import { type AnnotationFormat, formats } from './index.ts';

/** Reads what may be broken: a data set that keeps its promises, or an error that a person can act on. */
function readOrRefuse(
  format: AnnotationFormat,
  text: string,
  taxonomy: Parameters<AnnotationFormat['read']>[1]['taxonomy'],
) {
  try {
    checkDataset(format.read(text, { source: 'damaged', taxonomy }).dataset);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toMatch(/damaged/);
  }
}

/** One place of a text cut out, doubled or written over. */
const damage = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 0, max: 40 }),
  instead: fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom('"', '<', '&', ',', '\t', '\n', '-1', 'null', '1e999', '[', '}', '{}'),
  ),
});

describe.each(formats)('$name', (format) => {
  const clips = format.oneClipPerFile ? { minLength: 1, maxLength: 1 } : { maxLength: 3 };

  it('reads a damaged document, or says what is wrong with it', () => {
    fc.assert(
      fc.property(dataset({ clips }), fc.array(damage, { minLength: 1, maxLength: 4 }), (set, damages) => {
        let text = format.write(set, { frameRate: 30 });
        for (const { at, length, instead } of damages) {
          const from = Math.floor(at * text.length);
          text = text.slice(0, from) + instead + text.slice(from + length);
        }
        readOrRefuse(format, text, set.taxonomy);
      }),
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
          readOrRefuse(format, text, set.taxonomy);
        },
      ),
    );
  });
});
