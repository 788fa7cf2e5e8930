/** Makes small videos for tests, from formulas. */
import {
  AV_CHANNEL_ORDER_NATIVE,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_CODEC_ID_PCM_S16LE,
  AV_LOG_QUIET,
  AV_PIX_FMT_YUV420P,
  AV_PKT_DATA_DISPLAYMATRIX,
  AVCOL_RANGE_UNSPECIFIED,
  AVCOL_SPC_UNSPECIFIED,
  type AVColorRange,
  type AVColorSpace,
  AVMEDIA_TYPE_AUDIO,
  type AVPixelFormat,
  type FFEncoderCodec,
} from 'node-av/constants';
import {
  avGetPixFmtName,
  Codec,
  CodecContext,
  Dictionary,
  FFmpegError,
  FormatContext,
  Frame,
  Log,
  Packet,
  Rational,
} from 'node-av/lib';
import type { Frame as Picture } from '../src/video/video.ts';

export interface TestVideo {
  readonly width: number;
  readonly height: number;
  /** When each frame is shown, in milliseconds. */
  readonly timesMs: readonly number[];
  readonly encoder?: string;
  readonly encoderOptions?: Readonly<Record<string, string>>;
  readonly muxerOptions?: Readonly<Record<string, string>>;
  /** A planar YUV format. */
  readonly pixelFormat?: AVPixelFormat;
  readonly colorSpace?: AVColorSpace;
  readonly colorRange?: AVColorRange;
  readonly pixelAspect?: readonly [number, number];
  /** Display matrix `[a, b, c, d]`: a point (x, y) is shown at (a x + c y, b x + d y). */
  readonly displayMatrix?: readonly [number, number, number, number];
  /** Seconds of silence beside the pictures; containers that hold PCM only. */
  readonly audioSeconds?: number;
  readonly bitRate?: number;
  readonly bFrames?: number;
  readonly framesPerKey?: number;
  /** Y, U, V at a pixel, 0 to 255 (scaled up for deeper formats). */
  paint?(frame: number, x: number, y: number): readonly [number, number, number];
  /** Instead of `paint`, where that is too slow: the planes, one after the other, as the pixel format has them. */
  planes?(frame: number): Uint8Array;
}

/** Milliseconds of frames at a steady rate. */
export const steadyTimes = (count: number, frameRate: number) =>
  Array.from({ length: count }, (_, i) => (i * 1000) / frameRate);

/** A bright square of 16 pixels on grey that moves 4 pixels to the right with each frame. */
export const movingSquare = (count: number, frameRate = 30): TestVideo => ({
  width: 160,
  height: 96,
  timesMs: steadyTimes(count, frameRate),
  paint: (frame, x, y) =>
    x >= 4 * frame && x < 4 * frame + 16 && y >= 40 && y < 56 ? [220, 128, 128] : [60, 128, 128],
});

/** Where the left edge of the bright square is. */
export function squareLeft({ data, widthPixels, heightPixels }: Picture): number {
  const row = Math.floor(heightPixels / 2) * widthPixels;
  for (let x = 0; x < widthPixels; x++) if (data[(row + x) * 3] > 150) return x;
  return Number.NaN;
}

/** Writes a video; the container follows from the path's ending. */
export async function makeVideo(path: string, video: TestVideo): Promise<void> {
  process.env.SVT_LOG = '0'; // SVT-AV1 does not ask libav what to print.
  Log.setLevel(AV_LOG_QUIET);
  const countsFrames = path.endsWith('.avi'); // It knows frame numbers only.
  const encoder = await openEncoder(video, countsFrames);
  const output = new FormatContext();
  check(output.allocOutputContext2(null, null, path));
  const stream = output.newStream();
  check(stream.codecpar.fromContext(encoder));
  stream.timeBase = encoder.timeBase;
  if (video.pixelAspect) stream.sampleAspectRatio = new Rational(...video.pixelAspect);
  if (video.displayMatrix) {
    stream.codecpar.addCodedSideData(AV_PKT_DATA_DISPLAYMATRIX, displayMatrix(video.displayMatrix));
  }
  const audio = video.audioSeconds === undefined ? undefined : addSilentTrack(output);
  check(await output.openOutput());
  check(await output.writeHeader(Dictionary.fromObject({ ...video.muxerOptions })));
  if (audio !== undefined) await writeSilence(output, audio.index, video.audioSeconds!);

  const packet = new Packet();
  packet.alloc();
  const send = async (frame: Frame | null) => {
    check(await encoder.sendFrame(frame));
    while ((await encoder.receivePacket(packet)) >= 0) {
      if (packet.duration === 0n) packet.duration = countsFrames ? 1n : BigInt(Math.round(ticksPerMs * stepMs(video)));
      packet.streamIndex = stream.index;
      packet.rescaleTs(encoder.timeBase, stream.timeBase);
      check(await output.interleavedWriteFrame(packet));
    }
  };
  for (let i = 0; i < video.timesMs.length; i++) {
    using frame = makeFrame(video, i);
    frame.pts = BigInt(countsFrames ? i : Math.round(video.timesMs[i] * ticksPerMs));
    await send(frame);
  }
  await send(null);
  check(await output.writeTrailer());
  await output.closeOutput();
  output.freeContext();
  encoder.freeContext();
  packet.free();
}

// ---

/** Ticks of 1/90000 s. */
const ticksPerMs = 90;

const check = (status: number) => FFmpegError.throwIfError(status);

const stepMs = ({ timesMs }: TestVideo) => (timesMs.length > 1 ? timesMs[1] - timesMs[0] : 40);

async function openEncoder(video: TestVideo, countsFrames: boolean): Promise<CodecContext> {
  const codec = Codec.findEncoderByName((video.encoder ?? 'libx264') as FFEncoderCodec);
  if (codec === null) throw new Error(`no encoder ${video.encoder}`);
  const encoder = new CodecContext();
  encoder.allocContext3(codec);
  encoder.width = video.width;
  encoder.height = video.height;
  encoder.pixelFormat = video.pixelFormat ?? AV_PIX_FMT_YUV420P;
  const rate = Math.round(1000 / stepMs(video));
  encoder.timeBase = countsFrames ? new Rational(1, rate) : new Rational(1, ticksPerMs * 1000);
  encoder.framerate = new Rational(rate, 1);
  encoder.gopSize = video.framesPerKey ?? 12;
  encoder.maxBFrames = video.bFrames ?? 0;
  encoder.colorSpace = video.colorSpace ?? AVCOL_SPC_UNSPECIFIED;
  encoder.colorRange = video.colorRange ?? AVCOL_RANGE_UNSPECIFIED;
  if (video.pixelAspect) encoder.sampleAspectRatio = new Rational(...video.pixelAspect);
  encoder.bitRate = BigInt(video.bitRate ?? 4_000_000);
  encoder.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
  check(await encoder.open2(codec, Dictionary.fromObject({ ...video.encoderOptions })));
  return encoder;
}

function makeFrame(video: TestVideo, index: number): Frame {
  const { width, height, pixelFormat: format = AV_PIX_FMT_YUV420P } = video;
  const planes = video.planes?.(index) ?? paintPlanes(video, format, index);
  const { stepX, stepY, deep } = layoutOf(format);
  const frame = new Frame();
  frame.alloc();
  frame.width = width;
  frame.height = height;
  frame.format = format;
  check(frame.allocBuffer());
  // Row by row: `Frame.fromVideoBuffer` and `fromBuffer` do not copy, and do not keep the buffer alive either.
  const bytesPerSample = deep ? 2 : 1;
  let from = 0;
  for (const [plane, into] of frame.data!.slice(0, 3).entries()) {
    const [rows, rowBytes] =
      plane === 0
        ? [height, width * bytesPerSample]
        : [Math.ceil(height / stepY), Math.ceil(width / stepX) * bytesPerSample];
    for (let row = 0; row < rows; row++, from += rowBytes) {
      into.set(planes.subarray(from, from + rowBytes), row * frame.linesize[plane]);
    }
  }
  frame.colorSpace = video.colorSpace ?? AVCOL_SPC_UNSPECIFIED;
  frame.colorRange = video.colorRange ?? AVCOL_RANGE_UNSPECIFIED;
  return frame;
}

function paintPlanes({ width, height, paint }: TestVideo, format: AVPixelFormat, index: number): Uint8Array {
  const { stepX, stepY, deep } = layoutOf(format);
  const samples: number[] = [];
  for (let plane = 0; plane < 3; plane++) {
    const [dx, dy] = plane === 0 ? [1, 1] : [stepX, stepY];
    for (let y = 0; y < height; y += dy) {
      for (let x = 0; x < width; x += dx) samples.push(paint!(index, x, y)[plane]);
    }
  }
  if (!deep) return Uint8Array.from(samples, Math.round);
  return new Uint8Array(Uint16Array.from(samples, (value) => Math.round(value * 4)).buffer);
}

/** Pixels across and down that share a chroma sample, and whether samples have two bytes. */
function layoutOf(format: AVPixelFormat) {
  const name = avGetPixFmtName(format) ?? '';
  const [stepX, stepY] = name.includes('444') ? [1, 1] : name.includes('422') ? [2, 1] : [2, 2];
  return { stepX, stepY, deep: name.includes('10') };
}

function displayMatrix([a, b, c, d]: readonly [number, number, number, number]): Buffer {
  const matrix = Buffer.alloc(36);
  [a, b, 0, c, d, 0, 0, 0].forEach((value, i) => {
    matrix.writeInt32LE(value * 65536, i * 4);
  });
  matrix.writeInt32LE(1 << 30, 32);
  return matrix;
}

function addSilentTrack(output: FormatContext) {
  const audio = output.newStream();
  audio.codecpar.codecType = AVMEDIA_TYPE_AUDIO;
  audio.codecpar.codecId = AV_CODEC_ID_PCM_S16LE;
  audio.codecpar.sampleRate = 8000;
  audio.codecpar.channelLayout = { nbChannels: 1, order: AV_CHANNEL_ORDER_NATIVE, mask: 4n };
  audio.codecpar.bitsPerCodedSample = 16;
  audio.timeBase = new Rational(1, 8000);
  return audio;
}

async function writeSilence(output: FormatContext, streamIndex: number, seconds: number): Promise<void> {
  const packet = new Packet();
  packet.alloc();
  const tick = output.streams[streamIndex].timeBase;
  packet.data = Buffer.alloc(Math.round(seconds * 8000) * 2);
  packet.pts = packet.dts = 0n;
  packet.duration = BigInt(Math.round((seconds * tick.den) / tick.num));
  packet.streamIndex = streamIndex;
  check(await output.interleavedWriteFrame(packet));
  packet.free();
}

/** A second of silence, 8 kHz, 16 bit, as a WAVE file. */
export function silentWave(): Buffer {
  const header = Buffer.alloc(44 + 16_000);
  header.write('RIFF\0\0\0\0WAVEfmt ', 0, 'latin1');
  header.writeUInt32LE(header.length - 8, 4);
  [16, 1 | (1 << 16), 8000, 16_000, 2 | (16 << 16)].forEach((value, i) => {
    header.writeUInt32LE(value, 16 + 4 * i);
  });
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(16_000, 40);
  return header;
}
