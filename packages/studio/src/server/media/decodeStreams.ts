import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { UserError } from 'microaction';
import { Container, FramePositions, openDecoder, ticks } from 'microaction/video';
import {
  AVDISCARD_ALL,
  AVDISCARD_DEFAULT,
  AVDISCARD_NONREF,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVMEDIA_TYPE_AUDIO,
} from 'node-av/constants';
import { Codec, type CodecContext, Frame, Packet, type Stream } from 'node-av/lib';
import type { KnownVideo } from './readVideo.ts';

/** A decoded picture, as it is coded: neither turned nor scaled. */
export interface DecodedPicture {
  readonly kind: 'picture';
  /** Position in the video's sequence of frames. */
  readonly index: number;
  readonly frame: Frame;
}

/** Some decoded sound. */
export interface DecodedSound {
  readonly kind: 'sound';
  /** Of its first sample, from the first shown frame of the video on; may be negative. */
  readonly timeSeconds: number;
  readonly frame: Frame;
}

export interface DecodeOptions {
  /** Which pictures are wanted, by their position; others may be left out, which is quicker. All when absent. */
  readonly isWanted?: (index: number) => boolean;
  readonly signal?: AbortSignal;
}

/**
 * Pictures and sound of a file, in the order in which they lie in it: one pass, whatever the length. A frame is good
 * until the next is asked for. What does not decode is left out, as players do; so is sound without a decoder.
 *
 * @throws UserError `no-file` for one that was moved since it was read, `unsupported-codec`; the signal's reason
 */
export async function* decodeStreams(
  video: KnownVideo,
  options: DecodeOptions = {},
): AsyncGenerator<DecodedPicture | DecodedSound, void, undefined> {
  const { isWanted = () => true, signal } = options;
  const container = await Container.open(resolve(video.path)).catch(() => undefined);
  if (container === undefined) {
    throw new UserError('no-file', `${video.name}: the file was moved or changed while it was read; open it again`);
  }
  const { format, stream } = container;
  const soundStream = soundStreamOf(container);
  for (const other of format.streams) {
    if (other.index !== stream.index && other.index !== soundStream?.index) other.discard = AVDISCARD_ALL;
  }
  const packet = new Packet();
  packet.alloc();
  let pictures: PictureDecoder | undefined;
  let sound: SoundDecoder | undefined;
  try {
    pictures = await PictureDecoder.open(stream, video, isWanted);
    sound = soundStream && (await SoundDecoder.open(soundStream, video));
    for (;;) {
      signal?.throwIfAborted();
      if ((await format.readFrame(packet)) < 0) break;
      if (packet.streamIndex === stream.index) yield* pictures.decode(packet);
      else if (packet.streamIndex === soundStream?.index && sound) yield* sound.decode(packet);
      packet.unref();
    }
    yield* pictures.decode(null);
    if (sound) yield* sound.decode(null);
  } finally {
    pictures?.[Symbol.dispose]();
    sound?.[Symbol.dispose]();
    packet.free();
    await container.close();
  }
}

/** The sound that a player plays; undefined where there is none, or none that can be decoded. */
export function soundStreamOf({ format }: Container): Stream | undefined {
  const stream: Stream | undefined = format.streams[format.findBestStream(AVMEDIA_TYPE_AUDIO)];
  const isHeard = stream?.codecpar.sampleRate > 0 && stream.codecpar.channels > 0;
  return isHeard && Codec.findDecoder(stream.codecpar.codecId) ? stream : undefined;
}

// ---- below: internals ----

class PictureDecoder implements Disposable {
  readonly #decoder: CodecContext;
  readonly #frame = new Frame();
  readonly #video: KnownVideo;
  readonly #positions: FramePositions;
  readonly #isWanted: (index: number) => boolean;

  private constructor(decoder: CodecContext, video: KnownVideo, isWanted: (index: number) => boolean) {
    this.#decoder = decoder;
    this.#video = video;
    this.#positions = new FramePositions(video.index);
    this.#isWanted = isWanted;
    this.#frame.alloc();
  }

  static async open(stream: Stream, video: KnownVideo, isWanted: (index: number) => boolean): Promise<PictureDecoder> {
    // One more thread than there are cores keeps them busy while frames change hands.
    const decoder = await openDecoder(stream, Math.min(16, availableParallelism() + 1)).catch((cause) => {
      const message = `${video.name}: the decoder for ${video.info.codec} does not start; convert the video to MP4 with H.264`;
      throw new UserError('unsupported-codec', message, { cause });
    });
    return new PictureDecoder(decoder, video, isWanted);
  }

  /** What a packet completes; null: all that is left. */
  async *decode(packet: Packet | null): AsyncGenerator<DecodedPicture, void, undefined> {
    const pts = packet === null ? undefined : ticks(packet.pts);
    const isTimed = pts !== undefined && !this.#video.index.orderOnly;
    const skips = isTimed && !this.#isWanted(this.#positions.ofPacket(pts) ?? -1);
    this.#decoder.setOption('skip_frame', skips ? AVDISCARD_NONREF : AVDISCARD_DEFAULT);
    await this.#decoder.sendPacket(packet); // Damaged packets are refused: a player goes on, too.
    for (let errors = 0; errors < 100; ) {
      const status = await this.#decoder.receiveFrame(this.#frame);
      if (status === AVERROR_EAGAIN || status === AVERROR_EOF) return;
      if (status < 0) {
        errors++;
        continue;
      }
      const index = this.#positions.ofFrame(ticks(this.#frame.bestEffortTimestamp));
      if (index !== undefined && this.#isWanted(index)) yield { kind: 'picture', index, frame: this.#frame };
      this.#frame.unref();
    }
  }

  [Symbol.dispose](): void {
    this.#decoder.freeContext();
    this.#frame.free();
  }
}

class SoundDecoder implements Disposable {
  readonly #decoder: CodecContext;
  readonly #frame = new Frame();
  readonly #tickSeconds: number;
  readonly #zeroSeconds: number;
  #nextSeconds: number;

  private constructor(decoder: CodecContext, { timeBase, startTime }: Stream, video: KnownVideo) {
    this.#decoder = decoder;
    this.#tickSeconds = timeBase.num / timeBase.den;
    this.#zeroSeconds = video.startSeconds;
    this.#nextSeconds = (ticks(startTime) ?? 0) * this.#tickSeconds - this.#zeroSeconds;
    this.#frame.alloc();
  }

  /** Undefined where the decoder does not start. */
  static async open(stream: Stream, video: KnownVideo): Promise<SoundDecoder | undefined> {
    const decoder = await openDecoder(stream, 1).catch(() => undefined);
    return decoder && new SoundDecoder(decoder, stream, video);
  }

  /** As `PictureDecoder.decode`, at once: to ask another thread for sound costs more than to decode it. */
  *decode(packet: Packet | null): Generator<DecodedSound, void, undefined> {
    this.#decoder.sendPacketSync(packet);
    while (this.#decoder.receiveFrameSync(this.#frame) >= 0) {
      yield { kind: 'sound', timeSeconds: this.#time(), frame: this.#frame };
      this.#frame.unref();
    }
  }

  [Symbol.dispose](): void {
    this.#decoder.freeContext();
    this.#frame.free();
  }

  /** Of a frame that does not say when it is heard: after the one before it. */
  #time(): number {
    const stated = ticks(this.#frame.bestEffortTimestamp);
    const seconds = stated === undefined ? this.#nextSeconds : stated * this.#tickSeconds - this.#zeroSeconds;
    this.#nextSeconds = seconds + this.#frame.nbSamples / this.#frame.sampleRate;
    return seconds;
  }
}
