import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { UserError } from 'microaction';
import { Container, FramePositions, type IndexedVideo, openDecoder, ticks } from 'microaction/node';
import {
  AVDISCARD_ALL,
  AVDISCARD_DEFAULT,
  AVDISCARD_NONREF,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVMEDIA_TYPE_AUDIO,
} from 'node-av/constants';
import { Codec, type CodecContext, Frame, Packet, type Stream } from 'node-av/lib';

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
 * @throws UserError `no-file` for one that was moved since it was indexed, `unsupported-codec`; the signal's reason
 */
export async function* decodeStreams(
  path: string,
  video: Pick<IndexedVideo, 'index' | 'times' | 'info'>,
  options: DecodeOptions = {},
): AsyncGenerator<DecodedPicture | DecodedSound, void, undefined> {
  const { isWanted = () => true, signal } = options;
  const container = await Container.open(resolve(path)).catch(() => undefined);
  if (container === undefined) {
    throw new UserError('no-file', `${path}: the file was moved or changed while it was read; open it again`);
  }
  const { format, stream } = container;
  const soundStream = soundStreamOf(container);
  for (const other of format.streams) {
    if (other.index !== stream.index && other.index !== soundStream?.index) other.discard = AVDISCARD_ALL;
  }
  const packet = new Packet();
  const frame = new Frame();
  packet.alloc();
  frame.alloc();
  let pictures: CodecContext | undefined;
  let sound: CodecContext | undefined;
  try {
    pictures = await openDecoder(stream, Math.min(16, availableParallelism() + 1)).catch((cause) => {
      const message = `${path}: the decoder for ${video.info.codec} does not start; convert the video to MP4 with H.264`;
      throw new UserError('unsupported-codec', message, { cause });
    });
    sound = soundStream && (await openDecoder(soundStream, 1).catch(() => undefined));
    const positions = new FramePositions(video.index);
    const clock = soundStream && new SoundClock(soundStream, video.index.shownTicks[0] * video.times.tickSeconds);

    const picturesOf = async function* (sent: Packet | null, decoder: CodecContext) {
      const pts = sent === null ? undefined : ticks(sent.pts);
      const skip = pts !== undefined && !video.index.orderOnly && !isWanted(positions.ofPacket(pts) ?? -1);
      decoder.setOption('skip_frame', skip ? AVDISCARD_NONREF : AVDISCARD_DEFAULT);
      await decoder.sendPacket(sent); // Damaged packets are refused: a player goes on, too.
      for (let errors = 0; errors < 100; ) {
        const status = await decoder.receiveFrame(frame);
        if (status === AVERROR_EAGAIN || status === AVERROR_EOF) return;
        if (status < 0) {
          errors++;
          continue;
        }
        const index = positions.ofFrame(ticks(frame.bestEffortTimestamp));
        if (index !== undefined && isWanted(index)) yield { kind: 'picture', index, frame } as const;
        frame.unref();
        signal?.throwIfAborted();
      }
    };
    // Sound is decoded at once: to ask another thread for it costs more.
    const soundOf = function* (sent: Packet | null, decoder: CodecContext) {
      decoder.sendPacketSync(sent);
      while (decoder.receiveFrameSync(frame) >= 0) {
        yield { kind: 'sound', timeSeconds: clock!.timeOf(frame), frame } as const;
        frame.unref();
      }
    };

    for (;;) {
      signal?.throwIfAborted();
      if ((await format.readFrame(packet)) < 0) break;
      if (packet.streamIndex === stream.index) yield* picturesOf(packet, pictures);
      else if (sound && packet.streamIndex === soundStream?.index) yield* soundOf(packet, sound);
      packet.unref();
    }
    yield* picturesOf(null, pictures);
    if (sound) yield* soundOf(null, sound);
  } finally {
    pictures?.freeContext();
    sound?.freeContext();
    frame.free();
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

/** When sound is heard. A frame that does not say follows the one before it. */
class SoundClock {
  readonly #tickSeconds: number;
  readonly #zeroSeconds: number;
  #nextSeconds: number;

  constructor({ timeBase, startTime }: Stream, zeroSeconds: number) {
    this.#tickSeconds = timeBase.num / timeBase.den;
    this.#zeroSeconds = zeroSeconds;
    this.#nextSeconds = (ticks(startTime) ?? 0) * this.#tickSeconds - zeroSeconds;
  }

  timeOf(frame: Frame): number {
    const stated = ticks(frame.bestEffortTimestamp);
    const seconds = stated === undefined ? this.#nextSeconds : stated * this.#tickSeconds - this.#zeroSeconds;
    this.#nextSeconds = seconds + frame.nbSamples / frame.sampleRate;
    return seconds;
  }
}
