import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** The folder that a studio serves: people's videos, and a hidden folder of what the program keeps. */
export class DataFolder {
  /** Absolute. */
  readonly root: string;

  constructor(root: string) {
    this.root = root;
    for (const folder of [this.inner(), this.inner('derived'), this.inner('uploads'), this.inner('backups')]) {
      mkdirSync(folder, { recursive: true });
    }
  }

  /** A path among what the program keeps. The words must be the program's own, never a person's. */
  inner(...words: readonly string[]): string {
    return join(this.root, '.microaction', ...words);
  }

  /** Where what was derived from a video lies: see `media/prepare.ts` and `media/proxy.ts`. */
  derived(video: string): string {
    return this.inner('derived', video);
  }
}
