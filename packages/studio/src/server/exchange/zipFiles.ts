import { strToU8, zipSync } from 'fflate';
import type { AnnotationFile } from 'microaction/formats';

/** One archive of these files; the same files give the same bytes. */
export function zipFiles(files: readonly AnnotationFile[]): Uint8Array {
  const entries = files.map(({ name, content }) => [name, typeof content === 'string' ? strToU8(content) : content]);
  return zipSync(Object.fromEntries(entries), { mtime: '1980-01-01T12:00:00', level: 6 });
}
