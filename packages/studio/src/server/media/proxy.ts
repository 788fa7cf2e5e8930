import { PictureMaker, pictureLayout } from 'microaction/video';
import { writeBeside } from './beside.ts';
import { decodeStreams } from './decodeStreams.ts';
import { Mp4Writer } from './mp4Writer.ts';
import { type ReadOptions, readVideo } from './readVideo.ts';

export interface ProxyOptions extends ReadOptions {
  /** Longer side of the pictures at most; 1280 when absent. */
  readonly longSidePixels?: number;
  /** Seconds of video done and in all, in this stage. */
  readonly onProgress?: (progress: { done: number; total: number; stage: 'reading' | 'converting' }) => void;
}

/**
 * Writes a copy of a video that every browser plays and steps through quickly: MP4 with H.264 and AAC, as it is
 * displayed (turned, with square pixels), a key frame every half second. It shows the same frames at the same times,
 * from 0: one that does not decode is replaced by the one before it.
 *
 * @throws UserError as `readVideo` and `writeAtomically`; the signal's reason. No half file is left.
 */
export async function writeProxy(path: string, outputPath: string, options: ProxyOptions = {}): Promise<void> {
  const { longSidePixels = 1280, signal, name, onProgress } = options;
  onProgress?.({ done: 0, total: 0, stage: 'reading' });
  const video = await readVideo(path, { signal, name });
  const { info, times, orientation, sound } = video;
  const size = evenSize(info, longSidePixels);
  const total = info.durationSeconds;
  const endOf = (index: number) => (index + 1 < info.frameCount ? times.seconds[index + 1] : total);

  const convert = async (temporary: string) => {
    await using writer = await Mp4Writer.open(temporary, {
      ...size,
      frameRate: info.frameRate,
      secondsPerKey: 0.5,
      sound,
    });
    using maker = new PictureMaker(pictureLayout(info, size), orientation, browserPixels);
    let next = 0;
    let shown: Awaited<ReturnType<typeof maker.convert>>;
    const showUntil = async (end: number) => {
      for (; next < end && shown; next++) await writer.writePicture(shown, times.seconds[next], endOf(next));
    };
    for await (const part of decodeStreams(video, { signal })) {
      if (part.kind === 'sound') {
        await writer.writeSound(part.timeSeconds, part.frame);
        continue;
      }
      await showUntil(part.index);
      shown = await maker.convert(part.frame);
      await showUntil(part.index + 1);
      onProgress?.({ done: times.seconds[part.index], total, stage: 'converting' });
    }
    await showUntil(info.frameCount);
    await writer.finish();
  };
  await writeBeside(outputPath, convert, { signal });
  onProgress?.({ done: total, total, stage: 'converting' });
}

// ---- below: internals ----

const browserPixels = { format: 'yuv420p', scaling: 'flags=area+accurate_rnd:out_color_matrix=bt709:out_range=tv' };

/** Even sides, as H.264 halves its colours both ways. */
function evenSize(
  { widthPixels, heightPixels }: { widthPixels: number; heightPixels: number },
  longSidePixels: number,
) {
  const scale = Math.min(1, longSidePixels / Math.max(widthPixels, heightPixels));
  const even = (pixels: number) => Math.max(2, 2 * Math.round((pixels * scale) / 2));
  return { widthPixels: even(widthPixels), heightPixels: even(heightPixels) };
}
