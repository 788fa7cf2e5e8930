import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesSource } from './byteSource.ts';
import { openWeights } from './openWeights.ts';

const folder = new URL('../../test/weights/', import.meta.url);
const files = readdirSync(folder).filter((name) => name !== 'README.md');
const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(name, folder)));

const attempt = async (bytes: Uint8Array) => {
  const file = await openWeights(bytesSource(bytes, 'damaged'), { at: undefined });
  return file.readAll();
};

describe('a damaged file of weights', () => {
  it.each(['small.pth', 'views_legacy.pth', 'views.safetensors', 'stored.npz', 'deflated.npz', 'fortran_big.npy'])(
    'is an error that says so wherever it is cut off: %s',
    async (name) => {
      const whole = bytesOf(name);
      for (let length = 0; length < whole.length; length++) {
        const error = await attempt(whole.subarray(0, length)).then(
          () => `${length} of ${whole.length} bytes were read`,
          (error) => error,
        );
        expect(error).toMatchObject({ name: 'WeightsError', message: expect.stringMatching(/^damaged: /) });
      }
    },
  );

  it.each(files)('is an error that says so, or other weights, whatever byte is wrong: %s', async (name) => {
    const whole = bytesOf(name);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, byte) => {
        const damaged = whole.slice();
        damaged[at] = byte;
        const error = await attempt(damaged).catch((error) => error);
        if (error instanceof Error)
          expect(error).toMatchObject({ name: 'WeightsError', message: expect.stringMatching(/^damaged: /) });
      }),
      { seed: 52, numRuns: 400 },
    );
  });

  it('of PyTorch never gives wrong numbers: each storage has its checksum', async () => {
    const whole = bytesOf('small.pth');
    const start = Buffer.from(whole).indexOf(Buffer.from(Float32Array.of(0, 0.25, 0.5, 0.75).buffer));
    expect(start).toBeGreaterThan(0);
    for (let at = start; at < start + 24; at++) {
      const damaged = whole.slice();
      damaged[at] ^= 0x40;
      await expect(attempt(damaged)).rejects.toThrow('its checksum does not fit');
    }
  });

  it('of nothing but noise is an error that says so', async () => {
    const starts = [
      [],
      [0x80, 2],
      [0x50, 0x4b, 3, 4],
      [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0],
      [9, 0, 0, 0, 0, 0, 0, 0, 0x7b],
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 200 }), async (start, rest) => {
        await expect(attempt(Uint8Array.from([...start, ...rest]))).rejects.toMatchObject({ name: 'WeightsError' });
      }),
      { seed: 52, numRuns: 2000 },
    );
  });
});
