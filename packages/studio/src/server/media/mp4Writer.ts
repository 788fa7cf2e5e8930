import { availableParallelism } from 'node:os';
import { UserError } from 'microaction';
import {
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  FF_ENCODER_LIBX264,
} from 'node-av/constants';
import {
  Codec,
  CodecContext,
  Dictionary,
  FFmpegError,
  FormatContext,
  type Frame,
  Packet,
  Rational,
  type Stream,
} from 'node-av/lib';
import { AacEncoder } from './aacEncoder.ts';

export interface Mp4Options {
  /** Even, as H.264 wants it. */
  readonly widthPixels: number;
  readonly heightPixels: number;
  /** Mean frames per second; times are told with each picture. */
  readonly frameRate: number;
  /** A jump to any moment decodes the pictures of so long a time at most. */
  readonly secondsPerKey: number;
  /** Of the sound that will come; none when absent. */
  readonly sound?: { readonly sampleRate: number; readonly channels: number };
}

/**
 * Writes an MP4 that every browser plays, bit by bit, with its index at the front: H.264 of 8 bits 4:2:0, BT.709, without
 * pictures that refer to later ones, and AAC.
 */
export class Mp4Writer implements AsyncDisposable {
  readonly #output: FormatContext;
  readonly #pictures: CodecContext;
  readonly #sound: AacEncoder | undefined;
  readonly #pictureStream: Stream;
  readonly #soundStream: Stream | undefined;
  readonly #packet = new Packet();
  readonly #secondsPerKey: number;
  /** Of pictures that the encoder still holds, in their order. */
  readonly #durations: number[] = [];
  #keySeconds = Number.NEGATIVE_INFINITY;
  #lastTicks = -1;

  private constructor(
    output: FormatContext,
    pictures: CodecContext,
    sound: AacEncoder | undefined,
    secondsPerKey: number,
  ) {
    this.#output = output;
    this.#pictures = pictures;
    this.#sound = sound;
    this.#secondsPerKey = secondsPerKey;
    this.#pictureStream = addStream(output, pictures);
    this.#soundStream = sound && addStream(output, sound.context);
    this.#packet.alloc();
  }

  /** Begins a file. Whatever has the name is overwritten. */
  static async open(path: string, options: Mp4Options): Promise<Mp4Writer> {
    const pictures = await openH264(options);
    const output = new FormatContext();
    check(output.allocOutputContext2(null, 'mp4', `file:${path}`));
    const writer = new Mp4Writer(
      output,
      pictures,
      options.sound && new AacEncoder(options.sound),
      options.secondsPerKey,
    );
    try {
      check(await output.openOutput());
      check(await output.writeHeader(Dictionary.fromObject({ movflags: 'faststart' })));
      return writer;
    } catch (error) {
      await writer[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Writes a picture that is shown from one moment to the next; in their order. */
  async writePicture(picture: Frame, startSeconds: number, endSeconds: number): Promise<void> {
    // Two frames at one moment, which some cameras write, would be refused.
    const at = Math.max(this.#lastTicks + 1, Math.round(startSeconds * ticksPerSecond));
    const isKey = endSeconds > this.#keySeconds + this.#secondsPerKey + 1e-6;
    if (isKey) this.#keySeconds = startSeconds;
    this.#lastTicks = at;
    this.#durations.push(Math.max(1, Math.round(endSeconds * ticksPerSecond) - at));
    picture.pts = BigInt(at);
    picture.pictType = isKey ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    check(await this.#pictures.sendFrame(picture));
    await this.#muxPictures();
  }

  /** Writes sound from a moment on; what lies before 0 is cut off. */
  async writeSound(timeSeconds: number, sound: Frame): Promise<void> {
    await this.#muxSound(this.#sound!.encode(timeSeconds, sound, this.#packet));
  }

  /** Completes the file. */
  async finish(): Promise<void> {
    check(await this.#pictures.sendFrame(null));
    await this.#muxPictures();
    if (this.#sound) await this.#muxSound(this.#sound.finish(this.#packet));
    check(await this.#output.writeTrailer());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#output.closeOutput();
    this.#output.freeContext();
    this.#pictures.freeContext();
    this.#sound?.[Symbol.dispose]();
    this.#packet.free();
  }

  async #muxPictures(): Promise<void> {
    for (;;) {
      const status = await this.#pictures.receivePacket(this.#packet);
      if (status === AVERROR_EAGAIN || status === AVERROR_EOF) return;
      check(status);
      this.#packet.duration = BigInt(this.#durations.shift()!);
      await this.#mux(this.#pictureStream, this.#pictures);
    }
  }

  /** @param filled - fills the packet at each step */
  async #muxSound(filled: Iterable<void>): Promise<void> {
    for (const _ of filled) await this.#mux(this.#soundStream!, this.#sound!.context);
  }

  async #mux(stream: Stream, { timeBase }: CodecContext): Promise<void> {
    this.#packet.streamIndex = stream.index;
    this.#packet.rescaleTs(timeBase, stream.timeBase);
    check(await this.#output.interleavedWriteFrame(this.#packet));
  }
}

// ---- below: internals ----

/** Divides the frames of all usual rates evenly. */
const ticksPerSecond = 90_000;

const check = (status: number) => FFmpegError.throwIfError(status);

async function openH264({ widthPixels, heightPixels, frameRate }: Mp4Options): Promise<CodecContext> {
  const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264);
  if (!codec) throw new UserError('no-encoder', 'The installed libav has no x264; install node-av again.');
  const context = new CodecContext();
  context.allocContext3(codec);
  context.width = widthPixels;
  context.height = heightPixels;
  context.pixelFormat = AV_PIX_FMT_YUV420P;
  context.colorSpace = AVCOL_SPC_BT709;
  context.colorRange = AVCOL_RANGE_MPEG;
  context.timeBase = new Rational(1, ticksPerSecond);
  context.framerate = new Rational(Math.max(1, Math.round(1000 * frameRate)), 1000);
  context.gopSize = 100_000; // key frames come as they are asked for, by time
  context.maxBFrames = 0;
  context.threadCount = availableParallelism();
  context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
  const options = { preset: 'veryfast', crf: '22', 'forced-idr': '1' };
  check(await context.open2(codec, Dictionary.fromObject(options)));
  return context;
}

function addStream(output: FormatContext, encoder: CodecContext): Stream {
  const stream = output.newStream();
  check(stream.codecpar.fromContext(encoder));
  stream.timeBase = encoder.timeBase;
  return stream;
}
