import { describe, expect, it } from 'vitest';
import { blobSource, bytesSource, readRange } from './byteSource.ts';
import { openWeights } from './openWeights.ts';
import { writeSafetensors } from './safetensors.ts';

const ten = Uint8Array.from({ length: 10 }, (_, i) => i);

describe.each([
  ['bytes in memory', bytesSource(ten, 'ten')],
  ['a Buffer of Node', bytesSource(Buffer.from(ten), 'ten')],
  ['a blob', blobSource(new Blob([ten]), 'ten')],
])('%s as a source', (_, source) => {
  it('gives bytes from any place, to keep and to change', async () => {
    const bytes = await readRange(source, 3, 4, 'the middle');
    expect([...bytes]).toEqual([3, 4, 5, 6]);
    bytes[0] = 99;
    expect([...(await readRange(source, 3, 1, 'the middle'))]).toEqual([3]);
  });

  it.each([
    [8, 3],
    [-1, 2],
    [0, Number.NaN],
    [2 ** 60, 1],
  ])('says that what is outside is cut off: %d, %d', async (offset, length) => {
    await expect(readRange(source, offset, length, 'the end')).rejects.toMatchObject({
      code: 'cut-off',
      message: expect.stringMatching(/^ten: the end is cut off: bytes .* of 10; copy the file again$/),
    });
  });
});

describe('a source', () => {
  it('that gives less than was asked for has become shorter', async () => {
    const shrunk = { name: 'shrunk', size: 10, read: async () => ten.slice(0, 2) };
    await expect(readRange(shrunk, 0, 5, 'the start')).rejects.toThrow(
      'found 2 of 5 bytes at 0; the file has become shorter',
    );
  });

  it('may be a file that was chosen in a browser', async () => {
    const tensor = { dtype: 'float32', shape: [1], data: Float32Array.of(2.5) } as const;
    const file = new File([writeSafetensors(new Map([['a', tensor]]))], 'chosen.safetensors');
    const weights = await openWeights(blobSource(file));
    expect(weights.name).toBe('chosen.safetensors');
    expect(await weights.read('a')).toEqual(tensor);
  });
});
