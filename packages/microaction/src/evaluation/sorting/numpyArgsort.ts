/**
 * The order in which `numpy.argsort` (default kind, ascending) puts values: indices such that `values[result[i]]`
 * never decreases, NaN last. Among equal values it is not stable but determined by the algorithm, introsort: median
 * of three quicksort down to 16 values, insertion sort for those, heap sort where the recursion runs too deep. What ranks
 * equal scores with numpy inherits this order, so numbers agree with it only when the order does.
 *
 * Agrees with numpy 1.24; builds of numpy that sort with vector instructions may order equal values otherwise.
 */
export function numpyArgsort(values: Float64Array | Float32Array): Int32Array {
  const order = new Int32Array(values.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  introsort(values, order);
  return order;
}

// ---- below: internals ----

type Values = Float64Array | Float32Array;

const smallest = 16;

function introsort(v: Values, t: Int32Array): void {
  const waiting: [left: number, right: number, depth: number][] = [];
  let left = 0;
  let right = t.length - 1;
  let depth = 2 * (31 - Math.clz32(Math.max(1, t.length)));
  for (;;) {
    if (depth < 0) heapSort(v, t, left, right);
    else {
      while (right - left >= smallest) {
        const middle = partition(v, t, left, right);
        depth -= 1;
        if (middle - left < right - middle) {
          waiting.push([middle + 1, right, depth]);
          right = middle - 1;
        } else {
          waiting.push([left, middle - 1, depth]);
          left = middle + 1;
        }
      }
      insertionSort(v, t, left, right);
    }
    const next = waiting.pop();
    if (!next) return;
    [left, right, depth] = next;
  }
}

/** Puts the median of three where it belongs, smaller before and larger behind; returns where that is. */
function partition(v: Values, t: Int32Array, left: number, right: number): number {
  const middle = left + ((right - left) >> 1);
  if (less(v[t[middle]], v[t[left]])) swap(t, middle, left);
  if (less(v[t[right]], v[t[middle]])) swap(t, right, middle);
  if (less(v[t[middle]], v[t[left]])) swap(t, middle, left);
  const pivot = v[t[middle]];
  let i = left;
  let j = right - 1;
  swap(t, middle, j);
  for (;;) {
    do i++;
    while (less(v[t[i]], pivot));
    do j--;
    while (less(pivot, v[t[j]]));
    if (i >= j) break;
    swap(t, i, j);
  }
  swap(t, i, right - 1);
  return i;
}

function insertionSort(v: Values, t: Int32Array, left: number, right: number): void {
  for (let i = left + 1; i <= right; i++) {
    const moving = t[i];
    const value = v[moving];
    let j = i;
    for (; j > left && less(value, v[t[j - 1]]); j--) t[j] = t[j - 1];
    t[j] = moving;
  }
}

function heapSort(v: Values, t: Int32Array, left: number, right: number): void {
  let size = right - left + 1;
  const base = left - 1; // The heap counts from 1.
  const sift = (from: number, moving: number) => {
    let hole = from;
    for (let child = 2 * hole; child <= size; child = 2 * hole) {
      if (child < size && less(v[t[base + child]], v[t[base + child + 1]])) child += 1;
      if (!less(v[moving], v[t[base + child]])) break;
      t[base + hole] = t[base + child];
      hole = child;
    }
    t[base + hole] = moving;
  };
  for (let at = size >> 1; at > 0; at--) sift(at, t[base + at]);
  while (size > 1) {
    const moving = t[base + size];
    t[base + size] = t[base + 1];
    size -= 1;
    sift(1, moving);
  }
}

/** NaN is larger than every number. */
const less = (a: number, b: number): boolean => a < b || (Number.isNaN(b) && !Number.isNaN(a));

function swap(t: Int32Array, i: number, j: number): void {
  const kept = t[i];
  t[i] = t[j];
  t[j] = kept;
}
