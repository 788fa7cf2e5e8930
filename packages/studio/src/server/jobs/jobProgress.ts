import type { Job } from '../../contract/job.ts';

/** How far a running job is, and how long it will take, by how quick it has been in its present stage. */
export class JobProgress {
  readonly #shares: Readonly<Record<string, readonly [from: number, to: number]>>;
  #stage: string | null = null;
  #startedMs = 0;
  #fraction = 0;
  #progress = 0;

  constructor(kind: Job['kind']) {
    this.#shares = stageShares[kind];
  }

  /** @param done - seconds of video, of `total`, in this stage */
  update(stage: string, done: number, total: number, nowMs = performance.now()): void {
    if (stage !== this.#stage) {
      this.#stage = stage;
      this.#startedMs = nowMs;
    }
    this.#fraction = total > 0 ? Math.min(1, done / total) : 0;
    const [from, to] = this.#shares[stage] ?? [this.#progress, this.#progress];
    this.#progress = Math.max(this.#progress, from + (to - from) * this.#fraction);
  }

  view(nowMs = performance.now()): Pick<Job, 'stage' | 'progress' | 'remainingSeconds'> {
    return { stage: this.#stage, progress: this.#progress, remainingSeconds: this.#remainingSeconds(nowMs) };
  }

  // ---- below: internals ----

  /** The stages have very different speeds: only the present one, scaled to what remains, tells anything. */
  #remainingSeconds(nowMs: number): number | null {
    const elapsedSeconds = (nowMs - this.#startedMs) / 1000;
    if (this.#stage === null || this.#fraction <= 0 || elapsedSeconds < leastSeconds) return null;
    const [from, to] = this.#shares[this.#stage] ?? [0, 1];
    const stageSeconds = elapsedSeconds / this.#fraction;
    const laterShare = to > from ? (1 - to) / (to - from) : 0;
    return stageSeconds * (1 - this.#fraction + laterShare);
  }
}

// ---- below: internals ----

/** What is measured in less time says little. */
const leastSeconds = 1;

/** Where each stage begins and ends in the whole, in processor time. */
const stageShares: Readonly<Record<Job['kind'], Readonly<Record<string, readonly [from: number, to: number]>>>> = {
  prepare: { reading: [0, 0.02], measuring: [0.02, 1] },
  proxy: { reading: [0, 0.02], converting: [0.02, 1] },
  detect: {
    opening: [0, 0.02],
    'finding the person': [0.02, 0.08],
    'following the person': [0.08, 0.98],
    'reading the motion': [0.98, 1],
    'looking for actions': [0.02, 1],
    recognising: [0.02, 1],
  },
};
