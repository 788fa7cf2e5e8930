import { across, length, minus, plus, times, unit, type Vector } from './vector.ts';

/**
 * The joint between two bones, `first` metres long from `from` and `second` metres to `to`, on the side of `towards`.
 * Beyond their reach the bones are all but stretched, towards `to`.
 */
export function bend(from: Vector, to: Vector, first: number, second: number, towards: Vector): Vector {
  const reach = Math.max(Math.abs(first - second) * 1.02, Math.min(length(minus(to, from)), 0.998 * (first + second)));
  const along = unit(minus(to, from));
  const up = (first * first + reach * reach - second * second) / (2 * reach);
  const out = Math.sqrt(Math.max(0, first * first - up * up));
  return plus(from, plus(times(along, up), times(unit(across(towards, along)), out)));
}
