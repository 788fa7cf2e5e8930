import { Inflate, inflateSync } from 'fflate';
import { WeightsError } from '../errors.ts';
import { type ByteSource, copyOf, readRange } from './byteSource.ts';
import { crc32 } from './crc32.ts';

/** A file in an archive. Sizes and places are in bytes. */
export interface ZipEntry {
  readonly name: string;
  readonly method: 'stored' | 'deflated';
  /** Unpacked. */
  readonly size: number;
  readonly packedSize: number;
  /** CRC-32 of the content; 0 where the writer left it out, as PyTorch can be told to. */
  readonly checksum: number;
  /** Where its own header begins. */
  readonly headerAt: number;
}

/** A zip archive of any size (also in its 64-bit variant), of which only what is asked for is read. */
export class ZipArchive {
  readonly source: ByteSource;
  /** By name, without folders. */
  readonly entries: ReadonlyMap<string, ZipEntry>;
  readonly #contentStarts = new Map<ZipEntry, Promise<number>>();

  private constructor(source: ByteSource, entries: ReadonlyMap<string, ZipEntry>) {
    this.source = source;
    this.entries = entries;
  }

  /** Reads the directory. @throws WeightsError `bad-zip`; `unsupported` for encrypted files and rare packings */
  static async open(source: ByteSource): Promise<ZipArchive> {
    const { directory, count } = await readDirectory(source);
    return new ZipArchive(source, parseDirectory(directory, count, source));
  }

  /** A whole file, checked against its checksum. @throws WeightsError `bad-zip` */
  async read(entry: ZipEntry): Promise<Uint8Array> {
    const packed = await this.#packed(entry, 0, entry.packedSize);
    const content = entry.method === 'stored' ? packed : this.#inflate(entry, packed);
    if (entry.checksum !== 0 && crc32(content) !== entry.checksum) {
      this.#fail(entry, 'it is damaged, its checksum does not fit; copy the file again');
    }
    return content;
  }

  /** A part of a file; the whole is read where it is packed, and checked where the part is the whole. */
  async readPart(entry: ZipEntry, offset: number, length: number): Promise<Uint8Array> {
    if (offset === 0 && length === entry.size) return this.read(entry);
    if (entry.method === 'stored') return this.#packed(entry, offset, length);
    return copyOf(await this.read(entry), offset, offset + length);
  }

  /** The first bytes of a file, or all where it has fewer. */
  async readStart(entry: ZipEntry, length: number): Promise<Uint8Array> {
    const wanted = Math.min(length, entry.size);
    if (entry.method === 'stored') return this.#packed(entry, 0, wanted);
    const start = new Uint8Array(wanted);
    let filled = 0;
    const inflate = new Inflate((chunk) => {
      start.set(chunk.subarray(0, wanted - filled), filled);
      filled = Math.min(wanted, filled + chunk.length);
    });
    for (let at = 0; filled < wanted && at < entry.packedSize; at += stepBytes) {
      const packed = await this.#packed(entry, at, Math.min(stepBytes, entry.packedSize - at));
      this.#unpack(entry, () => inflate.push(packed, at + packed.length === entry.packedSize));
    }
    if (filled < wanted) this.#fail(entry, 'it is cut off; copy the file again');
    return start;
  }

  async #packed(entry: ZipEntry, offset: number, length: number): Promise<Uint8Array> {
    let start = this.#contentStarts.get(entry);
    if (!start) this.#contentStarts.set(entry, (start = this.#findContent(entry)));
    return readRange(this.source, (await start) + offset, length, entry.name);
  }

  /** The header before a file's content repeats its name, and may be padded so that the content is aligned. */
  async #findContent(entry: ZipEntry): Promise<number> {
    const header = viewOf(await readRange(this.source, entry.headerAt, 30, entry.name));
    if (header.getUint32(0, true) !== signatures.file) this.#fail(entry, 'its header is damaged; copy the file again');
    return entry.headerAt + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  }

  #inflate(entry: ZipEntry, packed: Uint8Array): Uint8Array {
    const content = this.#unpack(entry, () => inflateSync(packed, { out: new Uint8Array(entry.size) }));
    if (content.length !== entry.size) this.#fail(entry, `it unpacks to ${content.length} bytes of ${entry.size}`);
    return content;
  }

  #unpack<T>(entry: ZipEntry, work: () => T): T {
    try {
      return work();
    } catch (error) {
      return this.#fail(entry, 'it cannot be unpacked; copy the file again', error);
    }
  }

  #fail(entry: ZipEntry, what: string, cause?: unknown): never {
    throw new WeightsError('bad-zip', `${this.source.name}: ${JSON.stringify(entry.name)}: ${what}`, { cause });
  }
}

/** Whether bytes begin as a zip archive does; an empty one begins with its end. */
export const isZip = (bytes: Uint8Array): boolean =>
  bytes.length >= 4 && [signatures.file, signatures.end].includes(viewOf(bytes).getUint32(0, true));

// ---- below: internals ----

const signatures = { file: 0x04034b50, entry: 0x02014b50, end: 0x06054b50, end64: 0x06064b50, locator64: 0x07064b50 };
const endBytes = 22;
const longestComment = 0xffff;
const stepBytes = 2 ** 16;
/** Deflate cannot pack tighter than about 1032 to 1; whatever states more is no archive but a bomb. */
const tightest = 1100;

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const getLong = (view: DataView, at: number) => Number(view.getBigUint64(at, true));

/** The directory stands at the end, before a last record that tells where. */
async function readDirectory(source: ByteSource): Promise<{ directory: Uint8Array; count: number }> {
  const { name, size } = source;
  const tailBytes = Math.min(size, endBytes + longestComment);
  const tail = viewOf(await readRange(source, size - tailBytes, tailBytes, 'the archive'));
  let end = tailBytes - endBytes;
  const isEnd = (at: number) =>
    tail.getUint32(at, true) === signatures.end && tail.getUint16(at + 20, true) === tailBytes - at - endBytes;
  while (end >= 0 && !isEnd(end)) end -= 1;
  if (end < 0)
    throw new WeightsError('bad-zip', `${name}: the zip archive has no end; it is cut off, copy the file again`);
  let count = tail.getUint16(end + 10, true);
  let length = tail.getUint32(end + 12, true);
  let offset = tail.getUint32(end + 16, true);
  if (end >= 20 && tail.getUint32(end - 20, true) === signatures.locator64) {
    const end64 = viewOf(await readRange(source, getLong(tail, end - 12), 56, 'the directory'));
    if (end64.getUint32(0, true) !== signatures.end64) {
      throw new WeightsError('bad-zip', `${name}: the directory of the zip archive is damaged; copy the file again`);
    }
    [count, length, offset] = [getLong(end64, 32), getLong(end64, 40), getLong(end64, 48)];
  }
  return { directory: await readRange(source, offset, length, 'the directory'), count };
}

function parseDirectory(bytes: Uint8Array, count: number, source: ByteSource): Map<string, ZipEntry> {
  const view = viewOf(bytes);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== signatures.entry) throw damaged(source);
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const next = at + 46 + nameBytes + extraBytes + commentBytes;
    if (next > bytes.length) throw damaged(source);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameBytes));
    const where = `${source.name}: ${JSON.stringify(name)}`;
    const extra = bytes.subarray(at + 46 + nameBytes, at + 46 + nameBytes + extraBytes);
    const [size, packedSize, headerAt] = widened(
      [24, 20, 42].map((field) => view.getUint32(at + field, true)),
      extra,
    );
    if (view.getUint16(at + 8, true) & 1)
      throw new WeightsError('unsupported', `${where}: it is encrypted; unpack it first`);
    const code = view.getUint16(at + 10, true);
    const method = code === 0 ? 'stored' : code === 8 ? 'deflated' : undefined;
    if (!method) {
      throw new WeightsError(
        'unsupported',
        `${where}: packed by method ${code}, expected stored or deflated; zip it again`,
      );
    }
    if (method === 'stored' ? size !== packedSize : size > packedSize * tightest) {
      throw new WeightsError(
        'bad-zip',
        `${where}: states ${size} bytes packed into ${packedSize}; copy the file again`,
      );
    }
    if (entries.has(name)) throw new WeightsError('bad-zip', `${where} is in it twice; write the file again`);
    const checksum = view.getUint32(at + 16, true);
    if (!name.endsWith('/')) entries.set(name, { name, method, size, packedSize, checksum, headerAt });
    at = next;
  }
  return entries;
}

const damaged = ({ name }: ByteSource) =>
  new WeightsError('bad-zip', `${name}: the directory of the zip archive is damaged; copy the file again`);

/** Numbers of 32 bits, those that are all ones replaced by the 64-bit ones of the extra field 1, in this order. */
function widened(short: readonly number[], extra: Uint8Array): number[] {
  const view = viewOf(extra);
  const long: number[] = [];
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    const end = Math.min(extra.length, at + 4 + view.getUint16(at + 2, true));
    for (let field = at + 4; field + 8 <= end; field += 8) long.push(getLong(view, field));
  }
  return short.map((value) => (value === 0xffffffff ? (long.shift() ?? value) : value));
}
