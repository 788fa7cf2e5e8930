import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesSource } from './byteSource.ts';
import { openSafetensors, readSafetensors, safetensorsPieces, writeSafetensors } from './safetensors.ts';
import { anyTensors } from './tensorTesting.ts';

/** A file with a header of one's own. */
function file(header: string | object, content: readonly number[] = [], length?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + content.length);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(content, 8 + text.length);
  return bytes;
}
const f32 = (begin: number, end: number, shape = [(end - begin) / 4]) => ({
  dtype: 'F32',
  shape,
  data_offsets: [begin, end],
});

describe('safetensors files', () => {
  it('come back the same, whatever names, types and shapes', async () => {
    const metadata = fc.dictionary(fc.string(), fc.string(), { maxKeys: 3, noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(anyTensors, metadata, async (tensors, metadata) => {
        const bytes = writeSafetensors(tensors, metadata);
        expect(readSafetensors(bytes)).toEqual({ tensors, metadata });
        expect([...readSafetensors(bytes).tensors.keys()]).toEqual([...tensors.keys()]);
        const opened = await openSafetensors(bytesSource(bytes));
        expect(await opened.readAll()).toEqual(tensors);
        expect(opened.metadata).toEqual(metadata);
      }),
      { seed: 52, numRuns: 300 },
    );
  });

  it('are the same bytes piece by piece, and from an open file', async () => {
    await fc.assert(
      fc.asyncProperty(anyTensors, async (tensors) => {
        const whole = writeSafetensors(tensors);
        const { entries } = await openSafetensors(bytesSource(whole));
        expect(await joined(safetensorsPieces(tensors))).toEqual(whole);
        expect(await joined(safetensorsPieces(entries))).toEqual(whole);
      }),
      { seed: 52, numRuns: 100 },
    );
  });

  it('begin each tensor at a multiple of the size of its elements', () => {
    const tensors = new Map([
      ['a', { dtype: 'uint8', shape: [3], data: Uint8Array.of(1, 2, 3) }],
      ['b', { dtype: 'float64', shape: [1], data: Float64Array.of(1) }],
      ['c', { dtype: 'float32', shape: [1], data: Float32Array.of(1) }],
    ] as const);
    const bytes = writeSafetensors(tensors);
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    expect(length % 8).toBe(0);
    expect(Object.keys(header)).toEqual(['a', 'b', 'c']);
    expect(header.b.data_offsets).toEqual([0, 8]);
    expect(header.c.data_offsets).toEqual([8, 12]);
    expect(header.a.data_offsets).toEqual([12, 15]);
  });

  it('widen bfloat16 and 16-bit whole numbers, and keep half precision as its bits', () => {
    const header = {
      bf: { dtype: 'BF16', shape: [2], data_offsets: [0, 4] },
      i: { dtype: 'I16', shape: [1], data_offsets: [4, 6] },
      u: { dtype: 'U16', shape: [1], data_offsets: [6, 8] },
      h: { dtype: 'F16', shape: [1], data_offsets: [8, 10] },
    };
    const { tensors } = readSafetensors(file(header, [0x80, 0x3f, 0x20, 0xc0, 0xff, 0xff, 0xff, 0xff, 0x00, 0x3c]));
    expect(Object.fromEntries(tensors)).toEqual({
      bf: { dtype: 'float32', shape: [2], data: Float32Array.of(1, -2.5) },
      i: { dtype: 'int32', shape: [1], data: Int32Array.of(-1) },
      u: { dtype: 'int32', shape: [1], data: Int32Array.of(65535) },
      h: { dtype: 'float16', shape: [1], data: Uint16Array.of(0x3c00) },
    });
  });

  it('of PyTorch may have ranges in another order than names', () => {
    const { tensors } = readSafetensors(file({ b: f32(4, 8), a: f32(0, 4) }, [0, 0, 128, 63, 0, 0, 0, 64]));
    expect([...tensors].map(([name, { data }]) => [name, data[0]])).toEqual([
      ['b', 2],
      ['a', 1],
    ]);
  });

  it.each([
    ['too few bytes for a length', Uint8Array.of(1, 2, 3), 'found 3 bytes'],
    ['a header beyond the file', file('{}', [], 100n), 'it takes 100 bytes, 2 are there'],
    ['a header beyond measure', file('{}', [], 2n ** 63n), '100000000 at most'],
    ['no object', file('[]'), 'does not begin with "{"'],
    ['no JSON', file('{"a":'), 'not valid JSON'],
    ['no UTF-8', file('{"a":"?"}').map((byte) => (byte === 0x3f ? 0xff : byte)), 'not valid JSON'],
    [
      'a name twice',
      file(`{"a":${JSON.stringify(f32(0, 4))},"\\u0061":${JSON.stringify(f32(4, 8))}}`, Array(8).fill(0)),
      'names "a" twice',
    ],
    [
      'a field twice',
      file('{"a":{"dtype":"F32","dtype":"F32","shape":[],"data_offsets":[0,4]}}', [0, 0, 0, 0]),
      '"dtype" twice',
    ],
    ['ranges that overlap', file({ a: f32(0, 8), b: f32(4, 12) }, Array(12).fill(0)), 'b begins at byte 4, expected 8'],
    ['a gap', file({ a: f32(0, 4), b: f32(8, 12) }, Array(12).fill(0)), 'b begins at byte 8, expected 4'],
    ['a gap at the start', file({ a: f32(4, 8) }, Array(8).fill(0)), 'a begins at byte 4, expected 0'],
    ['bytes behind the last tensor', file({ a: f32(0, 4) }, Array(5).fill(0)), 'take 4 bytes, found 5'],
    ['cut content', file({ a: f32(0, 8) }, Array(7).fill(0)), 'take 8 bytes, found 7'],
    [
      'a shape that its range does not fit',
      file({ a: f32(0, 8, [3]) }, Array(8).fill(0)),
      'takes 12 bytes, its range holds 8',
    ],
    ['a shape beyond measure', file({ a: f32(0, 8, [2 ** 52, 2 ** 52]) }, Array(8).fill(0)), 'expected whole lengths'],
    ['a negative shape', file({ a: f32(0, 4, [-1, -1]) }, Array(4).fill(0)), 'expected whole lengths'],
    ['a range that ends before it begins', file({ a: f32(4, 0, [1]) }, Array(4).fill(0)), 'expected the bytes where'],
    ['no range', file({ a: { dtype: 'F32', shape: [] } }, []), 'found data_offsets undefined'],
    ['a truth value of 2', file({ a: { dtype: 'BOOL', shape: [1], data_offsets: [0, 1] } }, [2]), 'neither 0 nor 1'],
    ['metadata that is no text', file({ __metadata__: { a: 1 } }), '__metadata__: expected text'],
    [
      'an 8-bit float',
      file({ a: { dtype: 'F8_E4M3', shape: [1], data_offsets: [0, 1] } }, [0]),
      '"F8_E4M3" cannot be read',
    ],
    ['no type at all', file({ a: { dtype: 7, shape: [], data_offsets: [0, 4] } }, [0, 0, 0, 0]), 'expected a dtype'],
  ])('are refused where they hold %s', async (_, bytes, message) => {
    expect(() => readSafetensors(bytes, 'w.safetensors')).toThrow(message);
    expect(() => readSafetensors(bytes, 'w.safetensors')).toThrow(/^w\.safetensors: /);
    await expect(
      openSafetensors(bytesSource(bytes, 'w.safetensors')).then((file) => file.readAll()),
    ).rejects.toMatchObject({ name: 'WeightsError', message: expect.stringContaining(message) });
  });

  it('are not written of tensors whose numbers are not as many as their shape says, or under a reserved name', () => {
    const tensor = { dtype: 'float32', shape: [2], data: new Float32Array(3) } as const;
    expect(() => writeSafetensors(new Map([['a', tensor]]))).toThrow('a: shape [2] takes 2 elements, found 3');
    expect(() => writeSafetensors(new Map([['__metadata__', { ...tensor, shape: [3] }]]))).toThrow('rename it');
  });

  it('say which names look alike when one is asked for that is not there', async () => {
    const opened = await openSafetensors(bytesSource(file({ 'model.fc.weight': f32(0, 0, [0]) }), 'w.safetensors'));
    await expect(opened.read('fc.weight')).rejects.toThrow(
      'w.safetensors: found no tensor "fc.weight" among 1; there is "model.fc.weight"',
    );
  });
});

async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: number[] = [];
  for await (const piece of pieces) all.push(...piece);
  return Uint8Array.from(all);
}
