import {
  countedActionPairs,
  countedConcurrency,
  countedEdges,
  countedMaxima,
  countedOverlapping,
  countedPartPairs,
  countedVideos,
} from './counted.ts';
import type { Sketch } from './sketch.ts';

/**
 * Keeps running totals of what was counted in MMA-52 beyond single acts: how many run at once, which meet, which the
 * clip's ends cut. Of several sketches of a video the one of least cost brings the totals nearest to where they
 * should be by then.
 */
export class Steering {
  readonly #terms: readonly Term[];
  /** Seen so far less what should have been; by term. */
  readonly #surplus: Float64Array;
  readonly #scratch: Float64Array;
  readonly #pairTerms: PairTerms | undefined;

  /** `actions`: name and code of the body part by position in the repertoire. Without `pairs` who meets is left open. */
  constructor(actions: readonly { name: string; bodyPart: string }[], pairs: boolean) {
    this.#pairTerms = pairs ? new PairTerms(actions, fixedTerms.length) : undefined;
    this.#terms = [...fixedTerms, ...(this.#pairTerms?.terms ?? [])];
    this.#surplus = new Float64Array(this.#terms.length);
    this.#scratch = new Float64Array(this.#terms.length);
  }

  /** How far off the totals would be after this one, squared; of each by its own measure. */
  costOf(sketch: Sketch): number {
    this.#measure(sketch);
    let cost = 0;
    for (let i = 0; i < this.#terms.length; i++) {
      cost += (this.#surplus[i] + this.#scratch[i]) ** 2 * this.#terms[i].weight;
    }
    return cost;
  }

  take(sketch: Sketch): void {
    this.#measure(sketch);
    for (let i = 0; i < this.#terms.length; i++) {
      // What cannot be reached, with few actions to choose from, must not drown the rest.
      this.#surplus[i] = Math.max(-bound, Math.min(bound, this.#surplus[i] + this.#scratch[i]));
    }
  }

  // ---- below: internals ----

  /** Into the scratch: what the sketch shows of each term, less what is due for its length or its instances. */
  #measure({ frameCount, acts }: Sketch): void {
    const seen = this.#scratch.fill(0);
    const exposure = { time: frameCount / meanFrames, videos: 1, instances: acts.length };
    const edges = acts.flatMap(({ start, end }) => [start * 2 + 1, end * 2]).sort((a, b) => a - b); // ends before starts
    let running = 0;
    let most = 0;
    let at = 0;
    for (const edge of edges) {
      const frame = edge >> 1;
      seen[levelTerm + Math.min(running, levels - 1)] += (frame - at) / meanFrames;
      at = frame;
      running += edge & 1 ? 1 : -1;
      most = Math.max(most, running);
    }
    seen[levelTerm] += (frameCount - at) / meanFrames;
    if (most > 0) seen[maximumTerm + Math.min(most, countedMaxima.length) - 1] += 1;
    if (most > countedMaxima.length) seen[maximumTerm + countedMaxima.length - 1] += bound; // never seen, never wanted
    acts.forEach((one, i) => {
      const first = one.start === 0;
      const last = one.end === frameCount - 1;
      if (first) seen[edgeTerm] += 1;
      if (last) seen[edgeTerm + 1] += 1;
      if (first && last) seen[edgeTerm + 2] += 1;
      let meets = false;
      acts.forEach((other, j) => {
        if (i === j || one.start >= other.end || other.start >= one.end) return;
        meets = true;
        if (j > i) this.#pairTerms?.count(one.action, other.action, seen);
      });
      if (meets) seen[overlapTerm] += 1;
    });
    for (let i = 0; i < this.#terms.length; i++) seen[i] -= this.#terms[i].rate * exposure[this.#terms[i].per];
  }
}

interface Term {
  /** What is due for each of `per`; time counts in videos of mean length. */
  readonly rate: number;
  readonly per: 'time' | 'videos' | 'instances';
  readonly weight: number;
}

const bound = 20;
const videos = countedVideos.reduce((sum, [, count]) => sum + count, 0);
const meanFrames = countedVideos.reduce((sum, [, count, frames]) => sum + count * frames, 0) / videos;
const levels = countedConcurrency.length;

const [levelTerm, maximumTerm] = [0, levels];
const edgeTerm = maximumTerm + countedMaxima.length;
const overlapTerm = edgeTerm + 3;
const fixedTerms: readonly Term[] = [
  ...countedConcurrency.map((rate): Term => ({ rate, per: 'time', weight: 4 / (rate + 0.001) })),
  ...countedMaxima.map((count): Term => ({ rate: count / videos, per: 'videos', weight: 1 / (count / videos + 0.02) })),
  ...[countedEdges.start, countedEdges.end, countedEdges.both, countedOverlapping].map(
    (rate): Term => ({ rate, per: 'instances', weight: 0.3 / rate }),
  ),
];

/** The counted pairs of body parts and of actions that share time. */
class PairTerms {
  readonly terms: readonly Term[];
  readonly #first: number;
  readonly #size: number;
  /** By pair of positions in the repertoire: its term, or -1. */
  readonly #partTerms: Int16Array;
  readonly #actionTerms: Int16Array;

  constructor(actions: readonly { name: string; bodyPart: string }[], first: number) {
    this.#first = first;
    this.#size = actions.length;
    const termOf = (count: number, weight: number): Term => {
      const rate = count / videos;
      return { rate, per: 'videos', weight: weight / (rate + 0.1) };
    };
    const parts = Object.entries(countedPartPairs);
    this.terms = [
      ...parts.map(([, count]) => termOf(count, 0.1)),
      ...countedActionPairs.map(([, , count]) => termOf(count, 0.05)),
    ];
    const table = (find: (a: (typeof actions)[number], b: (typeof actions)[number]) => number) =>
      Int16Array.from({ length: this.#size ** 2 }, (_, i) => {
        const [a, b] = [actions[Math.floor(i / this.#size)], actions[i % this.#size]];
        return Math.max(find(a, b), find(b, a));
      });
    this.#partTerms = table((a, b) => parts.findIndex(([pair]) => pair === a.bodyPart + b.bodyPart));
    this.#actionTerms = table((a, b) => {
      const index = countedActionPairs.findIndex(([one, other]) => one === a.name && other === b.name);
      return index < 0 ? -1 : parts.length + index;
    });
  }

  count(a: number, b: number, seen: Float64Array): void {
    const pair = a * this.#size + b;
    if (this.#partTerms[pair] >= 0) seen[this.#first + this.#partTerms[pair]] += 1;
    if (this.#actionTerms[pair] >= 0) seen[this.#first + this.#actionTerms[pair]] += 1;
  }
}
