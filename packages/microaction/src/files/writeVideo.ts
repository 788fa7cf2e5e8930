import { BufferTarget, EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output } from 'mediabunny';
import { UsageError } from '../errors.ts';
import { H264Encoder, type H264Packet } from './h264Encoder.ts';
import { writeAtomically } from './writeAtomically.ts';

export interface WriteVideoOptions {
  /** Even, as H.264 wants it. */
  readonly widthPixels: number;
  readonly heightPixels: number;
  readonly frameRate: number;
  /** Of H.264, 0 (no loss) to 51; 24 when absent, at which little loss is seen. */
  readonly quantizer?: number;
  readonly signal?: AbortSignal;
}

/**
 * Writes frames as a video: H.264 in MP4, frame i shown from i / `frameRate` seconds on. The same frames give the same
 * bytes on any day, on any number of cores. The file is held in memory until it is whole, so it should not be longer
 * than some minutes.
 *
 * @param frames - [height, width, 4] each: red, green, blue, one byte unused. Copied, so that one array may be reused.
 * @throws UsageError for odd sizes, no frames, or frames of another size; what `writeAtomically` throws; the signal's
 * reason
 */
export async function writeVideo(
  path: string,
  frames: AsyncIterable<Uint8Array | Uint8ClampedArray> | Iterable<Uint8Array | Uint8ClampedArray>,
  options: WriteVideoOptions,
): Promise<void> {
  const { widthPixels, heightPixels, frameRate, quantizer = 24, signal } = options;
  checkOptions(options);
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target });
  const source = new EncodedVideoPacketSource('avc');
  output.addVideoTrack(source, { frameRate });
  const coded = { codedWidth: widthPixels, codedHeight: heightPixels };
  let count = 0;
  try {
    using encoder = new H264Encoder({ widthPixels, heightPixels, frameRate, quantizer });
    await output.start();
    const add = async (packets: readonly H264Packet[]) => {
      for (const { data, isKey, index } of packets) {
        const packet = new EncodedPacket(data, isKey ? 'key' : 'delta', index / frameRate, 1 / frameRate);
        const meta = index === 0 ? { decoderConfig: { codec: codecOf(data), ...coded } } : undefined;
        await source.add(packet, meta);
      }
    };
    for await (const frame of frames) {
      signal?.throwIfAborted();
      if (frame.length !== widthPixels * heightPixels * 4) {
        const expected = `${widthPixels} x ${heightPixels} x 4 = ${widthPixels * heightPixels * 4}`;
        throw new UsageError(`writeVideo: frame ${count} has ${frame.length} bytes, expected ${expected}`);
      }
      await add(encoder.encode(frame));
      count += 1;
    }
    signal?.throwIfAborted();
    if (count === 0) throw new UsageError(`writeVideo: found no frames for ${path}, expected one at least`);
    await add(encoder.finish());
    await output.finalize();
  } catch (error) {
    await output.cancel().catch(() => {}); // the first error is the one to tell
    throw error;
  }
  await writeAtomically(path, withoutDates(new Uint8Array(target.buffer!)), { signal });
}

// ---- below: internals ----

function checkOptions({ widthPixels, heightPixels, frameRate, quantizer = 24 }: WriteVideoOptions): void {
  const problem = (what: string) => new UsageError(`writeVideo: ${what}`);
  for (const [name, pixels] of Object.entries({ widthPixels, heightPixels })) {
    if (Number.isInteger(pixels) && pixels >= 2 && pixels % 2 === 0) continue;
    throw problem(`${name}: found ${pixels}, expected an even number of pixels; H.264 halves its colours both ways`);
  }
  if (!(frameRate > 0 && frameRate <= 1000)) throw problem(`frameRate: found ${frameRate}, expected above 0 to 1000`);
  if (!(Number.isInteger(quantizer) && quantizer >= 0 && quantizer <= 51)) {
    throw problem(`quantizer: found ${quantizer}, expected a whole number from 0 to 51`);
  }
}

/** The name of the codec with profile and level: those of the sequence parameter set, which the first packet holds. */
function codecOf(packet: Uint8Array): string {
  const at = packet.findIndex((byte, i) => (byte & 31) === 7 && packet[i - 1] === 1 && packet[i - 2] === 0);
  return `avc1.${Buffer.from(packet.subarray(at + 1, at + 4)).toString('hex')}`;
}

/** Boxes that hold others on the way to those with dates, and those. */
const containers = new Set(['moov', 'trak', 'mdia']);
const dated = new Set(['mvhd', 'tkhd', 'mdhd']);

/** Clears when an MP4 was made and changed (ISO/IEC 14496-12, 8.2.2, 8.3.2, 8.4.2); 0 says that it is not known. */
function withoutDates(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const walk = (from: number, end: number) => {
    for (let at = from; at + 8 <= end; ) {
      const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
      const isLong = view.getUint32(at) === 1;
      const size = isLong ? Number(view.getBigUint64(at + 8)) : view.getUint32(at) || end - at;
      if (containers.has(type)) walk(at + 8, at + size);
      else if (dated.has(type)) file.fill(0, at + 12, at + 12 + (file[at + 8] === 1 ? 16 : 8));
      at += size;
    }
  };
  walk(0, file.length);
  return file;
}
