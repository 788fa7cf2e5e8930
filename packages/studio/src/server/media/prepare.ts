import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from 'microaction';
import { writeAtomically } from 'microaction/files';
import { framesAtRate, PictureMaker, type PixelKind, pictureLayout } from 'microaction/video';
import { decodeStreams } from './decodeStreams.ts';
import { MotionMeter, motionLongSidePixels, motionRateOf } from './motion.ts';
import { type PreparedVideo, preparedFiles } from './preparedFiles.ts';
import { type KnownVideo, type ReadOptions, readVideo } from './readVideo.ts';
import { SoundMeter, soundSamplesPerSecond } from './sound.ts';
import { ThumbnailTaker } from './thumbnail.ts';

export interface PrepareOptions extends ReadOptions {
  /** Seconds of video done and in all, in this stage. */
  readonly onProgress?: (progress: { done: number; total: number; stage: 'reading' | 'measuring' }) => void;
}

/**
 * Derives from a video file what its time line shows, into `folder` (made where it is missing). Frame times come from
 * the container, without decoding; motion, sound and thumbnail from one decoding pass.
 *
 * @throws UserError as `readVideo` and `writeAtomically`; the signal's reason. No half file is left.
 */
export async function prepareVideo(path: string, folder: string, options: PrepareOptions = {}): Promise<PreparedVideo> {
  const { signal, name, onProgress } = options;
  onProgress?.({ done: 0, total: 0, stage: 'reading' });
  const video = await readVideo(path, { signal, name });
  const { motionRate, motion, sound, thumbnail } = await measure(video, options);

  const { startSeconds, times } = video;
  const soundRate = sound ? soundSamplesPerSecond : null;
  const prepared: PreparedVideo = { version: 1, startSeconds, motionRate, soundRate };
  const write = (file: keyof typeof preparedFiles, content: string | Uint8Array) =>
    writeAtomically(join(folder, preparedFiles[file]), content, { signal });
  await write('frames', bytesOf(times.seconds));
  await write('motion', bytesOf(motion));
  if (sound) await write('sound', bytesOf(sound));
  else await rm(join(folder, preparedFiles.sound), { force: true });
  await write('thumbnail', thumbnail);
  await write('meta', `${JSON.stringify(prepared)}\n`);
  return prepared;
}

// ---- below: internals ----

/** What one decoding pass tells. */
async function measure(video: KnownVideo, { signal, onProgress }: PrepareOptions) {
  const { times, info } = video;
  const total = info.durationSeconds;
  const motionRate = motionRateOf(info.frameRate);
  const sampled = framesAtRate(times, 0, total, motionRate);
  const sampleOf = new Map(sampled.map((frame, at) => [frame, at] as const).toReversed()); // the first of each
  const motion = new MotionMeter(sampled.length);
  const sound = new SoundMeter(total);
  using thumbnail = new ThumbnailTaker(video);
  const layout = pictureLayout(info, { longSidePixels: motionLongSidePixels });
  using grey = new PictureMaker(layout, video.orientation, greyPixels);

  for await (const part of decodeStreams(video, { isWanted: (index) => sampleOf.has(index), signal })) {
    if (part.kind === 'sound') {
      sound.add(part.timeSeconds, part.frame);
      continue;
    }
    const seconds = times.seconds[part.index];
    const picture = await grey.make(part.frame);
    motion.add(sampleOf.get(part.index)!, picture);
    await thumbnail.offer(seconds, part.frame, picture);
    onProgress?.({ done: seconds, total, stage: 'measuring' });
  }
  const shown = await thumbnail.finish();
  if (shown === undefined) {
    const advice = 'check that the file plays, or convert it to MP4 with H.264';
    throw new UserError('no-frames', `${video.name}: none of the frames decodes; ${advice}`);
  }
  onProgress?.({ done: total, total, stage: 'measuring' });
  return { motionRate, motion: motion.finish(), sound: sound.finish(), thumbnail: shown };
}

const greyPixels: PixelKind = { format: 'gray', scaling: 'flags=area' };

/** The machines that this runs on are little-endian. */
const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array | Float32Array) =>
  new Uint8Array(buffer, byteOffset, byteLength);
