import { descendingOrder, type Ties } from '../sorting/descendingOrder.ts';
import { numpyArgsort } from '../sorting/numpyArgsort.ts';
import type { ClassRows } from './classRows.ts';

/** How predictions meet instances; plain data, so threads can share it. */
export interface MatchRules {
  /** Temporal IoU from which on a prediction counts, in (0, 1]. */
  readonly tiou: readonly number[];
  readonly ties: Ties;
  /** `clip`: intersection / max(union, 1e-8). `add`: intersection / (union + 1e-4). */
  readonly union: 'clip' | 'add';
}

/** What became of the predictions of one class. Ranks count from 0, the best score. */
export interface ClassMatches {
  readonly instances: number;
  readonly predictions: number;
  /** By threshold: the ranks of the predictions that found an instance, ascending. */
  readonly hits: readonly Int32Array[];
  /** By rank: the prediction's row. */
  readonly order: Int32Array;
}

/**
 * Goes through the predictions of class `index` from the best score down. At each threshold a prediction takes the
 * instance of its video with the largest temporal IoU (of equals, the later in the file) that reaches the threshold and
 * is not taken yet; where there is none it is a false positive. All thresholds are served in one pass.
 */
export function matchClass(data: ClassRows, index: number, rules: MatchRules): ClassMatches {
  const rows = data.rows.subarray(data.from[index], data.from[index + 1]);
  const order = rankedRows(data, rows, rules.ties);
  const instances = data.truthFrom[index + 1] - data.truthFrom[index];
  const hits: Int32Array[] = [];
  for (let at = 0; at < rules.tiou.length; at += bitsAtOnce) {
    hits.push(...matchAt(data, index, order, rules, rules.tiou.slice(at, at + bitsAtOnce)));
  }
  return { instances, predictions: rows.length, hits, order };
}

/** The rows from the highest score to the lowest. */
export function rankedRows(data: ClassRows, rows: Int32Array, ties: Ties): Int32Array {
  const scores = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) scores[i] = data.score[rows[i]];
  const order = descendingOrder(scores, ties);
  for (let i = 0; i < order.length; i++) order[i] = rows[order[i]];
  return order;
}

/** Where the instances of each video begin in `truthStart`, and how many they are, for one class. */
export function instancesByVideo(data: ClassRows, index: number): { first: Int32Array; count: Int32Array } {
  const first = new Int32Array(data.videos);
  const count = new Int32Array(data.videos);
  for (let g = data.truthFrom[index + 1] - 1; g >= data.truthFrom[index]; g--) {
    first[data.truthVideo[g]] = g;
    count[data.truthVideo[g]] += 1;
  }
  return { first, count };
}

/** Temporal IoU of an instance and a prediction, in doubles and in the references' order of operations. */
export function temporalIou(
  truthStart: number,
  truthEnd: number,
  start: number,
  end: number,
  union: MatchRules['union'],
): number {
  const intersection = Math.min(truthEnd, end) - Math.max(truthStart, start);
  if (!(intersection > 0)) return 0;
  const whole = truthEnd - truthStart + (end - start) - intersection;
  return intersection / (union === 'clip' ? Math.max(whole, 1e-8) : whole + 1e-4);
}

// ---- below: internals ----

/** Thresholds are bits of an integer. */
const bitsAtOnce = 31;

function matchAt(
  data: ClassRows,
  index: number,
  order: Int32Array,
  rules: MatchRules,
  tiou: readonly number[],
): Int32Array[] {
  const base = data.truthFrom[index];
  const instances = data.truthFrom[index + 1] - base;
  const { first, count } = instancesByVideo(data, index);
  const taken = new Int32Array(instances);
  const hits = tiou.map(() => new Int32Array(Math.min(instances, order.length)));
  const found = new Int32Array(tiou.length);
  const lowest = Math.min(...tiou);
  const everything = 2 ** tiou.length - 1;
  const candidates = new Candidates();

  for (let rank = 0; rank < order.length; rank++) {
    const row = order[rank];
    const video = data.video[row];
    if (count[video] === 0) continue;
    candidates.find(data, first[video], count[video], row, lowest, rules);
    let open = everything;
    for (let k = 0; k < candidates.count && open !== 0; k++) {
      let reached = 0;
      for (let t = 0; t < tiou.length; t++) if (candidates.tiou[k] >= tiou[t]) reached |= 1 << t;
      open &= reached; // What this one does not reach, no later one does.
      const g = candidates.instance[k] - base;
      let gained = open & ~taken[g];
      taken[g] |= gained;
      open &= ~gained;
      for (; gained !== 0; gained &= gained - 1) {
        const t = 31 - Math.clz32(gained & -gained);
        hits[t][found[t]++] = rank;
      }
    }
  }
  return hits.map((ranks, t) => ranks.slice(0, found[t]));
}

/** The instances that a prediction may take, best first. */
class Candidates {
  count = 0;
  readonly instance: number[] = [];
  readonly tiou: number[] = [];

  find(data: ClassRows, first: number, count: number, row: number, lowest: number, rules: MatchRules): void {
    this.count = 0;
    let equals = false;
    const { truthStart, truthEnd } = data;
    const start = data.start[row];
    const end = data.end[row];
    for (let g = first; g < first + count; g++) {
      const tiou = temporalIou(truthStart[g], truthEnd[g], start, end, rules.union);
      if (!(tiou >= lowest)) continue;
      let k = this.count++;
      for (; k > 0 && this.tiou[k - 1] <= tiou; k--) {
        equals ||= this.tiou[k - 1] === tiou;
        this.tiou[k] = this.tiou[k - 1];
        this.instance[k] = this.instance[k - 1];
      }
      this.tiou[k] = tiou;
      this.instance[k] = g;
    }
    // Up to 16 values numpy's order is the stable one, which the loop above gives.
    if (equals && count > 16 && rules.ties === 'numpy') this.#orderAsNumpy(data, first, count, row, rules);
  }

  #orderAsNumpy(data: ClassRows, first: number, count: number, row: number, rules: MatchRules): void {
    const { truthStart, truthEnd, start, end } = data;
    const all = Float64Array.from({ length: count }, (_, i) =>
      temporalIou(truthStart[first + i], truthEnd[first + i], start[row], end[row], rules.union),
    );
    const order = numpyArgsort(all).reverse();
    for (let k = 0; k < this.count; k++) {
      this.instance[k] = first + order[k];
      this.tiou[k] = all[order[k]];
    }
  }
}
