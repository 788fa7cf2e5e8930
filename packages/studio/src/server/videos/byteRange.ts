/** A part of a file, in bytes: from `first` to `last`, both included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * What a `Range` header asks of a file (RFC 9110, 14): a part; `unsatisfiable` where nothing of it is in the file; null
 * for the whole, also for headers that are to be passed over: of other units, badly written, or asking for several parts,
 * which a server need not give.
 */
export function byteRange(header: string | null, sizeBytes: number): ByteRange | 'unsatisfiable' | null {
  const match = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(header ?? '');
  if (!match) return null;
  const [, from, to] = match;
  if (from === '') {
    if (to === '') return null;
    const length = Math.min(Number(to), sizeBytes);
    return length > 0 ? { first: sizeBytes - length, last: sizeBytes - 1 } : 'unsatisfiable';
  }
  const first = Number(from);
  const last = to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (to !== '' && Number(to) < first) return null;
  return first < sizeBytes ? { first, last } : 'unsatisfiable';
}
