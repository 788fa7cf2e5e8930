import { open, stat } from 'node:fs/promises';
import { UserError } from 'microaction';
import { type IndexedVideo, indexVideo } from 'microaction/video';
import { AVMEDIA_TYPE_AUDIO } from 'node-av/constants';
import { avGetCodecName, avGetPixFmtName } from 'node-av/lib';
import type { VideoFacts } from '../../contract/video.ts';
import { containerName, otherThanVideo } from './content.ts';
import { framesOutOfReach } from './reach.ts';
import { type ReadOptions, requireUsableTimes, startOf } from './readVideo.ts';

/** What a look at a file tells: sizes as displayed, after rotation. */
export interface ProbedVideo extends VideoFacts {
  /** As `PreparedVideo.startSeconds`. */
  readonly startSeconds: number;
  /** As libav calls it: `aac` ...; of the track that players take. Absent without sound. */
  readonly audioCodec?: string;
}

/**
 * Looks at a video file: reads it once from end to end and decodes nothing. What it is follows from its content; its
 * name does not count.
 *
 * @throws UserError `not-a-video`, saying what was found; `incomplete-file` and `unsupported-codec` for videos that
 * nothing can be done with, `bad-times`; `no-file`, `unreadable`; the signal's reason
 */
export async function probeVideo(path: string, options: ReadOptions = {}): Promise<ProbedVideo> {
  const { signal, name = path } = options;
  const start = await firstBytes(path, name);
  const other = start && otherThanVideo(start);
  if (other) throw notAVideo(name, other);
  const video = await indexVideo(path, { signal, name }).catch((error) => {
    throw withoutVideo(error, name);
  });
  try {
    requireUsableTimes(name, video.info.durationSeconds);
    if (/_pipe$|^image2|^gif$|^apng$/.test(video.container.format.iformat?.name ?? ''))
      throw notAVideo(name, 'an image');
    return factsOf(video, start ?? new Uint8Array(), name);
  } finally {
    await video.container.close();
  }
}

// ---- below: internals ----

/** Of a file; undefined for one that is missing or cannot be read, of which `indexVideo` tells. */
async function firstBytes(path: string, name: string): Promise<Uint8Array | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) throw notAVideo(name, 'a folder');
  if (found && !found.isFile()) throw notAVideo(name, 'a device or a pipe'); // to open one may wait for ever
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(new Uint8Array(4096), 0, 4096, 0);
    return buffer.subarray(0, bytesRead);
  } catch {
    return undefined;
  }
}

const foundInstead: Readonly<Record<string, string>> = {
  'bad-file': 'no format that is known',
  'no-video': 'no video track, only sound or other data',
  'no-frames': 'a video track without frames',
};

function withoutVideo(error: unknown, name: string): unknown {
  const found = error instanceof UserError ? foundInstead[error.code] : undefined;
  return found === undefined ? error : notAVideo(name, found, error);
}

const notAVideo = (name: string, found: string, cause?: unknown) =>
  new UserError(
    'not-a-video',
    `${name}: this is no video: found ${found}, expected moving pictures (MP4, MOV, WebM, MKV, AVI ...). Choose another file; this one is left as it is.`,
    { cause },
  );

function factsOf(video: IndexedVideo, start: Uint8Array, name: string): ProbedVideo {
  const { container, info, warnings } = video;
  const { format, stream, orientation } = container;
  const { rotationDegrees: _, ...shown } = info;
  const sound = format.streams[format.findBestStream(AVMEDIA_TYPE_AUDIO)];
  const audioCodec = sound && (avGetCodecName(sound.codecpar.codecId) ?? 'unknown');
  const facts = { ...shown, container: containerName(start, format.iformat), ...(audioCodec && { audioCodec }) };
  const pixels = avGetPixFmtName(stream.codecpar.format as Parameters<typeof avGetPixFmtName>[0]) ?? 'unknown';
  const browserPlaysNot = orientation.flipped ? 'its pictures are to be mirrored' : obstacle(facts, pixels);
  return {
    ...facts,
    startSeconds: startOf(video),
    browserPlays: browserPlaysNot === undefined,
    ...(browserPlaysNot && { browserPlaysNot }),
    warnings: [...warnings, ...(played[facts.container]?.reordered ? steppingWarning(video, name) : [])],
  };
}

interface Played {
  readonly pictures: readonly string[];
  readonly sound: readonly string[];
  /** Whether pictures may be decoded in another order than they are shown in. */
  readonly reordered: boolean;
}

/** What Chromium, Firefox and Safari all play, of each container. */
const played: Readonly<Record<string, Played>> = {
  MP4: { pictures: ['h264'], sound: ['aac', 'mp3'], reordered: true },
  QuickTime: { pictures: ['h264'], sound: ['aac', 'mp3'], reordered: true },
  WebM: { pictures: ['vp8', 'vp9', 'av1'], sound: ['opus', 'vorbis'], reordered: false },
};

function steppingWarning({ index, info }: IndexedVideo, name: string): string[] {
  const count = framesOutOfReach(index).length;
  if (count === 0) return [];
  return [
    `${name}: Chromium and Chrome cannot step to ${count} of its ${info.frameCount} frames, which they show but in playing; convert it to step to each`,
  ];
}

/** Why not every browser plays a video, in one phrase; undefined where they do. */
function obstacle(
  { container, codec, audioCodec }: Pick<ProbedVideo, 'container' | 'codec' | 'audioCodec'>,
  pixels: string,
): string | undefined {
  const codecs = played[container];
  if (codecs === undefined) return `browsers do not play ${container} files`;
  if (!codecs.pictures.includes(codec)) return `not every browser plays ${codec} in ${container}`;
  if (!/^yuvj?420p$/.test(pixels))
    return `not every browser plays ${codec} with pixels other than 8-bit 4:2:0 (${pixels})`;
  if (audioCodec && !codecs.sound.includes(audioCodec))
    return `not every browser plays sound as ${audioCodec} in ${container}`;
  return undefined;
}
