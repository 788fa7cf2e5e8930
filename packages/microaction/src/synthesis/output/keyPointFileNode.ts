import { readBytes } from '../../files/readBytes.ts';
import { writeAtomically } from '../../files/writeAtomically.ts';
import { type KeyPoints, packKeyPoints, unpackKeyPoints } from './keyPointFile.ts';

/** Writes a key point file whole or not at all. @throws what `writeAtomically` does */
export async function writeKeyPoints(
  path: string,
  keyPoints: KeyPoints,
  options: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  await writeAtomically(path, packKeyPoints(keyPoints), options);
}

/**
 * The key points of one simulated clip: what a pose network would have seen, to learn or detect from, and the true
 * joints in 3D.
 *
 * @throws UserError `no-such-file`, `empty-file`, `bad-key-points`, `bad-zip` ...; the signal's reason
 */
export async function readKeyPoints(path: string, options: { readonly signal?: AbortSignal } = {}): Promise<KeyPoints> {
  return unpackKeyPoints(await readBytes(path, { ...options, largestBytes }), path);
}

// ---- below: internals ----

/** Hours of frames. */
const largestBytes = 512 * 2 ** 20;
