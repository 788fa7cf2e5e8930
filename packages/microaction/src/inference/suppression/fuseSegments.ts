import { UsageError } from '../../errors.ts';
import { joinProposals, type Proposals, positionsByClass } from './proposals.ts';

export interface FusionOptions {
  /** How much each model counts, above 0; all 1 when absent. */
  readonly weights?: readonly number[];
  /** Proposals join whose temporal IoU with the fused segment is above this. Default 0.55. */
  readonly overlapThreshold?: number;
  /** Proposals with a lower score are left out. Default 0. */
  readonly minScore?: number;
}

/**
 * Weighted segment fusion: the proposals of several models for one video become one list. It is weighted boxes
 * fusion (Solovyev, Wang and Gabruseva, 2021) in one dimension. Class by class, by decreasing w·s (model weight times
 * score; equal: earlier model, earlier position), each proposal joins the cluster whose fused segment it overlaps
 * most, if by more than the threshold (equal: the older cluster), or founds one. Of a cluster
 *
 *     start = Σ w s start / Σ w s      end = Σ w s end / Σ w s
 *     score = Σ w s / max(Σ w over its members, Σ w over all models)
 *
 * so that what one of several models alone has seen loses score. Unlike suppression, it throws nothing away.
 *
 * @returns by decreasing score; equal scores by class, then by age
 */
export function fuseSegments(models: readonly Proposals[], options: FusionOptions = {}): Proposals {
  const { weights = models.map(() => 1), overlapThreshold = 0.55, minScore = 0 } = options;
  checkWeights(weights, models.length);
  const totalWeight = weights.reduce((sum, weight) => sum + weight, 0);
  const all = joinProposals(models);
  const weightOf = Float64Array.from(models.flatMap(({ scores }, m) => Array<number>(scores.length).fill(weights[m])));
  const clusters = positionsByClass(all.classes).flatMap((ofClass) => {
    const sorted = ofClass
      .filter((i) => all.scores[i] >= minScore && all.scores[i] > 0)
      .sort((a, b) => weightOf[b] * all.scores[b] - weightOf[a] * all.scores[a] || a - b);
    return clusterise(all, weightOf, sorted, overlapThreshold);
  });
  const scoreOf = ({ mass, weight }: Cluster) => mass / Math.max(weight, totalWeight);
  clusters.sort((a, b) => scoreOf(b) - scoreOf(a));
  return {
    starts: Float32Array.from(clusters, ({ start }) => start),
    ends: Float32Array.from(clusters, ({ end }) => end),
    scores: Float32Array.from(clusters, scoreOf),
    classes: Int32Array.from(clusters, ({ classId }) => classId),
  };
}

// ---- below: internals ----

interface Cluster {
  readonly classId: number;
  start: number;
  end: number;
  /** Σ w s */
  mass: number;
  /** Σ w */
  weight: number;
}

function clusterise(all: Proposals, weightOf: Float64Array, sorted: number[], overlapThreshold: number): Cluster[] {
  const clusters: Cluster[] = [];
  for (const i of sorted) {
    const [start, end, weight] = [all.starts[i], all.ends[i], weightOf[i]];
    let home: Cluster | undefined;
    let most = overlapThreshold;
    for (const cluster of clusters) {
      const overlap = temporalIou(start, end, cluster.start, cluster.end);
      if (overlap > most) [home, most] = [cluster, overlap];
    }
    const mass = weight * all.scores[i];
    if (home) {
      const share = mass / (home.mass + mass);
      home.start += share * (start - home.start);
      home.end += share * (end - home.end);
      home.mass += mass;
      home.weight += weight;
    } else clusters.push({ classId: all.classes[i], start, end, mass, weight });
  }
  return clusters;
}

function temporalIou(aStart: number, aEnd: number, bStart: number, bEnd: number): number {
  const shared = Math.max(0, Math.min(aEnd, bEnd) - Math.max(aStart, bStart));
  return shared === 0 ? 0 : shared / (aEnd - aStart + (bEnd - bStart) - shared);
}

function checkWeights(weights: readonly number[], models: number): void {
  if (weights.length !== models) {
    throw new UsageError(`fuseSegments: ${weights.length} weights for ${models} models; give one for each`);
  }
  const wrong = weights.find((weight) => !(weight > 0 && Number.isFinite(weight)));
  if (wrong !== undefined) throw new UsageError(`fuseSegments: found the weight ${wrong}, expected numbers above 0`);
}
