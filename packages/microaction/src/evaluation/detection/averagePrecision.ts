/**
 * The area under the precision-recall curve over all points (VOC 2011), precision made monotone from the right.
 *
 * @param hits - ranks, from 0 and ascending, of the predictions that found an instance
 * @param instances - how many there were to find; 0 gives 0
 * @returns a fraction, 0 to 1
 */
export function averagePrecision(hits: Int32Array, instances: number): number {
  if (instances === 0) return 0;
  let area = 0;
  let best = 0;
  for (let found = hits.length; found > 0; found--) {
    best = Math.max(best, found / (hits[found - 1] + 1));
    area += best;
  }
  return area / instances;
}
