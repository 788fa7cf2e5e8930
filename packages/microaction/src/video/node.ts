import { access, constants, open, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { avGetCodecName, Codec } from 'node-av/lib';
import { messageOf, UserError } from '../errors.ts';
import { type FrameTimes, frameRateOf } from './frameTimes.ts';
import { Container, indexPackets, type PacketIndex } from './libavContainer.ts';
import { libavSource } from './libavSource.ts';
import { videoFrom } from './openVideo.ts';
import type { Orientation } from './orientation.ts';
import type { Video, VideoInfo } from './video.ts';

export interface OpenOptions {
  readonly signal?: AbortSignal;
  /** Threads that decode; as many as help when absent. */
  readonly threads?: number;
}

/**
 * Opens a video file in Node: any container and codec that FFmpeg's libraries read.
 *
 * The file is read once from end to end, without decoding, so that times, number of frames and what is missing
 * are known and not guessed.
 *
 * @throws UserError naming the file, for what is not a video that can be decoded
 */
export async function openVideo(path: string, options: OpenOptions = {}): Promise<Video> {
  // One more than there are cores keeps them busy while frames change hands.
  const { signal, threads = Math.min(16, availableParallelism() + 1) } = options;
  const { container, ...read } = await indexVideo(path, { signal });
  return videoFrom(libavSource({ path: resolve(path), threads, name: path, ...read }, container));
}

/** A file that has been read once from end to end, and its open container: for those who decode in a way of their own. */
export interface IndexedVideo {
  /** Belongs to the caller, who closes it. It has been read to its end. */
  readonly container: Container;
  readonly index: PacketIndex;
  readonly info: VideoInfo;
  readonly times: FrameTimes;
  /** How decoded frames are turned for display. */
  readonly orientation: Orientation;
  readonly warnings: readonly string[];
}

/**
 * What `openVideo` knows of a file before it decodes.
 *
 * @param options.name - how messages call the file; its path when absent
 * @throws UserError as `openVideo`
 */
export async function indexVideo(
  path: string,
  options: { readonly signal?: AbortSignal; readonly name?: string } = {},
): Promise<IndexedVideo> {
  const { signal, name = path } = options;
  signal?.throwIfAborted();
  await requireReadableFile(path, name);
  const container = await openContainer(name, resolve(path));
  try {
    requireDecoder(name, container);
    const index = await indexPackets(container, signal);
    if (index.shownTicks.length === 0) {
      throw new UserError('no-frames', `${name}: the video track holds no frames; record or export the video again`);
    }
    const times = timesOf(index, container.tickSeconds);
    const info = infoOf(container, times);
    const orientation = { ...container.orientation, squarePixelSize: container.squarePixelSize };
    return { container, index, info, times, orientation, warnings: warningsOf(name, index, info) };
  } catch (error) {
    await container.close();
    throw error;
  }
}

// ---

async function requireReadableFile(path: string, name: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
      throw new UserError('no-file', `${name}: there is no such file; check the path`, { cause: error });
    }
    throw unreadable(name, error);
  });
  if (found.isDirectory()) throw new UserError('bad-file', `${name}: this is a directory; name a video file in it`);
  if (!found.isFile())
    throw new UserError('bad-file', `${name}: this is not a regular file; save the video as a file first`);
  await access(path, constants.R_OK).catch((error) => {
    throw unreadable(name, error);
  });
  if (found.size === 0) throw new UserError('bad-file', `${name}: the file is empty; copy or export it again`);
}

const unreadable = (name: string, error: NodeJS.ErrnoException) =>
  new UserError('unreadable', `${name}: the file cannot be read (${error.code}); check its permissions`, {
    cause: error,
  });

async function openContainer(name: string, absolute: string): Promise<Container> {
  const container = await Container.open(absolute).catch(async (error) => {
    if (await lacksMovieBox(absolute)) {
      throw new UserError(
        'incomplete-file',
        `${name}: the file is incomplete, its index ("moov") at the end is missing; copy it again or finish the recording`,
        { cause: error },
      );
    }
    throw new UserError(
      'bad-file',
      `${name}: this is not a video file that FFmpeg can read (${messageOf(error)}); check that it plays`,
      { cause: error },
    );
  });
  // Text art is a video codec to FFmpeg.
  if (container?.format.iformat?.name === 'tty') {
    await container.close();
    throw new UserError('bad-file', `${name}: this is a text file, not a video; name a video file`);
  }
  if (container === undefined) {
    throw new UserError('no-video', `${name}: the file has no video track; name a file with moving pictures`);
  }
  return container;
}

function requireDecoder(name: string, { stream }: Container): void {
  const { codecId, width, height } = stream.codecpar;
  const codec = avGetCodecName(codecId) ?? 'unknown';
  if (codec === 'unknown_codec' || Codec.findDecoder(codecId) === null) {
    throw new UserError(
      'unsupported-codec',
      `${name}: cannot decode its video codec (${codec}); convert it to MP4 with H.264`,
    );
  }
  if (!(width > 0 && height > 0)) {
    throw new UserError(
      'bad-file',
      `${name}: the size of its pictures (${codec}) cannot be found; check that it plays`,
    );
  }
}

/** Whether this is an MP4 or QuickTime file whose top-level boxes do not include `moov`. */
async function lacksMovieBox(path: string): Promise<boolean> {
  await using file = await open(path);
  const header = Buffer.alloc(16);
  let sawMedia = false;
  for (let position = 0; ; ) {
    const { bytesRead } = await file.read(header, 0, 16, position);
    if (bytesRead < 8) return sawMedia;
    const type = header.toString('latin1', 4, 8);
    if (type === 'moov') return false;
    if (!/^(ftyp|mdat|free|skip|wide|uuid|pnot|moof|sidx|styp)$/.test(type)) return sawMedia;
    sawMedia = true;
    const short = header.readUInt32BE(0);
    const size = short === 1 && bytesRead === 16 ? Number(header.readBigUInt64BE(8)) : short;
    if (size < 8) return true; // 0: the rest of the file.
    position += size;
  }
}

function timesOf({ shownTicks, lastFrameTicks }: PacketIndex, tickSeconds: number): FrameTimes {
  const seconds = shownTicks.map((time) => (time - shownTicks[0]) * tickSeconds);
  return { seconds, tickSeconds, durationSeconds: seconds[seconds.length - 1] + lastFrameTicks * tickSeconds };
}

function infoOf(container: Container, times: FrameTimes): VideoInfo {
  const { rotationDegrees } = container.orientation;
  const { width, height } = container.squarePixelSize;
  const sideways = rotationDegrees % 180 !== 0;
  return {
    durationSeconds: times.durationSeconds,
    ...frameRateOf(times),
    frameCount: times.seconds.length,
    widthPixels: sideways ? height : width,
    heightPixels: sideways ? width : height,
    rotationDegrees,
    codec: avGetCodecName(container.stream.codecpar.codecId) ?? 'unknown',
    hasAudio: container.hasAudio,
  };
}

function warningsOf(name: string, index: PacketIndex, info: VideoInfo): string[] {
  const seconds = info.durationSeconds.toFixed(2);
  const missingFrames = index.promisedPackets - index.packetCount;
  if (missingFrames > 0) {
    return [
      `${name}: the file is incomplete, ${missingFrames} of ${index.promisedPackets} frames are missing; read the first ${seconds} s`,
    ];
  }
  if (index.missingSeconds > 0.5) {
    return [
      `${name}: the file ends ${index.missingSeconds.toFixed(1)} s before the end that its header gives; read the first ${seconds} s`,
    ];
  }
  if (index.damaged) return [`${name}: the file is damaged at its end; read the first ${seconds} s`];
  return [];
}
