import type { Level } from './level.ts';
import { meanOrNull } from './mean.ts';

/** Whether instances are missed more often while another runs in the same video at the same time. */
export interface Concurrency {
  readonly alone: Missed;
  readonly concurrent: Missed;
  /** Most missed first. An instance beside several others counts once for each of their classes. */
  readonly pairs: readonly MissedBeside[];
}

export interface Missed {
  readonly instances: number;
  /** Mean over thresholds. */
  readonly missed: number;
  /** missed / instances; null without instances. */
  readonly rate: number | null;
}

export interface MissedBeside extends Missed {
  readonly missedClass: string;
  readonly besideClass: string;
}

/** `found` is by threshold, by truth row. */
export function concurrency(level: Level, found: readonly Uint8Array[]): Concurrency {
  const { scene, classes, truthClass } = level;
  const { truth, firstTruth, truthRows, kept } = scene;
  const [alone, concurrent] = [new Tally(), new Tally()];
  const pairs = new Map<number, Tally>();
  const beside = new Set<number>();
  for (let video = 0; video + 1 < firstTruth.length; video++) {
    const rows = truthRows.subarray(firstTruth[video], firstTruth[video + 1]).filter((row) => kept[row] === 1);
    for (const row of rows) {
      const missed = meanOrNull(found.map((ofThreshold) => 1 - ofThreshold[row]))!;
      beside.clear();
      for (const other of rows) {
        const overlaps = truth.start[other] < truth.end[row] && truth.start[row] < truth.end[other];
        if (other !== row && overlaps) beside.add(truthClass[other]);
      }
      (beside.size > 0 ? concurrent : alone).add(missed);
      for (const other of beside) {
        const key = truthClass[row] * classes.length + other;
        if (!pairs.has(key)) pairs.set(key, new Tally());
        pairs.get(key)!.add(missed);
      }
    }
  }
  const list = [...pairs].sort(([a, x], [b, y]) => y.missed - x.missed || x.instances - y.instances || a - b);
  return {
    alone: alone.result(),
    concurrent: concurrent.result(),
    pairs: list.map(([key, tally]) => ({
      missedClass: classes[Math.floor(key / classes.length)],
      besideClass: classes[key % classes.length],
      ...tally.result(),
    })),
  };
}

// ---- below: internals ----

class Tally {
  instances = 0;
  missed = 0;

  add(missed: number): void {
    this.instances += 1;
    this.missed += missed;
  }

  result(): Missed {
    const { instances, missed } = this;
    return { instances, missed, rate: instances === 0 ? null : missed / instances };
  }
}
