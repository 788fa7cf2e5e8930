import { UserError } from '../../errors.ts';
import { shown } from '../../problems.ts';
import type { Clip, Instance } from '../dataset.ts';
import type { WriteOptions } from './format.ts';

/** The frame rate to count a clip's frames by. @throws UserError `no-frame-rate` */
export function frameRateOf(clip: Clip, { frameRate }: WriteOptions, title: string): number {
  const rate = clip.frameRate ?? frameRate;
  if (rate !== undefined) return rate;
  throw new UserError(
    'no-frame-rate',
    `The frame rate of ${shown(clip.id)} is not known, and ${title} counts frames; give the frame rate.`,
  );
}

/** First frame and the one after the last, from 0: at least one frame. */
export function framesOf({ start, end }: Instance, frameRate: number): [first: number, after: number] {
  const first = Math.round(start * frameRate);
  return [first, Math.max(first + 1, Math.round(end * frameRate))];
}

/** That a document which only counts frames was given a frame rate. @throws UserError `no-frame-rate` */
export function requireFrameRate(frameRate: number | undefined, source: string): number {
  if (frameRate !== undefined && frameRate > 0 && Number.isFinite(frameRate)) return frameRate;
  throw new UserError(
    'no-frame-rate',
    `${source} counts frames without saying how many there are in a second; give the frame rate of the video.`,
  );
}
