/**
 * A series of numbers in steps of `step`, as text: differences between neighbours as variable-length
 * integers, in base64. One byte a sample while neighbours differ by less than 63 steps. NaN is kept.
 */
export interface Quantised {
  readonly step: number;
  readonly length: number;
  readonly base64: string;
}

/** Rounds to the nearest multiple of `step`, so that nothing is off by more than half of it. */
export function quantise(values: ArrayLike<number>, step: number): Quantised {
  const bytes: number[] = [];
  let before = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      bytes.push(0);
      continue;
    }
    const now = Math.round(values[i] / step);
    const difference = now - before;
    // 0 says "missing"; then 1, 2, 3 ... stand for 0, -1, 1, -2, 2 ...
    let code = (difference < 0 ? -2 * difference - 1 : 2 * difference) + 1;
    for (; code >= 128; code = Math.floor(code / 128)) bytes.push((code % 128) + 128);
    bytes.push(code);
    before = now;
  }
  return { step, length: values.length, base64: toBase64(bytes) };
}

export function restore({ step, length, base64 }: Quantised): Float64Array {
  const bytes = atob(base64);
  const values = new Float64Array(length);
  let at = 0;
  let now = 0;
  for (let i = 0; i < length; i++) {
    let code = 0;
    for (let place = 1; ; place *= 128) {
      const byte = bytes.charCodeAt(at++);
      code += (byte % 128) * place;
      if (byte < 128) break;
    }
    if (code > 0) now += code % 2 === 1 ? (code - 1) / 2 : -code / 2;
    values[i] = code === 0 ? Number.NaN : now * step;
  }
  return values;
}

/** A step of 1, 2 or 5 times a power of ten that cuts the range of the values in at least `parts`. */
export function stepFor(values: ArrayLike<number>, parts: number): number {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    least = Math.min(least, values[i]);
    most = Math.max(most, values[i]);
  }
  if (!(most > least)) return Math.abs(most) > 0 && Number.isFinite(most) ? Math.abs(most) : 1;
  const wanted = (most - least) / parts;
  const power = 10 ** Math.floor(Math.log10(wanted));
  return power * (wanted >= 5 * power ? 5 : wanted >= 2 * power ? 2 : 1);
}

// ---- below: internals ----

function toBase64(bytes: readonly number[]): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.slice(i, i + 8192));
  return btoa(text);
}
