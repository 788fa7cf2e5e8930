import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it, vi } from 'vitest';
import { bytesSource } from './byteSource.ts';
import { writeNpy } from './npy.ts';
import { openNpz, readNpz, writeNpz } from './npz.ts';
import { anyTensors } from './tensorTesting.ts';

const fixture = (name: string) => readFileSync(new URL(`../../test/weights/${name}`, import.meta.url));

describe('.npz files', () => {
  it('come back the same, whatever names, types and shapes', async () => {
    await fc.assert(
      fc.asyncProperty(anyTensors, async (tensors) => {
        expect(await readNpz(writeNpz(tensors))).toEqual(tensors);
      }),
      { seed: 52, numRuns: 150 },
    );
  });

  it.each(['stored.npz', 'deflated.npz'])('of NumPy are read: %s', async (name) => {
    const file = await openNpz(bytesSource(fixture(name), name));
    expect([...file.entries].map(([name, { stored, shape }]) => [name, stored, shape])).toEqual([
      ['f4', 'float32', [2, 3]],
      ['f2', 'float16', [3]],
      ['i8', 'int64', []],
      ['fortran', 'float64', [3, 4]],
      ['b', 'bool', [2]],
      ['i2', 'int16', [2]],
      ['block/weight', 'uint8', [0, 2]],
    ]);
    const tensors = await file.readAll();
    expect([...tensors.values()].map(({ data }) => data)).toEqual([
      Float32Array.of(0, 1, 2, 3, 4, 5),
      Uint16Array.of(0x3c00, 0xc100, 0x7bff),
      BigInt64Array.of(-5n),
      Float64Array.from({ length: 12 }, (_, i) => i),
      Uint8Array.of(1, 0),
      Int32Array.of(-3, 4),
      new Uint8Array(0),
    ]);
  });

  it('are the same bytes whenever they are made', () => {
    const tensors = new Map([['a', { dtype: 'uint8', shape: [1], data: Uint8Array.of(7) } as const]]);
    const now = writeNpz(tensors);
    const later = vi.useFakeTimers({ now: new Date(2031, 5, 6) });
    const then = writeNpz(tensors);
    later.useRealTimers();
    expect(then).toEqual(now);
  });

  it('without arrays are read as that', async () => {
    expect(await readNpz(zipSync({}))).toEqual(new Map());
  });

  const array = writeNpy({ dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) });
  it.each([
    ['other files', zipSync({ 'a.txt': array }), 'a.txt: expected nothing but .npy files'],
    ['objects', fixture('objects.npz'), 'o.npy: found elements of type "|O"'],
    ['arrays that are cut off', zipSync({ 'a.npy': array.subarray(0, -1) }), 'shape (2) of f4 takes 8 bytes, found 7'],
  ])('are refused where they hold %s', async (_, bytes, message) => {
    await expect(readNpz(bytes, 'a.npz')).rejects.toThrow(message);
    await expect(readNpz(bytes, 'a.npz')).rejects.toThrow(/^a\.npz: /);
  });

  it('are refused where a number is damaged, by the checksum', async () => {
    const bytes = writeNpz(new Map([['a', { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) }]]));
    bytes[bytes.indexOf(0x80, 100)] ^= 1; // inside the number 1
    await expect(readNpz(bytes, 'a.npz')).rejects.toThrow('its checksum does not fit');
  });
});
