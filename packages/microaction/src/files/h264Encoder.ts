import {
  AV_LOG_ERROR,
  AV_PIX_FMT_RGB0,
  AV_PIX_FMT_YUV420P,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_SMPTE170M,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  SWS_ACCURATE_RND,
  SWS_BILINEAR,
  SWS_BITEXACT,
  type SwsFlags,
} from 'node-av/constants';
import { Codec, CodecContext, FFmpegError, Frame, Log, Packet, Rational, SoftwareScaleContext } from 'node-av/lib';
import { UserError } from '../errors.ts';

export interface H264Options {
  readonly widthPixels: number;
  readonly heightPixels: number;
  readonly frameRate: number;
  /** 0 (no loss) to 51. */
  readonly quantizer: number;
}

/** A compressed picture, as H.264 stores it in a stream of its own (annex B). */
export interface H264Packet {
  readonly data: Uint8Array;
  readonly isKey: boolean;
  /** Position of the picture among all. Packets come in order of decoding, which is another. */
  readonly index: number;
}

/**
 * Encodes frames as H.264 by x264, on the thread that calls. The same frames give the same bytes on machines with any
 * number of cores: x264 divides a picture otherwise among threads, so it has but one.
 */
export class H264Encoder implements Disposable {
  readonly #context = new CodecContext();
  readonly #scaler = new SoftwareScaleContext();
  readonly #packet = new Packet();
  readonly #rgb: Frame;
  readonly #yuv: Frame;
  #count = 0;

  /** @throws UserError `no-encoder` where libav lacks x264 */
  constructor({ widthPixels, heightPixels, frameRate, quantizer }: H264Options) {
    Log.setLevel(AV_LOG_ERROR);
    const codec = Codec.findEncoderByName('libx264' as Parameters<typeof Codec.findEncoderByName>[0]);
    if (!codec) throw new UserError('no-encoder', 'The installed libav has no x264; install node-av again.');
    const context = this.#context;
    context.allocContext3(codec);
    context.width = widthPixels;
    context.height = heightPixels;
    context.pixelFormat = AV_PIX_FMT_YUV420P;
    context.colorSpace = AVCOL_SPC_SMPTE170M; // what the scaler turns RGB into
    context.colorRange = AVCOL_RANGE_MPEG;
    context.timeBase = new Rational(1000, Math.round(1000 * frameRate));
    context.gopSize = Math.max(1, Math.round(secondsPerKey * frameRate));
    context.threadCount = 1;
    context.setOption('preset', 'superfast'); // at one quantizer, slower ones gain next to nothing
    context.setOption('qp', String(quantizer));
    check(context.open2Sync());
    this.#packet.alloc();
    this.#rgb = emptyFrame(widthPixels, heightPixels, AV_PIX_FMT_RGB0);
    this.#yuv = emptyFrame(widthPixels, heightPixels, AV_PIX_FMT_YUV420P);
    const flags = (SWS_BILINEAR | SWS_ACCURATE_RND | SWS_BITEXACT) as SwsFlags; // alike on all processors
    const { width, height } = context;
    this.#scaler.getContext(width, height, AV_PIX_FMT_RGB0, width, height, AV_PIX_FMT_YUV420P, flags);
  }

  /** Takes the next frame, [height, width, 4]. @returns the pictures that are ready, often none or an earlier one */
  encode(frame: Uint8Array | Uint8ClampedArray): H264Packet[] {
    const { width, height } = this.#context;
    const [plane] = this.#rgb.data!;
    const [stride] = this.#rgb.linesize;
    for (let row = 0; row < height; row++) {
      plane.set(frame.subarray(4 * width * row, 4 * width * (row + 1)), stride * row);
    }
    check(this.#yuv.makeWritable()); // x264 may still hold the last one
    check(this.#scaler.scaleFrameSync(this.#yuv, this.#rgb));
    this.#yuv.pts = BigInt(this.#count++);
    return this.#send(this.#yuv);
  }

  /** @returns the pictures that are left; nothing can be encoded afterwards */
  finish(): H264Packet[] {
    return this.#send(null);
  }

  [Symbol.dispose](): void {
    this.#scaler.freeContext();
    this.#rgb.free();
    this.#yuv.free();
    this.#packet.free();
    this.#context.freeContext();
  }

  #send(frame: Frame | null): H264Packet[] {
    check(this.#context.sendFrameSync(frame));
    const packets: H264Packet[] = [];
    for (;;) {
      const status = this.#context.receivePacketSync(this.#packet);
      if (status === AVERROR_EAGAIN || status === AVERROR_EOF) return packets;
      check(status);
      const { data, isKeyframe, pts } = this.#packet;
      packets.push({ data: new Uint8Array(data!), isKey: isKeyframe, index: Number(pts) });
    }
  }
}

// ---- below: internals ----

const secondsPerKey = 4;

const check = (status: number) => FFmpegError.throwIfError(status);

function emptyFrame(width: number, height: number, format: Frame['format']): Frame {
  const frame = new Frame();
  frame.alloc();
  frame.width = width;
  frame.height = height;
  frame.format = format;
  check(frame.allocBuffer());
  return frame;
}
