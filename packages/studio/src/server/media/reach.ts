import type { IndexedVideo } from 'microaction/video';

/**
 * Frames of an MP4 or QuickTime file that a seek in Chromium does not reach: those shown right before a key frame that
 * is decoded ahead of them. Its demuxer (libavformat's) looks for key frames by decoding time. Edit lists, which most
 * writers of pictures out of order add, make up for the constant part of that, but not for what varies. A
 * frame is sought in the middle of its time.
 *
 * @returns positions in the video's sequence of frames, ascending
 */
export function framesOutOfReach({ shownTicks, keyFrames }: IndexedVideo['index']): number[] {
  const [first] = keyFrames;
  if (first === undefined) return [];
  // Decoding begins at 0 where no edit list moves it.
  const madeUp = first.seekTicks === 0 ? 0 : first.shownTicks - first.seekTicks;
  const found: number[] = [];
  let frame = 0;
  for (const key of keyFrames) {
    for (; frame < shownTicks.length && shownTicks[frame] < key.shownTicks; frame++) {
      const middle = (shownTicks[frame] + shownTicks[frame + 1]) / 2;
      if (middle >= key.seekTicks + madeUp) found.push(frame);
    }
  }
  return found;
}
