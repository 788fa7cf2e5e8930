import * as fc from 'fast-check';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { storedZip } from './storedZip.ts';

describe('a zip of stored files', () => {
  it('gives back every file to a zip reader that checks sums', () => {
    const file = fc.record({
      name: fc.string({ unit: 'grapheme', minLength: 1 }),
      bytes: fc.uint8Array({ maxLength: 99 }),
    });
    fc.assert(
      fc.property(fc.uniqueArray(file, { selector: ({ name }) => name, maxLength: 6 }), (files) => {
        const zip = storedZip(files);
        expect(storedZip(files)).toEqual(zip);
        expect(unzipSync(zip)).toEqual(Object.fromEntries(files.map(({ name, bytes }) => [name, bytes])));
      }),
      { seed: 52 },
    );
  });
});
