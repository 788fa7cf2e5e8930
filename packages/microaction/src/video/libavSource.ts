import { AVDISCARD_DEFAULT, AVDISCARD_NONREF, AVERROR_EAGAIN, AVERROR_EOF } from 'node-av/constants';
import { type CodecContext, Frame, Packet } from 'node-av/lib';
import { messageOf, UserError } from '../errors.ts';
import { FramePositions } from './framePositions.ts';
import type { FrameTimes } from './frameTimes.ts';
import { Container, type PacketIndex, ticks } from './libavContainer.ts';
import { openDecoder, PictureMaker } from './libavPictures.ts';
import type { Picture, PictureSource } from './openVideo.ts';
import type { Orientation } from './orientation.ts';
import type { PictureLayout } from './pictureLayout.ts';
import { readAhead } from './readAhead.ts';
import type { VideoInfo } from './video.ts';

export interface LibavVideo {
  readonly path: string;
  readonly threads: number;
  readonly name: string;
  readonly info: VideoInfo;
  readonly times: FrameTimes;
  readonly index: PacketIndex;
  readonly orientation: Orientation;
  readonly warnings: readonly string[];
}

/** Decoded frames that may wait to be made pictures. */
const framesAhead = 2;

/** Pictures by FFmpeg's libraries: demuxing, decoding, resizing and conversion stay in native code. */
export function libavSource(video: LibavVideo, opened: Container): PictureSource {
  const { index, orientation } = video;
  /** Kept for the next reader, since opening costs more than seeking. */
  let idle: Container | undefined = opened;

  async function reopen(): Promise<Container> {
    const container = await Container.open(video.path).catch(() => undefined);
    if (container !== undefined) return container;
    throw new UserError('no-file', `${video.name}: the file was moved or changed while it was read; open it again`);
  }

  /** A container set to where decoding must begin for a frame, and the latest time that its first packet may show. */
  async function readerFrom(frame: number): Promise<{ container: Container; latestTicks: number }> {
    const target = index.shownTicks[frame];
    const key = index.keyFrames.findLast(({ shownTicks }) => shownTicks <= target);
    const container = idle;
    idle = undefined;
    if (key !== undefined && container !== undefined) {
      if ((await container.seek(key.seekTicks)) >= 0) return { container, latestTicks: key.shownTicks };
    }
    await container?.close();
    return { container: await reopen(), latestTicks: Number.POSITIVE_INFINITY };
  }

  /** The decoded frames at `indices`, put in the frames of `ring` by turns. */
  async function* decoded(indices: readonly number[], ring: Frame[], signal: AbortSignal) {
    let { container, latestTicks } = await readerFrom(indices[0]);
    let decoder: CodecContext | undefined;
    const packet = new Packet();
    packet.alloc();
    const wanted = new Set(indices);
    const last = indices[indices.length - 1];
    const positions = new FramePositions(index);
    try {
      decoder = await openDecoder(container.stream, video.threads).catch((error) => {
        const message = `${video.name}: the decoder for ${video.info.codec} does not start (${messageOf(error)}); convert it to MP4 with H.264`;
        throw new UserError('unsupported-codec', message, { cause: error });
      });
      for (let first = true, ended = false; !ended; ) {
        signal.throwIfAborted();
        ended = (await container.format.readFrame(packet)) < 0;
        if (!ended && packet.streamIndex !== container.stream.index) {
          packet.unref();
          continue;
        }
        const pts = ended ? undefined : ticks(packet.pts);
        if (first && pts !== undefined && pts > latestTicks) {
          // The container's own seeking overshot: begin again from the start.
          packet.unref();
          await container.close();
          container = await reopen();
          latestTicks = Number.POSITIVE_INFINITY;
          continue;
        }
        first = false;
        const unwanted = pts !== undefined && !index.orderOnly && !wanted.has(positions.ofPacket(pts) ?? -1);
        decoder.setOption('skip_frame', unwanted ? AVDISCARD_NONREF : AVDISCARD_DEFAULT);
        await decoder.sendPacket(ended ? null : packet); // Damaged packets are refused: a player goes on, too.
        packet.unref();
        for (let errors = 0; errors < 100; ) {
          const frame = ring[0];
          const status = await decoder.receiveFrame(frame);
          if (status === AVERROR_EAGAIN || status === AVERROR_EOF) break;
          if (status < 0) {
            errors++;
            continue;
          }
          const at = positions.ofFrame(ticks(frame.bestEffortTimestamp));
          if (at !== undefined && wanted.delete(at)) {
            ring.push(ring.shift()!);
            yield { at, frame };
            ring[0].unref();
          } else {
            frame.unref();
          }
          if (at !== undefined && at >= last) return;
          signal.throwIfAborted();
        }
      }
    } finally {
      decoder?.freeContext();
      packet.free();
      if (idle === undefined) idle = container;
      else await container.close();
    }
  }

  async function* pictures(
    indices: readonly number[],
    layout: PictureLayout,
    signal: AbortSignal,
  ): AsyncGenerator<Picture, void, undefined> {
    if (indices.length === 0) return;
    signal.throwIfAborted();
    using maker = new PictureMaker(layout, orientation);
    const ring = Array.from({ length: framesAhead + 2 }, () => new Frame());
    for (const frame of ring) frame.alloc();
    try {
      // Decoding goes on, on other cores, while a picture is made.
      for await (const { at, frame } of readAhead(decoded(indices, ring, signal), framesAhead)) {
        yield { index: at, data: await maker.make(frame) };
      }
    } finally {
      for (const frame of ring) frame.free();
    }
  }

  return {
    ...video,
    pictures,
    async close() {
      await idle?.close();
      idle = undefined;
    },
  };
}
