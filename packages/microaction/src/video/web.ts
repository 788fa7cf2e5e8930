import {
  ALL_FORMATS,
  BlobSource,
  EncodedPacketSink,
  Input,
  type InputVideoTrack,
  type Source,
  UnsupportedInputFormatError,
  UrlSource,
  VideoSampleSink,
} from 'mediabunny';
import { messageOf, UserError } from '../errors.ts';
import { type FrameTimes, frameRateOf } from './frameTimes.ts';
import { type Picture, type PictureSource, videoFrom } from './openVideo.ts';
import type { Orientation } from './orientation.ts';
import type { PictureLayout } from './pictureLayout.ts';
import type { Video, VideoInfo } from './video.ts';
import { makePicture } from './webPictures.ts';

/**
 * Opens a video in a browser: a file that the user chose, or an address. WebCodecs decodes; nothing is sent anywhere.
 *
 * @throws UserError naming the file, for what this browser cannot decode
 */
export async function openVideo(
  file: Blob | URL | string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Video> {
  const name = file instanceof Blob ? ('name' in file ? String(file.name) : 'the video') : String(file);
  if (file instanceof Blob && file.size === 0) {
    throw new UserError('bad-file', `${name}: the file is empty; copy or export it again`);
  }
  const source = file instanceof Blob ? new BlobSource(file) : new UrlSource(file, { getRetryDelay: retryTwice });
  return videoFrom(await browserSource(name, source, options.signal));
}

// ---

const retryTwice = (previousAttempts: number) => (previousAttempts < 2 ? 0.5 : null);

async function browserSource(name: string, from: Source, signal?: AbortSignal): Promise<PictureSource> {
  const input = new Input({ formats: ALL_FORMATS, source: from });
  const abort = () => input.dispose();
  signal?.addEventListener('abort', abort);
  try {
    signal?.throwIfAborted();
    const track = await decodableTrack(name, input);
    const { times, startSeconds } = await readTimes(name, track);
    signal?.throwIfAborted();
    const orientation = await orientationOf(track);
    const video: BrowserVideo = { name, track, times, startSeconds, orientation };
    return {
      name,
      times,
      warnings: [],
      info: await infoOf(input, track, times, orientation),
      pictures: (indices, layout, stop) => pictures(video, indices, layout, stop),
      close: async () => input.dispose(),
    };
  } catch (error) {
    input.dispose();
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

async function decodableTrack(name: string, input: Input): Promise<InputVideoTrack> {
  const track = await input.getPrimaryVideoTrack().catch((error) => {
    throw error instanceof UnsupportedInputFormatError
      ? new UserError(
          'bad-file',
          `${name}: this is not a video file that browsers can read; convert it to MP4 with H.264`,
        )
      : new UserError('bad-file', `${name}: the file cannot be read (${messageOf(error)}); check that it plays`, {
          cause: error,
        });
  });
  if (track === null) {
    throw new UserError('no-video', `${name}: the file has no video track; choose a file with moving pictures`);
  }
  if (!(await track.canDecode())) {
    const codec = (await track.getCodec()) ?? 'unknown';
    throw new UserError(
      'unsupported-codec',
      `${name}: this browser cannot decode its video codec (${codec}); convert it to MP4 with H.264`,
    );
  }
  return track;
}

async function readTimes(name: string, track: InputVideoTrack): Promise<{ times: FrameTimes; startSeconds: number }> {
  const shown: { timestamp: number; duration: number }[] = [];
  for await (const packet of new EncodedPacketSink(track).packets(undefined, undefined, { metadataOnly: true })) {
    const { timestamp, duration } = packet;
    if (timestamp >= 0 || timestamp + duration > 0) shown.push({ timestamp, duration }); // Others come before an edit.
  }
  if (shown.length === 0) {
    throw new UserError('no-frames', `${name}: the video track holds no frames; record or export the video again`);
  }
  shown.sort((a, b) => a.timestamp - b.timestamp);
  const startSeconds = shown[0].timestamp;
  const seconds = Float64Array.from(shown, ({ timestamp }) => timestamp - startSeconds);
  const last = shown.length - 1;
  const lastFrameSeconds = shown[last].duration || (last > 0 ? seconds[last] / last : 0.04);
  const tickSeconds = 1 / (await track.getTimeResolution());
  return { times: { seconds, tickSeconds, durationSeconds: seconds[last] + lastFrameSeconds }, startSeconds };
}

async function orientationOf(track: InputVideoTrack): Promise<Orientation> {
  const rotation = await track.getRotation();
  const flipped = await track.getFlip();
  return {
    squarePixelSize: { width: await track.getSquarePixelWidth(), height: await track.getSquarePixelHeight() },
    flipped,
    // mediabunny mirrors after turning, we before.
    rotationDegrees: (flipped ? (360 - rotation) % 360 : rotation) as Orientation['rotationDegrees'],
  };
}

async function infoOf(
  input: Input,
  track: InputVideoTrack,
  times: FrameTimes,
  { squarePixelSize: { width, height }, rotationDegrees }: Orientation,
): Promise<VideoInfo> {
  const sideways = rotationDegrees % 180 !== 0;
  const codec = (await track.getCodec()) ?? 'unknown';
  return {
    durationSeconds: times.durationSeconds,
    ...frameRateOf(times),
    frameCount: times.seconds.length,
    widthPixels: sideways ? height : width,
    heightPixels: sideways ? width : height,
    rotationDegrees,
    codec: codec === 'avc' ? 'h264' : codec,
    hasAudio: (await input.getAudioTracks()).length > 0,
  };
}

interface BrowserVideo {
  readonly name: string;
  readonly track: InputVideoTrack;
  readonly times: FrameTimes;
  /** Of the first frame, in the time of the track. */
  readonly startSeconds: number;
  readonly orientation: Orientation;
}

async function* pictures(
  { name, track, times, startSeconds, orientation }: BrowserVideo,
  indices: readonly number[],
  layout: PictureLayout,
  signal: AbortSignal,
): AsyncGenerator<Picture, void, undefined> {
  const unique = [...new Set(indices)];
  // A little late, so that no rounding picks the frame before.
  const moments = unique.map((index) => startSeconds + times.seconds[index] + Math.min(times.tickSeconds / 4, 1e-4));
  let done = 0;
  signal.throwIfAborted();
  try {
    for await (const sample of new VideoSampleSink(track).samplesAtTimestamps(moments)) {
      const index = unique[done++];
      if (sample === null) continue;
      try {
        signal.throwIfAborted();
        yield { index, data: await makePicture(sample, layout, orientation) };
      } finally {
        sample.close();
      }
      signal.throwIfAborted();
    }
  } catch (error) {
    signal.throwIfAborted();
    const at = times.seconds[unique[Math.min(done, unique.length - 1)]].toFixed(2);
    throw new UserError(
      'decode-failed',
      `${name}: decoding fails at ${at} s (${messageOf(error)}); check that it plays`,
      {
        cause: error,
      },
    );
  }
}
