import { crc32 as ofZlib } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from './crc32.ts';

describe('crc32', () => {
  it('is the check value of the standard, and what zlib computes', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(9), (bytes, start) => {
        const some = bytes.subarray(start); // also at odd addresses
        return crc32(some) === ofZlib(some);
      }),
      { seed: 6 },
    );
  });
});
