/** What goes through a network together, filled up to one length. */
export interface BucketBatch<Item> {
  readonly length: number;
  readonly items: readonly Item[];
}

export interface BucketOptions<Item> {
  /** Rising. */
  readonly lengths: readonly number[];
  readonly batchSize: number;
  /** At most the last of `lengths`. */
  readonly lengthOf: (item: Item) => number;
  /** Whether a last batch with fewer items is kept, or dropped. */
  readonly keepIncomplete: boolean;
}

/**
 * Batches of items that fit the same length, in the order in which they fill. What fills no batch in the end goes with
 * longer items, so that at most one batch is incomplete, and how many there are depends on how many items there are alone.
 */
export function bucketBatches<Item>(items: Iterable<Item>, options: BucketOptions<Item>): BucketBatch<Item>[] {
  const { lengths, batchSize, lengthOf, keepIncomplete } = options;
  const batches: BucketBatch<Item>[] = [];
  const open = lengths.map((): Item[] => []);
  const add = (bucket: number, item: Item) => {
    open[bucket].push(item);
    if (open[bucket].length === batchSize) batches.push({ length: lengths[bucket], items: open[bucket].splice(0) });
  };
  for (const item of items) add(bucketOf(lengthOf(item), lengths), item);
  for (let bucket = 0; bucket + 1 < lengths.length; bucket++) {
    for (const item of open[bucket].splice(0)) add(bucket + 1, item);
  }
  const rest = open[lengths.length - 1];
  if (rest.length === 0 || !keepIncomplete) return batches;
  const longest = Math.max(...rest.map(lengthOf));
  return [...batches, { length: lengths[bucketOf(longest, lengths)], items: rest }];
}

// ---- below: internals ----

const bucketOf = (length: number, lengths: readonly number[]) =>
  Math.max(
    0,
    lengths.findIndex((most) => length <= most),
  );
