import { UserError } from 'microaction';
import { type IndexedVideo, indexVideo } from 'microaction/video';
import { soundStreamOf } from './decodeStreams.ts';

/** What is known of a video file before it is decoded. */
export interface KnownVideo extends Omit<IndexedVideo, 'container'> {
  readonly path: string;
  /** How messages call the file. */
  readonly name: string;
  /**
   * When a player shows the first frame, by its own clock, which starts with the container's; 0 in most files. All
   * other times here are counted from the first frame.
   */
  readonly startSeconds: number;
  /** Of the track that is heard; absent where there is none, or none that can be decoded. */
  readonly sound?: { readonly sampleRate: number; readonly channels: number };
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** How messages call the file; its path when absent. */
  readonly name?: string;
}

/**
 * Reads a file once from end to end, without decoding, and closes it.
 *
 * @throws UserError as `indexVideo`; `bad-times` where damaged times would make it days long
 */
export async function readVideo(path: string, options: ReadOptions = {}): Promise<KnownVideo> {
  const { name = path } = options;
  const { container, ...known } = await indexVideo(path, options);
  const sound = soundStreamOf(container)?.codecpar;
  const kind = sound && { sampleRate: sound.sampleRate, channels: sound.channels };
  await container.close();
  requireUsableTimes(name, known.info.durationSeconds);
  return { ...known, path, name, startSeconds: startOf(known), sound: kind };
}

/** As `KnownVideo.startSeconds`. */
export const startOf = ({ index, times }: Pick<IndexedVideo, 'index' | 'times'>) =>
  index.shownTicks[0] * times.tickSeconds;

/** Stops at videos for whose rows no memory would suffice. */
export function requireUsableTimes(name: string, durationSeconds: number): void {
  const hours = durationSeconds / 3600;
  if (hours <= mostHours) return;
  throw new UserError(
    'bad-times',
    `${name}: its frames lie ${Math.round(hours)} hours apart, expected ${mostHours} at most: their times are damaged. Convert it to MP4 with another program and add that; this file is left as it is.`,
  );
}

// ---- below: internals ----

const mostHours = 100;
