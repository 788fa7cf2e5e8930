import { PickleFault } from './pythonValues.ts';

/** Bytes as characters of the same numbers; `TextDecoder` would read Windows' own code page. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return text;
}

/** Two's complement, the least byte first. */
export function wholeOfBytes(bytes: Uint8Array): number | bigint {
  if (bytes.length === 0) return 0;
  if (bytes.length > longestNumber) throw new PickleFault(`a whole number of ${bytes.length} bytes`);
  const digits = Array.from(bytes.toReversed(), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return whole(BigInt.asIntN(8 * bytes.length, BigInt(`0x${digits}`)));
}

/** Decimal digits, with the `L` of Python 2 or without. */
export function wholeOfText(text: string): number | bigint {
  if (/^[+-]?\d{1,2500}L?$/.test(text)) return whole(BigInt(text.replace(/L$/, '')));
  throw new PickleFault('found a line that should be a whole number');
}

/** A float as Python's `repr` writes it. */
export function floatOfText(text: string): number {
  if (/^-?inf$/.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (text === 'nan') return Number.NaN;
  if (text.trim() !== '' && !Number.isNaN(Number(text))) return Number(text);
  throw new PickleFault('found a line that should be a number');
}

/** Text as Python 2 quotes it. */
export function unquoted(line: string): string {
  const [, , body] = /^(['"])(.*)\1$/s.exec(line) ?? [];
  if (body === undefined) throw new PickleFault('found a line that should be quoted text');
  return unescaped(body);
}

/** Text with Python's backslashes resolved. */
export const unescaped = (text: string): string =>
  text.replace(/\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|(.))/gs, (_, byte, unit, point, other) => {
    if (other !== undefined) return escapes[other] ?? other;
    const code = Number.parseInt(byte ?? unit ?? point, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  });

// ---- below: internals ----

/** Of whole numbers, in bytes. */
const longestNumber = 1024;

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** A number where it is exact, else a bigint. */
function whole(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
