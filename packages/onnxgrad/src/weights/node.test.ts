import { mkdir, mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TensorData } from '../graph/tensorData.ts';
import { crc32 } from './crc32.ts';
import { openWeights, saveWeights } from './node.ts';
import { writeNpy } from './npy.ts';
import { readNpz } from './npz.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

let folder: string;
const path = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onnxgrad-weights-'));
});
afterAll(() => rm(folder, { recursive: true }));

const tensors = new Map<string, TensorData>([
  ['fc.weight', { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }],
  ['steps', { dtype: 'int64', shape: [], data: BigInt64Array.of(9n) }],
]);
const fixture = (name: string) => fileURLToPath(new URL(`../../test/weights/${name}`, import.meta.url));

describe('saved weights', () => {
  it.each(['w.safetensors', 'new/folder/w.npz'])('come back: %s', async (name) => {
    await saveWeights(path(name), tensors);
    await using file = await openWeights(path(name));
    expect(file.format).toBe(name.split('.').at(-1));
    expect(await file.readAll()).toEqual(tensors);
  });

  it('keep what is said of them', async () => {
    await saveWeights(path('said.safetensors'), tensors, { metadata: { epoch: '3' } });
    await using file = await openWeights(path('said.safetensors'));
    expect(file.metadata).toEqual({ epoch: '3' });
  });

  it.each(['safetensors', 'npz'])('of a checkpoint are the same as .%s', async (ending) => {
    await using checkpoint = await openWeights(fixture('views_legacy.pth'));
    await saveWeights(path(`views.${ending}`), checkpoint.entries);
    const bytes = await readFile(path(`views.${ending}`));
    const found = ending === 'npz' ? await readNpz(bytes) : readSafetensors(bytes).tensors;
    expect(found).toEqual(await checkpoint.readAll());
  });

  it('that cannot be read to the end leave the old file, and nothing else', async () => {
    await mkdir(path('atomic'));
    const old = path('atomic/w.safetensors');
    await saveWeights(old, tensors);
    await writeFile(path('source.safetensors'), writeSafetensors(tensors));
    await using source = await openWeights(path('source.safetensors'));
    await truncate(path('source.safetensors'), 100);
    await expect(saveWeights(old, source.entries)).rejects.toMatchObject({ code: 'cut-off' });
    expect(readSafetensors(await readFile(old)).tensors).toEqual(tensors);
    expect(await readdir(path('atomic'))).toEqual(['w.safetensors']);
  });

  it.each([
    ['w.pth', 'unknown-format', 'w.pth: cannot be written; name it .safetensors or .npz'],
    ['atomic.npz/w.npz', 'no-such-file', 'a part of its path is a file'],
    ['folder.npz', 'is-folder', 'it is a folder'],
  ])('are not written to %s', async (name, code, message) => {
    await writeFile(path('atomic.npz'), '');
    await mkdir(path('folder.npz'), { recursive: true });
    await expect(saveWeights(path(name), tensors)).rejects.toMatchObject({
      name: 'WeightsError',
      code,
      message: expect.stringContaining(message),
    });
    expect((await readdir(folder)).filter((one) => one.endsWith('.tmp'))).toEqual([]);
  });
});

describe('a file of weights', () => {
  it.each([
    ['safetensors', 'views.safetensors'],
    ['npz', 'deflated.npz'],
    ['npy', 'fortran_big.npy'],
    ['torch-zip', 'views.pth'],
    ['torch-legacy', 'views_legacy.pth'],
  ])('is known as %s by its content', async (format, name) => {
    await writeFile(path('weights'), await readFile(fixture(name)));
    await using file = await openWeights(path('weights'));
    expect(file.format).toBe(format);
  });

  it('is safetensors also where its header is as long as a pickle begins', async () => {
    const header = JSON.stringify({ a: { dtype: 'U8', shape: [0], data_offsets: [0, 0] } }).padEnd(0x280);
    const bytes = new Uint8Array(8 + header.length);
    bytes.set([0x80, 0x02]);
    bytes.set(new TextEncoder().encode(header), 8);
    await writeFile(path('like.pth'), bytes);
    await using file = await openWeights(path('like.pth'));
    expect(file.format).toBe('safetensors');
  });

  it.each([
    ['missing.pth', undefined, 'no-such-file', 'there is no such file'],
    ['', undefined, 'is-folder', 'it is a folder'],
    ['empty.pth', '', 'unknown-format', 'the file is empty'],
    ['words.pth', 'A nod is as good as a wink.', 'unknown-format', 'found none of safetensors, .npy, .npz and PyTorch'],
  ])('that is none is refused: %s', async (name, content, code, message) => {
    if (content !== undefined) await writeFile(path(name), content);
    await expect(openWeights(path(name))).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    await expect(openWeights(path(name))).rejects.toThrow(path(name));
  });

  it('cannot be read once it is closed, and says so', async () => {
    await saveWeights(path('closed.safetensors'), tensors);
    const file = await openWeights(path('closed.safetensors'));
    await file.close();
    await expect(file.read('steps')).rejects.toMatchObject({ name: 'WeightsError', code: 'cannot-read' });
  });
});

/** A file with holes, which take no room on the disk: bytes at their places, and an end. */
async function sparse(name: string, pieces: readonly (readonly [at: number, bytes: Uint8Array])[], size: number) {
  const file = await open(path(name), 'w');
  try {
    await file.truncate(size);
    for (const [at, bytes] of pieces) await file.write(bytes, 0, bytes.length, at);
  } finally {
    await file.close();
  }
  return path(name);
}

describe('a file larger than 4 GiB', () => {
  const gibibyte = 2 ** 30;
  const last = Float32Array.of(1.5, -2);

  it('of safetensors is read by parts', async () => {
    const begin = 5 * gibibyte;
    const header = JSON.stringify({
      large: { dtype: 'F32', shape: [begin / 4], data_offsets: [0, begin] },
      last: { dtype: 'F32', shape: [2], data_offsets: [begin, begin + 8] },
    });
    const prefix = new Uint8Array(8);
    new DataView(prefix.buffer).setUint32(0, header.length, true);
    const file = await sparse(
      'large.safetensors',
      [
        [0, prefix],
        [8, new TextEncoder().encode(header)],
        [8 + header.length + begin, new Uint8Array(last.buffer)],
      ],
      8 + header.length + begin + 8,
    );
    await using weights = await openWeights(file);
    expect(weights.entries.get('large')).toMatchObject({ shape: [begin / 4], byteLength: begin });
    expect((await weights.read('last')).data).toEqual(last);
    await rm(file);
  });

  it('of NumPy is opened', async () => {
    const header = writeNpy({ dtype: 'float32', shape: [0, 2], data: new Float32Array(0) });
    const text = new TextDecoder('latin1').decode(header).replace('(0, 2), }       ', `(${gibibyte / 2}, 2), }`);
    const bytes = Uint8Array.from(text.slice(0, header.length), (one) => one.charCodeAt(0));
    bytes.set(header.subarray(0, 10));
    bytes[header.length - 1] = 0x0a;
    const file = await sparse('large.npy', [[0, bytes]], header.length + 4 * gibibyte);
    await using weights = await openWeights(file);
    expect(weights.entries.get('')?.shape).toEqual([gibibyte / 2, 2]);
    await rm(file);
  });

  it('of PyTorch, with a directory of 64 bits, is read by parts', async () => {
    // Two storages of which the first takes 5 GiB; the second begins beyond what 32 bits can tell.
    const tensor = (name: string, key: string, elements: string, shape: string) =>
      `X${le32(name.length)}${name}ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x00${key}X\x03\x00\x00\x00cpu${elements}tQK\x00${shape}\x85K\x01\x85\x89}t`;
    const many = `\x8a\x05${le32((5 * gibibyte) / 4)}\x00`;
    const pickle = latin1(`\x80\x02}(${tensor('large', '0', many, many)}R${tensor('last', '1', 'K\x02', 'K\x02')}Ru.`);
    const numbers = new Uint8Array(last.buffer);
    const entries = [
      { name: 'w/data.pkl', content: pickle, size: pickle.length },
      { name: 'w/data/0', content: new Uint8Array(0), size: 5 * gibibyte },
      { name: 'w/data/1', content: numbers, size: numbers.length },
    ];
    const pieces: [number, Uint8Array][] = [];
    const directory: Uint8Array[] = [];
    let at = 0;
    for (const { name, content, size } of entries) {
      const local = latin1(`PK\x03\x04${'\0'.repeat(22)}${le16(name.length)}\0\0${name}`);
      const checksum = size === content.length ? crc32(content) : 0;
      const extra = `\x01\x00\x18\x00${le64(size)}${le64(size)}${le64(at)}`;
      directory.push(
        latin1(
          `PK\x01\x02${'\0'.repeat(12)}${le32(checksum)}${'\xff'.repeat(8)}${le16(name.length)}${le16(extra.length)}${'\0'.repeat(10)}\xff\xff\xff\xff${name}${extra}`,
        ),
      );
      pieces.push([at, local], [at + local.length, content]);
      at += local.length + size;
    }
    const entriesBytes = Buffer.concat(directory);
    const end64 = at + entriesBytes.length;
    const tail = latin1(
      `PK\x06\x06${le64(44)}${'\0'.repeat(12)}${le64(3)}${le64(3)}${le64(entriesBytes.length)}${le64(at)}` +
        `PK\x06\x07\0\0\0\0${le64(end64)}\x01\0\0\0` +
        `PK\x05\x06\0\0\0\0${'\xff'.repeat(12)}\0\0`,
    );
    const file = await sparse('large.pth', [...pieces, [at, entriesBytes], [end64, tail]], end64 + tail.length);
    await using weights = await openWeights(file);
    expect(weights).toMatchObject({ format: 'torch-zip', layout: 'weights on top' });
    expect(weights.entries.get('large')?.byteLength).toBe(5 * gibibyte);
    expect((await weights.read('last')).data).toEqual(last);
    await rm(file);
  });

  it('of PyTorch before version 1.6 is read by parts', async () => {
    const bytes = await readFile(fixture('views_legacy.pth'));
    // The last storage is made 5 GiB long: its count, and the pickle's, as numbers of eight bytes.
    const tensor = (key: string, elements: string) =>
      `X\x01\x00\x00\x00${key}ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x00${key}X\x03\x00\x00\x00cpu${elements}NtQK\x00${elements}\x85K\x01\x85\x89}tR`;
    const many = `\x8a\x05${le32((5 * gibibyte) / 4)}\x00`;
    const start = bytes.subarray(0, bytes.indexOf(latin1('.\x80\x02M\xe9\x03.')) + 7);
    const pickles = latin1(
      `\x80\x02}.\x80\x02}(${tensor('0', many)}${tensor('1', 'K\x02')}u.\x80\x02](X\x01\x00\x00\x000X\x01\x00\x00\x001e.`,
    );
    const at = start.length + pickles.length;
    const second = at + 8 + 5 * gibibyte;
    const file = await sparse(
      'large_legacy.pth',
      [
        [0, start],
        [start.length, pickles],
        [at, latin1(le64((5 * gibibyte) / 4))],
        [second, latin1(le64(2))],
        [second + 8, new Uint8Array(last.buffer)],
      ],
      second + 16,
    );
    await using weights = await openWeights(file);
    expect(weights.format).toBe('torch-legacy');
    expect((await weights.read('1')).data).toEqual(last);
    await rm(file);
  });
});

const latin1 = (text: string) => Uint8Array.from(text, (one) => one.charCodeAt(0));
const little = (bytes: number) => (value: number) =>
  String.fromCharCode(...Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256));
const [le16, le32, le64] = [little(2), little(4), little(8)];
