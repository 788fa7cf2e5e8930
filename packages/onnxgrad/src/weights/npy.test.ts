import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesSource } from './byteSource.ts';
import { openNpy, readNpy, readNpyHeader, writeNpy } from './npy.ts';
import { anyTensor } from './tensorTesting.ts';

const hex = (text: string) => Uint8Array.from(text.match(/[0-9a-f]{2}/g) ?? [], (pair) => Number.parseInt(pair, 16));

/** A file with a header of one's own. */
function npy(header: string, content: Uint8Array | number[] = [], version = 1): Uint8Array {
  const text = new TextEncoder().encode(header);
  const length = version === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0];
  return Uint8Array.from([...hex('934e554d5059'), version, 0, ...length, ...text, ...content]);
}
const header = (descr: string, shape: string, order = 'False') =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`;

describe('.npy files', () => {
  it('are written with the header of numpy.save, byte for byte', () => {
    const bytes = writeNpy({ dtype: 'float32', shape: [5586, 52], data: new Float32Array(5586 * 52) });
    const text = "{'descr': '<f4', 'fortran_order': False, 'shape': (5586, 52), }";
    expect(bytes.length).toBe(128 + 5586 * 52 * 4);
    expect(new TextDecoder('latin1').decode(bytes.subarray(1, 128))).toBe(
      `NUMPY\x01\x00\x76\x00${text.padEnd(128 - 11, ' ')}\n`,
    );
  });

  it('come back the same, whatever type, shape, version, order of axes and of bytes', () => {
    const layout = fc.record({
      version: fc.constantFrom(1 as const, 2 as const, 3 as const),
      fortranOrder: fc.boolean(),
      bigEndian: fc.boolean(),
    });
    fc.assert(
      fc.property(anyTensor, layout, (some, how) => {
        const bytes = writeNpy(some, how);
        expect((bytes.length - some.data.byteLength) % 64).toBe(0);
        const shifted = new Uint8Array(bytes.length + 3).subarray(3); // numbers then start at odd addresses
        shifted.set(bytes);
        expect(readNpy(shifted, 'a.npy')).toEqual(some);
      }),
      { seed: 3, numRuns: 600 },
    );
  });

  it('leave the bytes they are read from alone, also in a Buffer of Node', () => {
    const bytes = Buffer.from(writeNpy({ dtype: 'int32', shape: [2], data: Int32Array.of(1, 2) }, { bigEndian: true }));
    const before = [...bytes];
    const { data } = readNpy(bytes, 'a.npy');
    data[0] = 7;
    expect([...bytes]).toEqual(before);
    expect([...readNpy(bytes, 'a.npy').data]).toEqual([1, 2]);
  });

  it('in Fortran order hold the first axis fastest', () => {
    const bytes = npy(header('|u1', '(2, 3)', 'True'), [1, 4, 2, 5, 3, 6]);
    expect(readNpy(bytes, 'a.npy').data).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6));
  });

  it('keep half precision as its bits', () => {
    const bytes = npy(header('<f2', '(3,)'), hex('ff7b 0100 01fc'));
    expect(readNpy(bytes, 'a.npy')).toEqual({ dtype: 'float16', shape: [3], data: Uint16Array.of(0x7bff, 1, 0xfc01) });
  });

  it.each([
    ['<i2', 'ff7f 0080', [32767, -32768]],
    ['>u2', 'ffff 0001', [65535, 1]],
  ])('widen %s to int32', (descr, content, values) => {
    const { dtype, data } = readNpy(npy(header(descr, '(2,)'), hex(content)), 'a.npy');
    expect({ dtype, data }).toEqual({ dtype: 'int32', data: Int32Array.from(values) });
  });

  it('tell their type and shape before a number is read', async () => {
    const bytes = writeNpy({ dtype: 'float16', shape: [2, 3], data: new Uint16Array(6) });
    expect(readNpyHeader(bytes.subarray(0, 128), 'a.npy')).toMatchObject({ type: 'f2', shape: [2, 3], start: 128 });
    const { entries, format } = await openNpy(bytesSource(bytes, 'a.npy'));
    expect({ format, shape: entries.get('')?.shape }).toEqual({ format: 'npy', shape: [2, 3] });
  });

  it('of Python 2 and of other writers are read too', () => {
    const odd = `{"shape": (2L, 1L), "descr": "<i2", "fortran_order": False}`;
    expect(readNpy(npy(odd, [1, 0, 255, 255], 2), 'a.npy')).toEqual({
      dtype: 'int32',
      shape: [2, 1],
      data: Int32Array.of(1, -1),
    });
    expect(readNpy(npy(header('|b1', '()'), [1]), 'a.npy')).toEqual({
      dtype: 'bool',
      shape: [],
      data: Uint8Array.of(1),
    });
  });

  it.each([
    ['another file', Uint8Array.of(1, 2, 3), 'not a .npy file'],
    ['a later version', npy(header('<f4', '(0,)'), [], 4), 'found version 4.0'],
    ['a cut header', npy(header('<f4', '(1,)'), [0, 0, 0, 0]).subarray(0, 40), 'header is cut off'],
    ['cut content', npy(header('<f4', '(2, 1)'), [0, 0, 0, 0]), 'shape (2, 1) of f4 takes 8 bytes, found 4'],
    ['more than the shape says', npy(header('<f4', '(1,)'), [0, 0, 0, 0, 0]), 'takes 4 bytes, found 5'],
    ['a shape beyond measure', npy(header('<f8', '(99999999999999, 99999999999999)')), 'bytes, found 0'],
    ['objects, which are never unpickled', npy(header('|O', '(1,)'), [0x80, 3]), 'found elements of type "|O"'],
    [
      'records',
      npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", [0, 0, 0, 0]),
      "[('a', '<f4')]",
    ],
    ['text', npy(header('<U8', '(0,)')), 'found elements of type "<U8"'],
    [
      'a number in place of a shape',
      npy(header('<f4', '(1)'), [0, 0, 0, 0]),
      'expected descr, fortran_order and shape',
    ],
    ['a key too many', npy("{'descr': '<f4', 'fortran_order': False, 'shape': (), 'x': 1}"), 'expected descr'],
    ['a key twice', npy("{'descr': '<f4', 'descr': '<f4', 'shape': ()}"), 'expected descr'],
    ['a header beyond measure', npy(header('<f4', '(1,)').padEnd(20_000), []), 'the header takes 20000 bytes'],
    ['a truth value of 2', npy(header('|b1', '(2,)'), [1, 2]), 'a truth value is neither 0 nor 1'],
  ])('are refused where they hold %s', (_, bytes, message) => {
    expect(() => readNpy(bytes, 'scores.npy')).toThrow(message);
    expect(() => readNpy(bytes, 'scores.npy')).toThrow(/^scores\.npy: /);
  });

  it('any damage is an error that says so, or another array: never a crash', () => {
    const whole = writeNpy({ dtype: 'float32', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) });
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, byte, length) => {
        const damaged = whole.slice(0, length);
        if (at < length) damaged[at] = byte;
        try {
          readNpy(damaged, 'a.npy');
        } catch (error) {
          expect(error).toMatchObject({ name: 'WeightsError', code: 'bad-npy' });
        }
      }),
      { seed: 9, numRuns: 500 },
    );
  });
});
