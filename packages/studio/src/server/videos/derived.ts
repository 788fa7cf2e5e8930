import { rm } from 'node:fs/promises';
import type { Selectable } from 'kysely';
import type { StudioContext } from '../context.ts';
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

/** Adds to what is known of a video's derived files. */
export function noteDerived({ store }: StudioContext, video: string, added: Derived): void {
  const { sql } = store;
  store.transaction(() => {
    const row = store.first(sql.selectFrom('video').select('derived').where('id', '=', video));
    if (!row) return;
    const derived = JSON.stringify({ ...derivedOf(row), ...added });
    store.run(sql.updateTable('video').set({ derived }).where('id', '=', video));
  });
}

/** Takes away the files that were derived from another content of the video. */
export async function removeDerived({ folder }: StudioContext, video: string): Promise<void> {
  await rm(folder.derived(video), { recursive: true, force: true });
}

/** Beside what `media/prepare.ts` writes into a video's folder. */
export const derivedFiles = {
  /** Plays in every browser: `media/proxy.ts`. */
  proxy: 'proxy.mp4',
  /** Of the last detection that followed a person: `media/points.ts`. */
  points: 'points.bin',
} as const;
