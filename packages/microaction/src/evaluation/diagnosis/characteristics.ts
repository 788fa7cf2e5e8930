import { UsageError } from '../../errors.ts';
import type { Level } from './level.ts';

/**
 * What an instance can be told apart by: seconds; share of its video; annotations of its video, of any class or of
 * its own. The two counts include instances that are left out of the diagnosis.
 */
export const characteristicNames = ['coverage', 'length', 'numInstances', 'numInstancesSameClass'] as const;
export type CharacteristicName = (typeof characteristicNames)[number];
export type ByCharacteristic<T> = Readonly<Record<CharacteristicName, T>>;

export function byCharacteristic<T>(make: (name: CharacteristicName) => T): ByCharacteristic<T> {
  return Object.fromEntries(characteristicNames.map((name) => [name, make(name)])) as ByCharacteristic<T>;
}

/** Bucket i holds values above `edges[i]` up to and with `edges[i + 1]`; the first also its lower edge. */
export interface Buckets {
  /** Ascending; the last may be Infinity. One more than labels. */
  readonly edges: readonly number[];
  readonly labels: readonly string[];
}

/** The buckets of the MMA-52 paper; coverage is `numpy.linspace(0, 1, 6)`, last bits included. */
export const paperBuckets: ByCharacteristic<Buckets> = {
  coverage: { edges: [0, 0.2, 0.4, 0.6000000000000001, 0.8, 1], labels: ['XS', 'S', 'M', 'L', 'XL'] },
  length: { edges: [0, 3, 5, 8, 9, Number.POSITIVE_INFINITY], labels: ['XS', 'S', 'M', 'L', 'XL'] },
  numInstances: { edges: [-1, 2, 5, 7, Number.POSITIVE_INFINITY], labels: ['XS', 'S', 'M', 'L'] },
  numInstancesSameClass: { edges: [-1, 2, 5, 7, Number.POSITIVE_INFINITY], labels: ['XS', 'S', 'M', 'L'] },
};

/** The instances of a level sorted into the buckets of one characteristic. */
export interface Bucketed {
  readonly buckets: Buckets;
  /** By truth row; -1 where it is left out, unknown or outside all buckets. */
  readonly bucketOf: Int32Array;
  /** By bucket: instances. */
  readonly counts: Int32Array;
}

export function bucketInstances(level: Level, name: CharacteristicName, buckets: Buckets): Bucketed {
  const measure = measureOf(level, name);
  const { kept } = level.scene;
  const counts = new Int32Array(buckets.labels.length);
  const bucketOf = Int32Array.from(kept, (isKept, row) => {
    const bucket = isKept ? bucketAt(buckets.edges, measure(row)) : -1;
    if (bucket >= 0) counts[bucket] += 1;
    return bucket;
  });
  return { buckets, bucketOf, counts };
}

/** What a result says of a bucket itself; `to` is null where it has no upper end. */
export const bucketFields = ({ buckets, counts }: Bucketed, b: number) => ({
  label: buckets.labels[b],
  from: buckets.edges[b],
  to: Number.isFinite(buckets.edges[b + 1]) ? buckets.edges[b + 1] : null,
  instances: counts[b],
});

export interface BucketFields {
  readonly label: string;
  readonly from: number;
  readonly to: number | null;
  readonly instances: number;
}

/** @throws UsageError where edges do not ascend or labels do not fit */
export function checkBuckets(name: string, { edges, labels }: Buckets): void {
  if (edges.length !== labels.length + 1) {
    throw new UsageError(
      `diagnose: buckets of ${name}: ${labels.length} labels need ${labels.length + 1} edges, found ${edges.length}.`,
    );
  }
  const ascends = edges.every((edge, i) => (i === 0 ? Number.isFinite(edge) : edge > edges[i - 1]));
  if (!ascends || labels.length === 0) {
    throw new UsageError(
      `diagnose: buckets of ${name}: found the edges ${edges.join(', ')}, expected ascending numbers.`,
    );
  }
}

// ---- below: internals ----

function measureOf({ scene, truthClass, classes }: Level, name: CharacteristicName): (row: number) => number {
  const { truth, coverage } = scene;
  if (name === 'coverage') return (row) => coverage[row];
  if (name === 'length') return (row) => truth.end[row] - truth.start[row];
  const key = (row: number) =>
    name === 'numInstances' ? truth.video[row] : truth.video[row] * classes.length + truthClass[row];
  const counts = new Map<number, number>();
  for (let row = 0; row < truthClass.length; row++) counts.set(key(row), (counts.get(key(row)) ?? 0) + 1);
  return (row) => counts.get(key(row))!;
}

function bucketAt(edges: readonly number[], value: number): number {
  if (value === edges[0]) return 0;
  for (let b = 0; b + 1 < edges.length; b++) if (value > edges[b] && value <= edges[b + 1]) return b;
  return -1;
}
