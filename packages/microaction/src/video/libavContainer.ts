import {
  AV_CODEC_ID_VP8,
  AV_DISPOSITION_ATTACHED_PIC,
  AV_LOG_QUIET,
  AV_NOPTS_VALUE,
  AV_PKT_DATA_DISPLAYMATRIX,
  AV_PKT_FLAG_CORRUPT,
  AV_PKT_FLAG_DISCARD,
  AV_PKT_FLAG_KEY,
  AVERROR_EOF,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
  AVSEEK_FLAG_BACKWARD,
} from 'node-av/constants';
import { Dictionary, FFmpegError, FormatContext, Log, Packet, type Stream } from 'node-av/lib';

/** A file opened by libavformat, and its video stream. Owned by one reader at a time. */
export class Container {
  readonly format: FormatContext;
  readonly stream: Stream;

  private constructor(format: FormatContext, stream: Stream) {
    this.format = format;
    this.stream = stream;
  }

  /** Throws FFmpegError for what libavformat cannot read; undefined where there is no video stream. */
  static async open(path: string): Promise<Container | undefined> {
    Log.setLevel(AV_LOG_QUIET);
    const format = new FormatContext();
    try {
      format.allocContext();
      // Play lists and the like may name other files and addresses: nothing but this file is read.
      const options = Dictionary.fromObject({ protocol_whitelist: 'file' });
      FFmpegError.throwIfError(await format.openInput(`file:${path}`, null, options));
      FFmpegError.throwIfError(await format.findStreamInfo(null));
      const stream = format.streams[format.findBestStream(AVMEDIA_TYPE_VIDEO)];
      if (stream !== undefined && !(stream.disposition & AV_DISPOSITION_ATTACHED_PIC)) {
        return new Container(format, stream);
      }
    } catch (error) {
      await format.closeInput();
      throw error;
    }
    await format.closeInput();
    return undefined;
  }

  get hasAudio(): boolean {
    return this.format.streams.some(({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_AUDIO);
  }

  get tickSeconds(): number {
    const { num, den } = this.stream.timeBase;
    return num / den;
  }

  /** Size with square pixels, before rotation. */
  get squarePixelSize(): { width: number; height: number } {
    const { width, height, sampleAspectRatio } = this.stream.codecpar;
    const { num, den } = this.stream.sampleAspectRatio.num > 0 ? this.stream.sampleAspectRatio : sampleAspectRatio;
    return { width: num > 0 && den > 0 ? Math.max(1, Math.round((width * num) / den)) : width, height };
  }

  /** How the metadata say that frames are turned for display: clockwise, after an optional left-right flip. */
  get orientation(): { rotationDegrees: 0 | 90 | 180 | 270; flipped: boolean } {
    const matrix = this.stream.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX);
    if (matrix === null || matrix.length < 36) return { rotationDegrees: 0, flipped: false };
    const [a, b, c, d] = [0, 1, 3, 4].map((i) => matrix.readInt32LE(i * 4));
    const flipped = a * d - b * c < 0;
    const quarters = Math.round(Math.atan2(b, a) / (Math.PI / 2)) + (flipped ? 2 : 0);
    return { rotationDegrees: ((((quarters % 4) + 4) % 4) * 90) as 0 | 90 | 180 | 270, flipped };
  }

  seek(timestampTicks: number): Promise<number> {
    return this.format.seekFrame(this.stream.index, BigInt(timestampTicks), AVSEEK_FLAG_BACKWARD);
  }

  close(): Promise<void> {
    return this.format.closeInput();
  }
}

/** What reading a file from end to end, without decoding, tells of its video stream. All times in ticks. */
export interface PacketIndex {
  /** [frames] when each frame is shown, increasing. */
  readonly shownTicks: Float64Array;
  readonly lastFrameTicks: number;
  /** Where decoding can begin, by display time; empty where the container cannot seek to it. */
  readonly keyFrames: readonly { readonly shownTicks: number; readonly seekTicks: number }[];
  /** Packets carry no display times: frames are told by their order alone. */
  readonly orderOnly: boolean;
  /** Video packets that the header promises, 0 where it does not say. */
  readonly promisedPackets: number;
  readonly packetCount: number;
  /** Seconds by which the file ends before its header says. */
  readonly missingSeconds: number;
  /** Reading stopped at damage, not at the end. */
  readonly damaged: boolean;
}

/** Reads all packets. Blocks for at most a few milliseconds at a time. */
export async function indexPackets({ format, stream }: Container, signal?: AbortSignal): Promise<PacketIndex> {
  const packet = new Packet();
  packet.alloc();
  try {
    const found: FoundPacket[] = [];
    const ends = new Float64Array(format.nbStreams).fill(Number.NEGATIVE_INFINITY);
    let status = 0;
    for (let pauseAt = performance.now() + 5; ; ) {
      status = format.readFrameSync(packet);
      if (status < 0) break;
      const { streamIndex } = packet;
      const pts = ticks(packet.pts);
      const dts = ticks(packet.dts);
      const duration = Number(packet.duration);
      const time = pts ?? dts;
      if (time !== undefined) ends[streamIndex] = Math.max(ends[streamIndex], time + duration);
      if (streamIndex === stream.index && packet.size > 0) {
        found.push({ pts, dts, duration, flags: packet.flags, hidden: isHidden(stream, packet) });
      }
      packet.unref();
      if (performance.now() > pauseAt) {
        await new Promise(setImmediate);
        signal?.throwIfAborted();
        pauseAt = performance.now() + 5;
      }
    }
    return summarise(found, format, stream, ends, status);
  } finally {
    packet.free();
  }
}

/** Undefined where there is none. */
export const ticks = (timestamp: bigint) => (timestamp === AV_NOPTS_VALUE ? undefined : Number(timestamp));

// ---

interface FoundPacket {
  readonly pts: number | undefined;
  readonly dts: number | undefined;
  readonly duration: number;
  readonly flags: number;
  /** Decodes to nothing that is shown. */
  readonly hidden: boolean;
}

function summarise(
  found: readonly FoundPacket[],
  format: FormatContext,
  stream: Stream,
  ends: Float64Array,
  status: number,
): PacketIndex {
  const formatName = format.iformat?.name ?? '';
  const cut = (found.at(-1)?.flags ?? 0) & AV_PKT_FLAG_CORRUPT;
  const shown = (cut ? found.slice(0, -1) : found).filter(
    ({ flags, hidden }) => !hidden && !(flags & AV_PKT_FLAG_DISCARD),
  );
  const timed = shown.filter(({ pts }) => pts !== undefined).length;
  const orderOnly = timed < shown.length && (formatName.includes('avi') || timed < shown.length / 4);

  const { num, den } = stream.avgFrameRate.num > 0 ? stream.avgFrameRate : stream.rFrameRate;
  const frameTicks = num > 0 ? (den * stream.timeBase.den) / (num * stream.timeBase.num) : 0;
  const ordinal = orderOnly && shown.some(({ dts }) => dts === undefined);
  const timeOf = ({ pts, dts }: FoundPacket, i: number) => (ordinal ? i * frameTicks : orderOnly ? dts : pts);
  const shownTicks = Float64Array.from(shown.map(timeOf).filter((time) => time !== undefined)).sort();

  const last = shown.reduce((latest, one) => ((one.pts ?? 0) >= (latest.pts ?? 0) ? one : latest), shown[0]);
  const steps = shownTicks.length - 1;
  const lastFrameTicks =
    last?.duration ||
    frameTicks ||
    (steps > 0 && (shownTicks[steps] - shownTicks[0]) / steps) ||
    stream.timeBase.den / 25;

  return {
    shownTicks,
    lastFrameTicks,
    keyFrames: orderOnly
      ? []
      : found
          .filter(({ flags, pts }) => flags & AV_PKT_FLAG_KEY && pts !== undefined)
          .map(({ pts, dts }) => ({ shownTicks: pts!, seekTicks: dts ?? pts! })),
    orderOnly,
    promisedPackets: Number(stream.nbFrames),
    packetCount: found.length,
    missingSeconds: /mov|matroska|flv/.test(formatName) ? missingSeconds(format, ends) : 0,
    damaged: status !== AVERROR_EOF || cut !== 0,
  };
}

function missingSeconds(format: FormatContext, ends: Float64Array): number {
  if (format.duration === AV_NOPTS_VALUE || format.duration <= 0n) return 0;
  // Headers count from 0, also where the first picture or sound comes later.
  const start = format.startTime === AV_NOPTS_VALUE ? 0 : Math.min(0, Number(format.startTime) / 1e6);
  const end = Math.max(...format.streams.map(({ timeBase }, i) => (ends[i] * timeBase.num) / timeBase.den));
  return Math.max(0, Number(format.duration) / 1e6 - (end - start));
}

/** VP8 keeps pictures that are only ever referred to in packets of their own. */
const isHidden = (stream: Stream, packet: Packet) =>
  stream.codecpar.codecId === AV_CODEC_ID_VP8 && packet.data !== null && (packet.data[0] & 0x10) === 0;
