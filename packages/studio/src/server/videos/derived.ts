import { rm } from 'node:fs/promises';
import type { Selectable } from 'kysely';
import type { StudioContext } from '../context.ts';
import { preparedFiles } from '../media/preparedFiles.ts';
import type { VideoTable } from '../store/tables.ts';

/** What is known of the files that were derived from a video: the column `derived`. */
export interface Derived {
  /** Samples a second; present once the video was prepared. */
  readonly motionRate?: number;
  /** Samples a second; null where there is no sound. */
  readonly soundRate?: number | null;
  /** Key points were written. */
  readonly points?: boolean;
  readonly proxy?: boolean;
}

export const derivedOf = (video: Pick<Selectable<VideoTable>, 'derived'>): Derived => JSON.parse(video.derived);

/** Whether a file of a video's folder was derived, and can be again. Points come with a detection, if it has some. */
export function isDerived(video: Pick<Selectable<VideoTable>, 'derived'>, file: string): boolean {
  const { motionRate, soundRate, proxy = false } = derivedOf(video);
  if (file === derivedFiles.proxy) return proxy;
  if (file === preparedFiles.sound) return typeof soundRate === 'number';
  return motionRate !== undefined && file !== derivedFiles.points;
}

/** Takes away the files that were derived from another content of the video. */
export async function removeDerived({ folder }: StudioContext, video: string): Promise<void> {
  await rm(folder.derived(video), { recursive: true, force: true });
}

/** Beside what `media/prepare.ts` writes into a video's folder. */
export const derivedFiles = {
  /** Plays in every browser: `media/proxy.ts`. */
  proxy: 'proxy.mp4',
  /** Of the last detection that followed a person: `contract/points.ts`. */
  points: 'points.bin',
} as const;
