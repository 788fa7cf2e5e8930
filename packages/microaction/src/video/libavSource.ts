import { AVDISCARD_DEFAULT, AVDISCARD_NONREF, AVERROR_EAGAIN, AVERROR_EOF } from 'node-av/constants';
import { type CodecContext, Frame, Packet } from 'node-av/lib';
import { FramePositions } from './framePositions.ts';
import type { FrameTimes } from './frameTimes.ts';
import { Container, type PacketIndex, ticks } from './libavContainer.ts';
import { openDecoder, PictureMaker } from './libavPictures.ts';
import type { Picture, PictureSource } from './openVideo.ts';
import type { PictureLayout } from './pictureLayout.ts';
import type { VideoInfo } from './video.ts';

export interface LibavVideo {
  readonly path: string;
  readonly name: string;
  readonly info: VideoInfo;
  readonly times: FrameTimes;
  readonly index: PacketIndex;
  readonly warnings: readonly string[];
}

/** Pictures by FFmpeg's libraries: demuxing, decoding, resizing and conversion stay in native code. */
export function libavSource(video: LibavVideo, opened: Container): PictureSource {
  const { index } = video;
  const orientation = { ...opened.orientation, squarePixelSize: opened.squarePixelSize };
  /** Kept for the next reader, since opening costs more than seeking. */
  let idle: Container | undefined = opened;

  async function reopen(): Promise<Container> {
    const container = await Container.open(video.path);
    if (container === undefined) throw new Error(`${video.name}: the file has changed since it was opened`);
    return container;
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

  async function* pictures(
    indices: readonly number[],
    layout: PictureLayout,
    signal: AbortSignal,
  ): AsyncGenerator<Picture, void, undefined> {
    if (indices.length === 0) return;
    signal.throwIfAborted();
    let { container, latestTicks } = await readerFrom(indices[0]);
    let decoder: CodecContext | undefined;
    const packet = new Packet();
    const frame = new Frame();
    packet.alloc();
    frame.alloc();
    using maker = new PictureMaker(layout, orientation);
    const wanted = new Set(indices);
    const positions = new FramePositions(index);
    const last = indices[indices.length - 1];
    try {
      decoder = await openDecoder(container);
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
        for (let errors = 0; ; ) {
          const status = await decoder.receiveFrame(frame);
          if (status === AVERROR_EAGAIN || status === AVERROR_EOF) break;
          if (status < 0 && errors++ < 100) continue;
          if (status < 0) break;
          const at = positions.ofFrame(ticks(frame.bestEffortTimestamp));
          if (at !== undefined && wanted.delete(at)) yield { index: at, data: await maker.make(frame) };
          frame.unref();
          if (at !== undefined && at >= last) return;
          signal.throwIfAborted();
        }
      }
    } finally {
      decoder?.freeContext();
      frame.free();
      packet.free();
      if (idle === undefined) idle = container;
      else await container.close();
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
