import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { bytesSource } from './byteSource.ts';
import { isZip, ZipArchive } from './zip.ts';

const text = (content: string) => new TextEncoder().encode(content);
const open = (bytes: Uint8Array) => ZipArchive.open(bytesSource(bytes, 'a.zip'));
const noise = Uint8Array.from({ length: 300_000 }, (_, i) => (Math.imul(i, 2654435761) >>> 13) & 255);
const files = { 'a/b.txt': text('hello'), empty: new Uint8Array(0), noise };

describe.each([0, 9] as const)('a zip archive packed at level %i', (level) => {
  const bytes = zipSync(files, { level, comment: '' });

  it('gives its files, and parts of them', async () => {
    const archive = await open(bytes);
    expect(isZip(bytes)).toBe(true);
    expect([...archive.entries.keys()]).toEqual(Object.keys(files));
    for (const [name, content] of Object.entries(files)) {
      expect(await archive.read(archive.entries.get(name)!)).toEqual(content);
    }
    const entry = archive.entries.get('noise')!;
    expect(await archive.readPart(entry, 1000, 5)).toEqual(noise.slice(1000, 1005));
    expect(await archive.readStart(entry, 100_000)).toEqual(noise.slice(0, 100_000));
    expect(await archive.readStart(archive.entries.get('a/b.txt')!, 100)).toEqual(text('hello'));
  });

  it('is refused where a file is damaged', async () => {
    const damaged = bytes.slice();
    damaged[1000] ^= 0x10; // in the noise
    const archive = await open(damaged);
    await expect(archive.read(archive.entries.get('noise')!)).rejects.toMatchObject({
      code: 'bad-zip',
      message: expect.stringMatching(/^a\.zip: "noise": it (is damaged|cannot be unpacked|unpacks to)/),
    });
  });
});

describe('a zip archive', () => {
  const bytes = zipSync({ a: text('aaaa'), b: text('bbbb') }, { level: 9 });
  const end = bytes.length - 22;
  const directory = new DataView(bytes.buffer).getUint32(end + 16, true);
  const changed = (change: (view: DataView, bytes: Uint8Array) => void) => {
    const copy = bytes.slice();
    change(new DataView(copy.buffer), copy);
    return copy;
  };

  it.each([
    ['has no end', bytes.subarray(0, -1), 'has no end'],
    [
      'is only an end that points outside',
      changed((view) => view.setUint32(end + 16, 2 ** 30, true)),
      'directory is cut off',
    ],
    [
      'has a damaged directory',
      changed((view) => view.setUint32(directory, 0, true)),
      'the directory of the zip archive is damaged',
    ],
    [
      'has fewer entries than it counts',
      changed((view) => view.setUint16(end + 10, 3, true)),
      'the directory of the zip archive is damaged',
    ],
    ['is encrypted', changed((view) => view.setUint16(directory + 8, 1, true)), '"a": it is encrypted'],
    [
      'is packed in a rare way',
      changed((view) => view.setUint16(directory + 10, 12, true)),
      '"a": packed by method 12',
    ],
    ['names a file twice', changed((_, copy) => copy.set(text('b'), directory + 46)), '"b" is in it twice'],
    [
      'unfolds beyond measure',
      changed((view) => view.setUint32(directory + 24, 2 ** 31, true)),
      'states 2147483648 bytes packed into',
    ],
  ])('that %s is refused', async (_, damaged, message) => {
    await expect(open(damaged)).rejects.toMatchObject({
      name: 'WeightsError',
      message: expect.stringContaining(message),
    });
  });

  it('that states less or more than it holds is refused', async () => {
    for (const size of [3, 5]) {
      const archive = await open(changed((view) => view.setUint32(directory + 24, size, true)));
      await expect(archive.read(archive.entries.get('a')!)).rejects.toMatchObject({ code: 'bad-zip' });
    }
  });

  it('whose file has a damaged header of its own is refused', async () => {
    const archive = await open(changed((view) => view.setUint32(0, 0, true)));
    await expect(archive.read(archive.entries.get('a')!)).rejects.toThrow('"a": its header is damaged');
  });
});
