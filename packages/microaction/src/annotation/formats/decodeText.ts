import { UserError } from '../../errors.ts';

/**
 * The text in bytes: UTF-8, or UTF-16 with a byte order mark (as Windows programs save it); the mark is dropped.
 *
 * @param source - names the file in messages
 * @throws UserError `not-text`
 */
export function decodeText(bytes: Uint8Array, source: string): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    throw notText(source, `it is not valid ${encoding.toUpperCase()}`, { cause: error });
  }
  if (text.includes('\0')) throw notText(source, 'it holds zero bytes');
  return text;
}

export function notText(source: string, found: string, options?: ErrorOptions): UserError {
  return new UserError('not-text', `${source}: not a text file (${found}); name a text file saved as UTF-8`, options);
}
